# Life of Java threads; blocking calls of java.lang.Thread; waiting for cleared references.
#
# Invariant: every JavaThread that may touch the heap is in the list at `first`; it enters the list in
# STATE_SAFE and leaves it when it no longer holds any object.  A JavaThread that left the list is
# freed only while the other threads are stopped, so that a thread in STATE_JAVA may use what
# java_thread_of gave it until its next safepoint.
# Interface: see threads.pxd.  All Java threads run at the kernel's normal priority, as HotSpot does
# by default on Linux: kernel priorities are strict, and a busy thread would starve those below it.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.diagnostics.format cimport Text, text_char, text_init, text_string
from kernel.files.vfs cimport vfs_write
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport PAGE_SIZE, pages_alloc, pages_free
from kernel.platform.platform cimport ACCESS_NONE, ACCESS_WRITE, platform_protect
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.sync cimport parker_park, parker_unpark
from kernel.threads.thread cimport (
    PRIORITY_NORMAL, THREAD_NAME_MAX, Thread, WaitQueue, thread_block, thread_create_upper, thread_detach,
    thread_exit, thread_start, thread_yield, waitqueue_wake_all)
from kernel.time.clock cimport clock_monotonic, clock_wall
from jvm.heap.heap cimport heap_has_pending, heap_retire_span, heap_take_pending
from jvm.heap.object cimport Object, ref_load
from jvm.interpreter.interpreter cimport java_call
from jvm.interpreter.locks cimport locks_release
from jvm.loader.classes cimport Class, JavaThread, Method, Slot, Symbol, class_of
from jvm.loader.loader cimport loader_boot
from jvm.loader.symbols cimport symbol_from
from jvm.runtime.exceptions cimport throw_named, throw_out_of_memory
from jvm.runtime.monitor cimport LOCK_OWNERS, monitor_enter, monitor_exit, monitor_notify
from jvm.runtime.observe cimport observe_thread
from jvm.runtime.safepoint cimport safepoint_add_thread, safepoint_remove_thread
from jvm.runtime.statistics cimport statistics_thread_ends
from jvm.runtime.strings cimport string_to_utf8
from jvm.runtime.thread cimport (
    STATE_JAVA, STATE_SAFE, java_thread_current, thread_enter_safe, thread_leave_safe)
from jvm.runtime.thread_fields cimport *
from jvm.runtime.threads cimport *

cdef enum:
    JAVA_STACK_DEFAULT = 1048576         # java -Xss's default on this platform
    JAVA_STACK_MIN = 65536
    JAVA_STACK_MAX = 1 << 30
    GUARD_PAGES = 4                      # no access, after the Java stack's limit
    DEAD_MAX = 32                        # JavaThreads kept before a safepoint is asked for to free them
    ID_WORDS = LOCK_OWNERS // 64

cdef JavaThread* first
cdef u32 thread_total
cdef u32 user_total                      # without daemons
cdef u32 virtual_total                   # of them, virtual threads
cdef u32 peak_total                      # most platform threads at once
cdef u32 started_total                   # platform threads
cdef u64 java_stack_size                 # of threads that do not ask for another
cdef WaitQueue user_waiters              # java_threads_join_user
cdef WaitQueue pending_waiters           # reference_pending_wait
cdef JavaThread* dead
cdef u32 dead_count
cdef Symbol* virtual_name
cdef u64 ids[ID_WORDS]                   # bit: thread id is taken

cdef inline Blocking* blocking_of(JavaThread* t) noexcept nogil:
    return <Blocking*>t.parker

# --- structures -------------------------------------------------------------------------------------

cdef extern from *:
    int count_zeros "__builtin_ctzll"(u64 x) noexcept nogil

# The lowest free thread id; 0: none.  Masked.
cdef u32 take_id() noexcept nogil:
    cdef u32 word
    cdef u32 bit
    ids[0] |= 1                          # 0 means "no owner" in a lock word
    for word in range(ID_WORDS):
        if ids[word] != ~<u64>0:
            bit = <u32>count_zeros(~ids[word])
            ids[word] |= (<u64>1) << bit
            return word * 64 + bit
    return 0

