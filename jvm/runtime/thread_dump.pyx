# The report on all threads: see thread_dump.pxd.  Its form is that of the host JVM, down to the spaces,
# for tools read it; addresses are those of our own structures.
#
# Virtual threads are left out, as there: they may be thousands.
from kernel.types cimport i32, u8, u32, u64
from kernel.diagnostics.format cimport Text, text_char, text_init, text_print, text_string
from kernel.files.vfs cimport vfs_write
from kernel.memory.heap cimport kcalloc, kfree, krealloc
from kernel.memory.string cimport memcpy, strcmp
from kernel.threads.thread cimport Thread, thread_cpu_time
from kernel.time.clock cimport clock_monotonic, clock_wall
from jvm.heap.heap cimport HeapStatistics, heap_statistics
from jvm.heap.object cimport Object, ref_load
from jvm.interpreter.describe cimport describe_class
from jvm.interpreter.opcodes cimport OP_MONITORENTER
from jvm.loader.classes cimport ACC_NATIVE, Class, Frame, JavaThread, METHOD_INTRINSIC, Method, Symbol, class_of
from jvm.loader.loader cimport mirror_class
from jvm.loader.parser cimport class_source_file
from jvm.loader.wellknown cimport wk
from jvm.loader.module_graph cimport module_version
from jvm.natives.stack_trace cimport method_line
from jvm.natives.support cimport known_field
from jvm.natives.vm_properties cimport vm_property
from jvm.runtime.strings cimport string_to_utf8
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe
from jvm.runtime.thread_dump cimport *
from jvm.runtime.thread_fields cimport *
from jvm.runtime.thread_walk cimport *
from jvm.runtime.threads cimport Blocking, java_threads_resume_others, java_threads_stop_others

cdef enum:
    LINE_MAX = 2048
    NAME_MAX = 1024
    STEP = 16384
    DESCRIPTOR = 1                       # standard output

# The text so far; what finds no memory is left out.
cdef struct Report:
    u8* data
    u64 length
    u64 capacity

cdef u32 module_name


cdef void add(Report* report, Text* text) noexcept nogil:
    cdef u8* larger
    if report.length + text.length > report.capacity:
        larger = <u8*>krealloc(report.data, report.capacity * 2 + STEP)
        if larger == NULL:
            return
        report.data = larger
        report.capacity = report.capacity * 2 + STEP
    memcpy(report.data + report.length, text.data, text.length)
    report.length += text.length
    text_init(text, text.data, text.capacity)


cdef void add_string(Text* text, Object* string) noexcept nogil:
    cdef u8 bytes[NAME_MAX]
    bytes[0] = 0
    if string != NULL:
        string_to_utf8(string, bytes, sizeof(bytes))
    text_string(text, <char*>bytes)


cdef void add_name(Text* text, JavaThread* t) noexcept nogil:
    text_char(text, c'"')
    add_string(text, ref_load(t.object, thread_fields().name))
    text_char(text, c'"')


# <0x…> (a X), (a java.lang.Class for X)
cdef void add_object(Text* text, Object* object) noexcept nogil:
    text_print(text, b"<0x%016x> (a ", object)
    describe_class(text, class_of(object))
    if class_of(object) == wk.java_lang_Class and mirror_class(object) != NULL:
        text_string(text, b" for ")
        describe_class(text, mirror_class(object))
    text_string(text, b")\n")


# --- a frame ----------------------------------------------------------------------------------------

cdef void add_symbol(Text* text, Symbol* symbol) noexcept nogil:
    cdef u32 i
    for i in range(symbol.length):
        text_char(text, <char>symbol.text[i])


# `entering`: blocked in monitorenter, of which the host's frame tells the place behind it.
cdef void add_frame(Text* text, Frame* frame, bint entering) noexcept nogil:
    cdef Method* method = frame.method
    cdef Class* klass = method.holder
    cdef Symbol* source = class_source_file(klass)
    cdef Object* name = NULL
    cdef u32 bci = 0
    cdef i32 line
    text_string(text, b"\tat ")
    describe_class(text, klass)
    text_char(text, c'.')
    add_symbol(text, method.name)
    text_char(text, c'(')
    if klass.module != NULL:
        name = ref_load(klass.module, known_field(&module_name, b"java/lang/Module", b"name", b"Ljava/lang/String;"))
    if name != NULL:
        add_string(text, name)
        if module_version(klass.module) != NULL:
            text_char(text, c'@')
            add_string(text, module_version(klass.module))
        text_char(text, c'/')
    if frame.pc != NULL and method.code != NULL:
        bci = <u32>(frame.pc - method.code) + (1 if entering and frame.pc[0] == OP_MONITORENTER else 0)
    line = method_line(method, bci)
    if method.access_flags & ACC_NATIVE and not method.flags & METHOD_INTRINSIC:
        text_string(text, b"Native Method")
    elif source == NULL:
        text_string(text, b"Unknown Source")
    else:
        add_symbol(text, source)
        if line >= 0:
            text_print(text, b":%d", line)
    text_string(text, b")\n")


