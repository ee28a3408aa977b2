# java.lang.Thread and VirtualThread.
#
# Thread priorities are a hint that is not followed, as on the host by default: the kernel's strict
# priorities would let a busy high one starve the others.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.memory.heap cimport kfree, kmalloc
from kernel.threads.sync cimport Semaphore, semaphore_wait
from kernel.threads.thread cimport Thread, thread_set_name, thread_yield
from jvm.heap.object cimport Object, array_get, array_length, array_set
from jvm.loader.classes cimport Class, Frame, JavaThread, Slot, Symbol
from jvm.loader.symbols cimport symbol_from
from jvm.natives.stack_trace cimport TRACE_DEPTH_MAX, trace_capture, trace_count, trace_elements, trace_keep, trace_mirrors
from jvm.natives.support cimport array_new_named, known_class, throw_text
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.monitor cimport monitor_interrupt, monitor_owned
from jvm.runtime.strings cimport string_to_utf8
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe
from jvm.runtime.threads cimport (java_thread_of, java_thread_sleep, java_thread_start, java_threads_for_each, java_threads_resume_others,
                                  java_threads_stop_others)

# Numbers of threads: Thread.ThreadIdentifiers counts them up through Unsafe.  The main thread is 3.
cdef u64 next_thread_id
cdef Semaphore never                     # posted by nobody


cdef public void native_thread_next_id_offset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global next_thread_id
    if next_thread_id == 0:
        next_thread_id = 4
    result.raw = <u64>&next_thread_id