cdef void free_stack(JavaThread* t) noexcept nogil:
    cdef u64 pages = blocking_of(t).stack_pages
    if t.stack_base == NULL:
        return
    if pages != 0:
        platform_protect(<u64>t.stack_limit, GUARD_PAGES * PAGE_SIZE, ACCESS_WRITE)
        pages_free(<u64>t.stack_base, pages)
    t.stack_base = NULL
    t.stack_limit = NULL

cdef void free_thread(JavaThread* t) noexcept nogil:
    locks_release(t)
    if t.parker != NULL:
        free_stack(t)
        kfree(t.parker)
    if t.id != 0:
        events_mask()
        ids[t.id >> 6] &= ~((<u64>1) << (t.id & 63))
        events_unmask()
    kfree(t)

cdef JavaThread* make_thread() noexcept nogil:
    cdef JavaThread* t = <JavaThread*>kcalloc(1, sizeof(JavaThread))
    if t == NULL:
        return NULL
    t.parker = kcalloc(1, sizeof(Blocking))
    if t.parker != NULL:
        events_mask()
        t.id = take_id()
        events_unmask()
    if t.parker == NULL or t.id == 0:
        free_thread(t)
        return NULL
    blocking_of(t).started = clock_monotonic()
    return t

# A Java stack of its own for a kernel thread that was there before.
cdef bint make_stack(JavaThread* t, u64 stack_bytes) noexcept nogil:
    cdef u64 pages = (stack_bytes + PAGE_SIZE - 1) // PAGE_SIZE
    cdef u64 stack = pages_alloc(pages + GUARD_PAGES, 1, 0)
    if stack == 0:
        return False
    t.stack_base = <Slot*>stack
    t.stack_limit = <Slot*>(stack + pages * PAGE_SIZE)
    blocking_of(t).stack_pages = pages + GUARD_PAGES
    # The interpreter compares with stack_limit; the guard catches what forgets to.
    platform_protect(<u64>t.stack_limit, GUARD_PAGES * PAGE_SIZE, ACCESS_NONE)
    return True

cdef void link_thread(JavaThread* t) noexcept nogil:
    global first, thread_total, user_total, started_total, virtual_total, peak_total
    events_mask()
    t.next = first
    t.previous = NULL
    if first != NULL:
        first.previous = t
    first = t
    thread_total += 1
    if t.is_virtual:
        virtual_total += 1
    else:
        started_total += 1
    if thread_total - virtual_total > peak_total:
        peak_total = thread_total - virtual_total
    if not t.daemon:
        user_total += 1
    events_unmask()

# Masked.
cdef void unlink_thread(JavaThread* t) noexcept nogil:
    global first, thread_total, virtual_total
    if t.previous != NULL:
        t.previous.next = t.next
    else:
        first = t.next
    if t.next != NULL:
        t.next.previous = t.previous
    thread_total -= 1
    if t.is_virtual:
        virtual_total -= 1
    statistics_thread_ends(t)

cdef public JavaThread* java_thread_attach_main(u64 java_stack_bytes) noexcept nogil:
    global java_stack_size
    cdef JavaThread* t
    java_stack_size = java_stack_bytes if java_stack_bytes != 0 else JAVA_STACK_DEFAULT
    t = make_thread()
    if t == NULL:
        return NULL
    if not make_stack(t, java_stack_size):
        free_thread(t)
        return NULL
    t.kernel = thread_current()
    t.state = STATE_SAFE
    link_thread(t)
    thread_current().local = t
    safepoint_add_thread(t)
    return t

cdef public JavaThread* java_thread_current() noexcept nogil:
    return <JavaThread*>thread_current().local

cdef public JavaThread* java_thread_of(Object* thread_object) noexcept nogil:
    return <JavaThread*>(<u64*>(<u8*>thread_object + thread_fields().eetop))[0]

# --- contention -------------------------------------------------------------------------------------

cdef bint timing                         # ThreadMXBean.setThreadContentionMonitoringEnabled

cdef public Contention* java_thread_contention(JavaThread* t) noexcept nogil:
    return &blocking_of(t).contention