cdef void add_locked(Object* object, void* argument) noexcept nogil:
    text_string(<Text*>argument, b"\t- locked ")
    add_object(<Text*>argument, object)


cdef bint is_wait(Frame* frame) noexcept nogil:
    return (frame.method.holder == wk.java_lang_Object and frame.method.access_flags & ACC_NATIVE != 0
            and frame.method.name.length == 5 and frame.method.name.text[0] == c'w')


# What the youngest frame waits for.
cdef void add_waiting(Text* text, JavaThread* t, Frame* frame) noexcept nogil:
    cdef bint blocked = thread_status(t) == STATUS_BLOCKED
    if is_wait(frame):
        text_string(text, b"\t- waiting to re-lock in wait() " if blocked else b"\t- waiting on ")
        add_object(text, frame.locals[0].a)
    elif blocked and t.blocker != NULL:
        text_string(text, b"\t- waiting to lock ")
        add_object(text, t.blocker)
    elif thread_park_blocker(t) != NULL:
        text_string(text, b"\t- parking to wait for  ")
        add_object(text, thread_park_blocker(t))


cdef void add_frames(Report* report, Text* text, JavaThread* t) noexcept nogil:
    cdef Frame* frame = t.frame
    while frame != NULL:
        add_frame(text, frame, frame == t.frame and thread_status(t) == STATUS_BLOCKED)
        if frame == t.frame:
            add_waiting(text, t, frame)
        add(report, text)
        frame_for_each_monitor(t, frame, add_locked, text)
        add(report, text)
        frame = frame.previous


# --- a thread ---------------------------------------------------------------------------------------

cdef const char* state_words(int status) noexcept nogil:
    if status & TERMINATED:
        return b"TERMINATED"
    if status == STATUS_NEW:
        return b"NEW"
    if status == STATUS_SLEEPING:
        return b"TIMED_WAITING (sleeping)"
    if status == STATUS_IN_WAIT:
        return b"WAITING (on object monitor)"
    if status == STATUS_IN_WAIT_TIMED:
        return b"TIMED_WAITING (on object monitor)"
    if status == STATUS_PARKED:
        return b"WAITING (parking)"
    if status == STATUS_PARKED_TIMED:
        return b"TIMED_WAITING (parking)"
    if status == STATUS_BLOCKED:
        return b"BLOCKED (on object monitor)"
    return b"RUNNABLE"


cdef const char* doing(JavaThread* t, int status) noexcept nogil:
    cdef Thread* kernel = <Thread*>t.kernel
    if status == STATUS_BLOCKED:
        return b"waiting for monitor entry"
    if status == STATUS_IN_WAIT or status == STATUS_IN_WAIT_TIMED:
        return b"in Object.wait()"
    if status == STATUS_SLEEPING or status == STATUS_PARKED or status == STATUS_PARKED_TIMED or t.frame == NULL:
        return b"waiting on condition"
    if kernel.wait_reason != NULL and strcmp(kernel.wait_reason, b"cleared references") == 0:
        return b"waiting on condition"
    return b"runnable"


cdef void add_thread(Report* report, Text* text, JavaThread* t, u64 now) noexcept nogil:
    cdef Thread* kernel = <Thread*>t.kernel
    cdef Object* holder = ref_load(t.object, thread_fields().holder)
    cdef int status = thread_status(t)
    cdef u64 used = thread_cpu_time(kernel) // 10000
    cdef u64 elapsed = (now - (<Blocking*>t.parker).started) // 10000000
    cdef i32 priority = (<i32*>(<u8*>holder + thread_fields().holder_priority))[0] if holder != NULL else 5
    add_name(text, t)
    text_print(text, b" #%u [%u] ", thread_number(t), kernel.id)
    if t.daemon:
        text_string(text, b"daemon ")
    text_print(text, b"prio=%d os_prio=0 cpu=%u.%02ums elapsed=%u.%02us ", priority, used // 100, used % 100, elapsed // 100,
               elapsed % 100)
    text_print(text, b"tid=0x%016x nid=%u %s  [0x%016x]\n", t, kernel.id, doing(t, status),
               <u64>t.frame & ~<u64>4095)
    text_print(text, b"   java.lang.Thread.State: %s\n", state_words(status))
    add(report, text)
    add_frames(report, text, t)
    text_string(text, b"\n")
    add(report, text)


# --- deadlocks --------------------------------------------------------------------------------------