cdef public void native_thread_current(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = t.object


cdef public void native_thread_current_carrier(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = t.carrier_object if t.carrier_object != NULL else t.object


cdef public void native_thread_set_current(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if t.carrier_object == NULL:
        t.carrier_object = t.object
    t.object = args[1].a


cdef public void native_thread_start(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    java_thread_start(t, args[0].a)


cdef public void native_thread_yield(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    thread_yield()
    thread_leave_safe(t)


cdef public void native_thread_sleep(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    java_thread_sleep(t, args[0].l)


cdef public void native_thread_interrupt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef JavaThread* target = java_thread_of(args[0].a)
    if target != NULL:
        target.interrupted = 1
        monitor_interrupt(target)


cdef public void native_thread_clear_interrupt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    t.interrupted = 0


cdef public void native_thread_holds_lock(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    result.i = monitor_owned(t, args[0].a) != 0


cdef public void native_thread_set_native_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char name[32]
    cdef JavaThread* target = java_thread_of(args[0].a)
    if target != NULL and target.kernel != NULL and args[1].a != NULL:
        string_to_utf8(args[1].a, <u8*>name, sizeof(name))
        thread_set_name(<Thread*>target.kernel, name)


# Virtual threads are threads of their own, so there is never one to be unblocked.
cdef public void native_virtual_thread_take_list(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    semaphore_wait(&never, 0)
    thread_leave_safe(t)


# --- scoped values ------------------------------------------------------------------------------------

cdef public void native_thread_scoped_value_cache(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = t.scoped_values


cdef public void native_thread_set_scoped_value_cache(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    t.scoped_values = args[0].a


cdef Class* thread_class
cdef Class* carrier_class
cdef Symbol* run_with


# The bindings are the first argument of the youngest runWith (Thread, ScopedValue.Carrier).
cdef public void native_thread_find_scoped_bindings(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global run_with
    cdef Frame* frame = t.frame
    cdef Class* thread = known_class(&thread_class, b"java/lang/Thread")
    cdef Class* carrier = known_class(&carrier_class, b"java/lang/ScopedValue$Carrier")
    if run_with == NULL:
        run_with = symbol_from(b"runWith")
    result.a = NULL
    while frame != NULL:
        if frame.method.name == run_with and (frame.method.holder == thread or frame.method.holder == carrier):
            result.a = frame.locals[1].a
            return
        frame = frame.previous


# --- all platform threads --------------------------------------------------------------------------------------
# Visitors run while every other Java thread is stopped, so these may be plain variables.

cdef Object* visited                     # Thread[] to fill, or NULL: only count
cdef i32 visited_count


cdef void visit(JavaThread* thread) noexcept nogil:
    global visited_count
    if thread.object == NULL or thread.ended or thread.is_virtual:
        return
    if visited != NULL and visited_count < array_length(visited):
        array_set(visited, visited_count, thread.object)
    visited_count += 1


cdef i32 visit_all(Object* into) noexcept nogil:
    global visited, visited_count
    cdef i32 count
    java_threads_stop_others()
    visited = into
    visited_count = 0
    java_threads_for_each(visit)
    count = visited_count
    java_threads_resume_others()
    return count


cdef Class* thread_array


cdef public void native_thread_get_threads(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* all
    cdef Object* exact
    cdef i32 count
    cdef i32 i
    # Others may start between counting and filling: some room, and those beyond it are left out.
    all = array_new_named(t, &thread_array, b"[Ljava/lang/Thread;", visit_all(NULL) + 16)
    if all == NULL:
        return
    count = visit_all(all)
    if count > array_length(all):
        count = array_length(all)
    exact = array_new_named(t, &thread_array, b"[Ljava/lang/Thread;", count)
    if exact == NULL:
        return
    for i in range(count):
        array_set(exact, i, array_get(all, i))
    result.a = exact


# The trace of a live thread, or NULL (without an exception when it is not alive).
cdef Object* trace_of(JavaThread* t, Object* thread_object) noexcept nogil:
    cdef JavaThread* target
    cdef u64* entries
    cdef Object* array = NULL
    cdef Object* mirrors = trace_mirrors(t, TRACE_DEPTH_MAX)
    cdef i32 count = -1
    if mirrors == NULL:
        return NULL
    entries = <u64*>kmalloc(TRACE_DEPTH_MAX * 8)
    if entries == NULL:
        throw_out_of_memory(t, b"stack trace")
        return NULL
    java_threads_stop_others()
    target = java_thread_of(thread_object)
    if target != NULL:
        count = trace_capture(target, entries, mirrors, 0, TRACE_DEPTH_MAX)
    java_threads_resume_others()
    if count >= 0:
        array = trace_elements(t, entries, count)
    trace_keep(mirrors)
    kfree(entries)
    return array


cdef public void native_thread_get_stack_trace(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = trace_of(t, args[0].a)


cdef Class* trace_array_array


# How many frames of each thread; -1: it is not alive.  The others are stopped.
cdef u64 count_frames(Object* threads, i32* counts) noexcept nogil:
    cdef JavaThread* target
    cdef u64 all = 0
    cdef i32 i
    for i in range(array_length(threads)):
        target = java_thread_of(array_get(threads, i)) if array_get(threads, i) != NULL else NULL
        counts[i] = trace_count(target, TRACE_DEPTH_MAX) if target != NULL else -1
        if counts[i] > 0:
            all += <u64>counts[i]
    return all


# Fills `entries` and `mirrors` at one moment; 0, or how many there must be room for.
cdef u64 capture_all(Object* threads, i32* counts, u64* entries, Object* mirrors, u64 room) noexcept nogil:
    cdef u64 needed, used = 0
    cdef i32 i
    java_threads_stop_others()
    needed = count_frames(threads, counts)
    if needed <= room:
        for i in range(array_length(threads)):
            if counts[i] > 0:
                used += <u64>trace_capture(java_thread_of(array_get(threads, i)), entries, mirrors, used, counts[i])
        needed = 0
    java_threads_resume_others()
    return needed


# dumpThreads(Thread[]): all of them at one moment; null for one that is not alive.
cdef public void native_thread_dump_threads(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* threads = args[0].a
    cdef Object* traces
    cdef Object* trace
    cdef Object* mirrors = NULL
    cdef i32* counts
    cdef u64* entries = NULL
    cdef u64 used = 0, room = 0, needed
    cdef i32 i
    if threads == NULL:
        throw_null_pointer(t)
        return
    if array_length(threads) == 0:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)
        return
    traces = array_new_named(t, &trace_array_array, b"[[Ljava/lang/StackTraceElement;", array_length(threads))
    if traces == NULL:
        return
    counts = <i32*>kmalloc(<u64>array_length(threads) * 4)
    if counts == NULL:
        throw_out_of_memory(t, b"stack traces")
        return
    while True:
        needed = capture_all(threads, counts, entries, mirrors, room)
        if needed == 0:
            break
        room = needed + needed // 4 + 64 # they run on while there is made room
        kfree(entries)
        entries = <u64*>kmalloc(room * 8)
        mirrors = trace_mirrors(t, <i32>room) if entries != NULL else NULL
        if mirrors == NULL:
            if t.exception == NULL:
                throw_out_of_memory(t, b"stack traces")
            break
    for i in range(array_length(threads)):
        if counts[i] < 0 or t.exception != NULL:
            continue
        trace = trace_elements(t, entries + used, counts[i])
        if trace != NULL:
            array_set(traces, i, trace)
        used += <u64>counts[i]
    trace_keep(mirrors)
    kfree(counts)
    kfree(entries)
    result.a = traces