cdef public void thread_contention_enable(bint on) noexcept nogil:
    global timing
    timing = on

cdef public bint thread_contention_on() noexcept nogil:
    return timing

cdef public void thread_contention_note(JavaThread* t, i32 old, i32 status) noexcept nogil:
    cdef Contention* contention = &blocking_of(t).contention
    cdef i64 passed
    if contention.since != 0:
        passed = <i64>((clock_monotonic() - contention.since) // 1000000)
        contention.since = 0
        if old & BLOCKED_ON_MONITOR_ENTER:
            contention.blocked_time += passed
        else:
            contention.waited_time += passed
    if status & BLOCKED_ON_MONITOR_ENTER:
        contention.blocked += 1
    elif status & (WAITING | SLEEPING):
        contention.waited += 1
    else:
        return
    if timing:
        contention.since = clock_monotonic()

# --- start and end ----------------------------------------------------------------------------------

# Runs on the new kernel thread.
cdef void run_thread(void* argument) noexcept nogil:
    cdef JavaThread* t = <JavaThread*>argument
    cdef Slot arguments[1]
    cdef Method* run
    safepoint_add_thread(t)
    observe_thread(t, True)
    arguments[0].a = t.object
    run = thread_fields().run
    if run.vtable_index >= 0:
        run = class_of(t.object).vtable[run.vtable_index]
    if blocking_of(t).body != NULL:
        blocking_of(t).body(t)
    else:
        java_call(t, run, arguments, NULL)
    java_thread_finish(t)
    observe_thread(t, False)
    java_thread_detach(t)
    thread_exit(0)

cdef u64 wanted_stack(Object* holder) noexcept nogil:
    cdef i64 wanted = (<i64*>(<u8*>holder + thread_fields().holder_stack_size))[0]
    if wanted <= 0:
        return java_stack_size
    if wanted < JAVA_STACK_MIN:
        return JAVA_STACK_MIN
    if wanted > JAVA_STACK_MAX:
        return JAVA_STACK_MAX
    return <u64>wanted

cdef int no_thread(JavaThread* t) noexcept nogil:
    return throw_out_of_memory(
        t, b"unable to create native thread: possibly out of memory or process/resource limits reached")

cdef public int java_thread_start(JavaThread* t, Object* thread_object) noexcept nogil:
    return java_thread_start_body(t, thread_object, NULL)

# Bound virtual threads (java.lang.ThreadBuilders) extend java.lang.BaseVirtualThread.
cdef u8 class_is_virtual(Class* klass) noexcept nogil:
    global virtual_name
    if virtual_name == NULL:
        virtual_name = symbol_from(b"java/lang/BaseVirtualThread")
    while klass != NULL:
        if klass.name == virtual_name and klass.loader == loader_boot():
            return 1
        klass = klass.super_class
    return 0

cdef public int java_thread_start_body(JavaThread* t, Object* thread_object,
                                       void (*body)(JavaThread* t) noexcept nogil) noexcept nogil:
    cdef ThreadFields* fields = thread_fields()
    cdef Object* holder = ref_load(thread_object, fields.holder)
    cdef Object* name = ref_load(thread_object, fields.name)
    cdef JavaThread* made
    cdef Thread* kernel
    cdef u8 text[THREAD_NAME_MAX]
    if java_thread_of(thread_object) != NULL:
        return throw_named(t, b"java/lang/IllegalThreadStateException", NULL)
    text[0] = 0
    if name != NULL:
        string_to_utf8(name, text, THREAD_NAME_MAX)
    made = make_thread()
    if made == NULL:
        return no_thread(t)
    # Its Java stack lies above its kernel stack (kernel/threads/stacks.pxd).
    kernel = thread_create_upper(<const char*>text, run_thread, made, 0, wanted_stack(holder), PRIORITY_NORMAL)
    if kernel == NULL:
        free_thread(made)
        return no_thread(t)
    blocking_of(made).body = body
    made.stack_base = <Slot*>kernel.area.middle
    made.stack_limit = <Slot*>kernel.area.high
    made.kernel = kernel
    kernel.local = made
    made.state = STATE_SAFE
    made.daemon = (<u8*>holder + fields.holder_daemon)[0]
    made.is_virtual = class_is_virtual(class_of(thread_object))
    made.object = thread_object
    made.carrier_object = thread_object
    link_thread(made)
    (<JavaThread**>(<u8*>thread_object + fields.eetop))[0] = made
    (<i32*>(<u8*>holder + fields.holder_status))[0] = STATUS_RUNNABLE
    thread_detach(kernel)
    thread_start(kernel)
    return 0

# Thread.dispatchUncaughtException prints the trace or calls the program's handler.
cdef void dispatch_uncaught(JavaThread* t) noexcept nogil:
    cdef Slot arguments[2]
    arguments[0].a = t.object
    arguments[1].a = t.exception
    t.exception = NULL
    java_call(t, thread_fields().dispatch_uncaught, arguments, NULL)
    if t.exception != NULL:
        report_handler(t)
        t.exception = NULL

# The handler itself threw: one line on standard error, in HotSpot's words.
cdef void report_handler(JavaThread* t) noexcept nogil:
    cdef char line[512]
    cdef u8 name_text[256]
    cdef Text text
    cdef Object* name = ref_load(t.object, thread_fields().name)
    cdef Symbol* symbol = class_of(t.exception).name
    cdef u32 i
    name_text[0] = 0
    if name != NULL:
        string_to_utf8(name, name_text, sizeof(name_text))
    text_init(&text, line, sizeof(line))
    text_string(&text, b"\nException: ")
    for i in range(symbol.length):
        text_char(&text, c'.' if symbol.text[i] == c'/' else <char>symbol.text[i])
    text_string(&text, b" thrown from the UncaughtExceptionHandler in thread \"")
    text_string(&text, <char*>name_text)
    text_string(&text, b"\"\n")
    thread_enter_safe(t)
    vfs_write(2, line, text.length)
    thread_leave_safe(t)

cdef public void java_thread_finish(JavaThread* t) noexcept nogil:
    global user_total
    cdef Slot arguments[1]
    cdef Object* object = t.object
    if object != NULL:
        if t.exception != NULL:
            dispatch_uncaught(t)
        arguments[0].a = object
        java_call(t, thread_fields().exit, arguments, NULL)
        t.exception = NULL
        # Thread.join waits on the Thread object until eetop is 0.
        monitor_enter(t, object)
        thread_set_status(t, STATUS_TERMINATED)
        (<u64*>(<u8*>object + thread_fields().eetop))[0] = 0
        monitor_notify(t, object, 1)
        monitor_exit(t, object)
        t.exception = NULL
    t.object = NULL
    t.carrier_object = NULL
    t.scoped_values = NULL
    t.ended = 1
    events_mask()
    if not t.daemon:
        t.daemon = 1                     # counted out
        user_total -= 1
        waitqueue_wake_all(&user_waiters, 0)
    events_unmask()

cdef public void java_thread_detach(JavaThread* t) noexcept nogil:
    global dead, dead_count
    if dead_count >= DEAD_MAX:
        java_threads_stop_others()       # frees them
        java_threads_resume_others()
    heap_retire_span(&t.span)
    events_mask()
    unlink_thread(t)
    thread_current().local = NULL
    blocking_of(t).next_dead = dead
    dead = t
    dead_count += 1
    safepoint_remove_thread(t)
    events_unmask()

# All other threads are stopped (jvm/runtime/safepoint.pyx calls this).
cdef public void java_threads_free_dead() noexcept nogil:
    global dead, dead_count
    cdef JavaThread* t
    cdef JavaThread* following
    events_mask()
    t = dead
    dead = NULL
    dead_count = 0
    events_unmask()
    while t != NULL:
        following = blocking_of(t).next_dead
        free_thread(t)
        t = following

cdef public void java_threads_join_user() noexcept nogil:
    cdef JavaThread* t = java_thread_current()
    thread_enter_safe(t)
    events_mask()
    while user_total > 0:
        thread_block(&user_waiters, 0, b"other threads' end", NULL)
    events_unmask()
    thread_leave_safe(t)

cdef public void java_threads_for_each(void (*visit)(JavaThread* t) noexcept nogil) noexcept nogil:
    cdef JavaThread* t
    cdef bint stopped = java_threads_stopper() != NULL and java_threads_stopper() == java_thread_current()
    if not stopped:
        events_mask()
    t = first
    while t != NULL:
        visit(t)
        t = t.next
    if not stopped:
        events_unmask()

cdef public u32 java_threads_count(int daemons_too) noexcept nogil:
    return thread_total if daemons_too else user_total

cdef public u32 java_threads_started() noexcept nogil:
    return started_total

cdef public u32 java_threads_platform(int daemons_only) noexcept nogil:
    cdef u32 count
    events_mask()
    count = thread_total - virtual_total
    if daemons_only:
        count -= user_total              # virtual threads are daemons
    events_unmask()
    return count

cdef public u32 java_threads_peak(int reset) noexcept nogil:
    global peak_total
    if reset:
        events_mask()
        peak_total = thread_total - virtual_total
        events_unmask()
    return peak_total

# --- sleep, park, yield -----------------------------------------------------------------------------

cdef u64 deadline_after(i64 nanoseconds) noexcept nogil:
    cdef u64 now = clock_monotonic()
    cdef u64 deadline = now + <u64>nanoseconds
    return deadline if deadline > now else 0     # 0: for ever

# The class library words it differently for virtual threads.
cdef int sleep_interrupted(JavaThread* t) noexcept nogil:
    if t.is_virtual:
        return throw_named(t, b"java/lang/InterruptedException", NULL)
    return throw_named(t, b"java/lang/InterruptedException", b"sleep interrupted")

cdef public int java_thread_sleep(JavaThread* t, i64 nanoseconds) noexcept nogil:
    cdef u64 deadline
    cdef i32 status
    if thread_test_interrupt(t, 1):
        return sleep_interrupted(t)
    if nanoseconds <= 0:
        java_thread_yield(t)
        return 0
    deadline = deadline_after(nanoseconds)
    status = thread_set_status(t, STATUS_SLEEPING)
    thread_enter_safe(t)
    # A permit may be left from an earlier interrupt: look whether there is one now.
    while not t.interrupted and parker_park(&blocking_of(t).sleep, deadline) == 0:
        pass
    thread_leave_safe(t)
    thread_set_status(t, status)
    if thread_test_interrupt(t, 1):
        return sleep_interrupted(t)
    return 0

cdef public void java_thread_park(JavaThread* t, int absolute, i64 time) noexcept nogil:
    cdef u64 deadline = 0
    cdef i64 left
    cdef i32 status
    if time < 0 or (absolute and time == 0) or thread_test_interrupt(t, 0):
        return
    if absolute:
        # Milliseconds since the epoch.
        left = time - <i64>(clock_wall() // 1000000)
        if left <= 0:
            return
        deadline = deadline_after(left * 1000000) if left < (<i64>1 << 62) // 1000000 else 0
    elif time > 0:
        deadline = deadline_after(time)
    status = thread_set_status(t, STATUS_PARKED_TIMED if deadline else STATUS_PARKED)
    thread_enter_safe(t)
    parker_park(&blocking_of(t).park, deadline)
    thread_leave_safe(t)
    thread_set_status(t, status)

cdef public void java_thread_unpark(JavaThread* t) noexcept nogil:
    parker_unpark(&blocking_of(t).park)

cdef public void java_thread_yield(JavaThread* t) noexcept nogil:
    thread_enter_safe(t)
    thread_yield()
    thread_leave_safe(t)

# --- cleared references -----------------------------------------------------------------------------

cdef public Object* reference_pending_take(JavaThread* t) noexcept nogil:
    return heap_take_pending()

cdef public void reference_pending_wait(JavaThread* t) noexcept nogil:
    while not heap_has_pending():
        thread_enter_safe(t)
        events_mask()
        if not heap_has_pending():
            thread_block(&pending_waiters, 0, b"cleared references", NULL)
        events_unmask()
        thread_leave_safe(t)

cdef public void reference_pending_announce() noexcept nogil:
    events_mask()
    if heap_has_pending():
        waitqueue_wake_all(&pending_waiters, 0)
    events_unmask()