cdef void add_deadlock(Report* report, Text* text, JavaThread** threads, const u32* following, u32 start) noexcept nogil:
    cdef ThreadWait wait
    cdef u32 at = start
    text_string(text, b"\nFound one Java-level deadlock:\n=============================\n")
    while True:
        thread_wait_of(threads[at], &wait)
        add_name(text, threads[at])
        if wait.kind == WAIT_MONITOR:
            text_print(text, b":\n  waiting to lock monitor 0x%016x (object 0x%016x, a ", &wait.object.lock, wait.object)
        else:
            text_print(text, b":\n  waiting for ownable synchronizer 0x%016x, (a ", wait.object)
        describe_class(text, class_of(wait.object))
        text_string(text, b"),\n  which is held by ")
        add_name(text, wait.owner)
        text_string(text, b"\n\n")
        add(report, text)
        at = following[at] - 1
        if at == start:
            break
    text_string(text, b"Java stack information for the threads listed above:\n")
    text_string(text, b"===================================================\n")
    while True:
        add_name(text, threads[at])
        text_string(text, b":\n")
        add(report, text)
        add_frames(report, text, threads[at])
        at = following[at] - 1
        if at == start:
            break


cdef void add_deadlocks(Report* report, Text* text, JavaThread** threads, u32 count) noexcept nogil:
    cdef u32* following = <u32*>kcalloc(count + 1, 4)
    cdef u32* starts = <u32*>kcalloc(count + 1, 4)
    cdef u32 circles = 0
    cdef u32 i
    if following != NULL and starts != NULL:
        circles = threads_find_deadlocks(threads, count, True, following, starts)
    for i in range(circles):
        add_deadlock(report, text, threads, following, starts[i])
    if circles == 1:
        text_string(text, b"\nFound 1 deadlock.\n\n")
    elif circles > 1:
        text_print(text, b"\nFound %u deadlocks.\n\n", circles)
    add(report, text)
    kfree(following)
    kfree(starts)


# --- the whole --------------------------------------------------------------------------------------

# Gregorian date of a day since 1970-01-01, and the time of day: 2026-01-31 23:59:59.
cdef void add_time(Text* text, u64 seconds) noexcept nogil:
    cdef u64 day = seconds // 86400
    cdef u64 year = 1970
    cdef u64 month = 1
    cdef u64 length
    while True:
        length = 366 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 365
        if day < length:
            break
        day -= length
        year += 1
    while True:
        if month == 2:
            length = 29 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 28
        else:
            length = 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31
        if day < length:
            break
        day -= length
        month += 1
    seconds %= 86400
    text_print(text, b"%u-%02u-%02u %02u:%02u:%02u\n", year, month, day + 1, seconds // 3600, seconds // 60 % 60, seconds % 60)


cdef void collect(Report* report, Text* text) noexcept nogil:
    cdef HeapStatistics heap
    cdef u32 count = 0
    cdef u32 i
    cdef u64 now = clock_monotonic()
    cdef JavaThread** threads = threads_collect(False, &count)
    if threads == NULL:
        text_string(text, b"(no memory for the list of threads)\n")
        add(report, text)
        return
    add_time(text, clock_wall() // 1000000000)
    text_print(text, b"Full thread dump %s (%s %s):\n\n", vm_property(b"java.vm.name"), vm_property(b"java.vm.version"),
               vm_property(b"java.vm.info"))
    text_print(text, b"Threads class SMR info:\n_java_thread_list=0x%016x, length=%u, elements={\n", threads, count)
    for i in range(count):
        text_print(text, b"0x%016x%s", threads[i], b"\n" if i + 1 == count else b",\n" if i % 4 == 3 else b", ")
        add(report, text)
    text_string(text, b"}\n\n")
    for i in range(count):
        add_thread(report, text, threads[i], now)
    text_string(text, b"JNI global refs: 0, weak refs: 0\n\n")
    add(report, text)
    add_deadlocks(report, text, threads, count)
    kfree(threads)
    heap_statistics(&heap)
    text_print(text, b"Heap\n mark-region heap   total reserved %uK, committed %uK, used %uK\n\n", heap.maximum >> 10,
               heap.committed >> 10, heap.used >> 10)
    add(report, text)


cdef public void thread_dump(JavaThread* t) noexcept nogil:
    cdef Report report
    cdef Text text
    cdef char line[LINE_MAX]
    cdef u64 written = 0
    cdef long done
    report.data = NULL
    report.length = 0
    report.capacity = 0
    text_init(&text, line, sizeof(line))
    java_threads_stop_others()
    collect(&report, &text)
    java_threads_resume_others()
    thread_enter_safe(t)
    while written < report.length:
        done = vfs_write(DESCRIPTOR, report.data + written, report.length - written)
        if done <= 0:
            break
        written += <u64>done
    thread_leave_safe(t)
    kfree(report.data)
