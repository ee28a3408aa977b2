# jdk.internal.misc.{VM, CDS, Signal}, jdk.internal.perf.Perf, java.util.TimeZone, ProcessHandleImpl, and
# other small answers about the machine.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.boot.config cimport config_get
from kernel.memory.heap cimport kcalloc
from kernel.memory.string cimport memcmp, memcpy, strlen
from kernel.time.clock cimport clock_monotonic, clock_wall
from jvm.heap.object cimport Object, array_data, array_data_wide, array_length, array_set
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport Class, Frame, JavaThread, Method, Slot, class_of
from jvm.loader.loader cimport loader_object
from jvm.natives.support cimport (array_new_named, field_set_int, field_set_long, known_class, known_field, known_method, object_construct,
                                  throw_text, throw_unsupported)
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport string_from, string_to_utf8


# --- answers that are constants -----------------------------------------------------------------------

cdef public void native_zero(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = 0


cdef public void native_one(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = 1


# --- jdk.internal.misc.VM -----------------------------------------------------------------------------

# getNanoTimeAdjustment(long offsetInSeconds): wall clock minus the offset, in ns; -1 if that is too far off.
cdef public void native_vm_nano_time_adjustment(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 now = <i64>clock_wall()
    cdef i64 seconds = now // 1000000000
    cdef i64 difference = seconds - args[0].l
    if difference > (<i64>1 << 32) or difference < -(<i64>1 << 32):
        result.l = -1
    else:
        result.l = difference * 1000000000 + now % 1000000000


cdef Class* string_array


cdef public void native_vm_runtime_arguments(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = array_new_named(t, &string_array, b"[Ljava/lang/String;", 0)


cdef Class* platform_loader


# The loader of the youngest frame whose class is neither the boot nor the platform loader's.
cdef public void native_vm_latest_user_loader(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Frame* frame = t.frame
    cdef Class* platform = known_class(&platform_loader, b"jdk/internal/loader/ClassLoaders$PlatformClassLoader")
    cdef Object* loader
    result.a = NULL
    while frame != NULL:
        loader = loader_object(frame.method.holder.loader)
        if loader != NULL and class_of(loader) != platform:
            result.a = loader
            return
        frame = frame.previous


# --- jdk.internal.misc.Signal -------------------------------------------------------------------------

cdef u64 handlers[65]                    # by number: 0 default, 1 ignore, 2 Signal.dispatch


cdef int signal_number(const char* name) noexcept nogil:
    # Linux x86-64 numbers of those that the host JVM lets a program handle, or that it keeps to itself.
    if named(name, b"HUP"):
        return 1
    elif named(name, b"INT"):
        return 2
    elif named(name, b"QUIT"):
        return 3
    elif named(name, b"ILL"):
        return 4
    elif named(name, b"TRAP"):
        return 5
    elif named(name, b"ABRT"):
        return 6
    elif named(name, b"BUS"):
        return 7
    elif named(name, b"FPE"):
        return 8
    elif named(name, b"KILL"):
        return 9
    elif named(name, b"USR1"):
        return 10
    elif named(name, b"SEGV"):
        return 11
    elif named(name, b"USR2"):
        return 12
    elif named(name, b"PIPE"):
        return 13
    elif named(name, b"ALRM"):
        return 14
    elif named(name, b"TERM"):
        return 15
    elif named(name, b"CHLD"):
        return 17
    elif named(name, b"CONT"):
        return 18
    elif named(name, b"STOP"):
        return 19
    elif named(name, b"TSTP"):
        return 20
    elif named(name, b"WINCH"):
        return 28
    return -1


cdef int named(const char* a, const char* b) noexcept nogil:
    cdef u64 length = strlen(a)
    return length == strlen(b) and memcmp(a, b, length) == 0


cdef public void native_signal_find(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char name[16]
    result.i = -1
    if args[0].a == NULL:
        throw_null_pointer(t)
    elif string_to_utf8(args[0].a, <u8*>name, sizeof(name)) < sizeof(name):
        result.i = signal_number(name)


# handle0(int signal, long handler): the old handler, -1 when the machine keeps the signal to itself.
cdef public void native_signal_handle(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = args[0].i
    if number < 1 or number > 64 or number == 3 or number == 4 or number == 8 or number == 9 or number == 10 or number == 11 or number == 19:
        result.l = -1
        return
    result.raw = handlers[number]
    handlers[number] = args[1].raw


cdef Method* dispatch_method


cdef public int signal_is_handled(int number) noexcept nogil:
    return number > 0 and number <= 64 and handlers[number] == 2


cdef public int signal_dispatch(JavaThread* t, int number) noexcept nogil:
    cdef Slot argument
    argument.i = number
    return java_call(t, known_method(&dispatch_method, b"jdk/internal/misc/Signal", b"dispatch", b"(I)V"), &argument, NULL)


cdef public void native_signal_raise(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if signal_is_handled(args[0].i):
        signal_dispatch(t, args[0].i)
    elif args[0].i < 1 or args[0].i > 64 or handlers[args[0].i] != 1:
        throw_unsupported(t, b"Signal.raise of a signal that Java code does not handle")


# --- java.util.TimeZone -------------------------------------------------------------------------------

# The configuration's "timezone", else the environment's TZ, else UTC.
cdef public void native_timezone_system_id(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const char* zone = config_get(b"timezone", 0)
    cdef const char* record
    cdef u64 i = 0
    if zone == NULL:
        record = config_get(b"env", 0)
        while record != NULL:
            if record[0] == c'T' and record[1] == c'Z' and record[2] == c'=' and record[3] != 0:
                zone = record + 3
            i += 1
            record = config_get(b"env", i)
    if zone == NULL:
        zone = b"UTC"
    result.a = string_from(t, zone)


cdef public void native_timezone_offset_id(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = string_from(t, b"GMT")


# --- jdk.internal.perf.Perf ---------------------------------------------------------------------------

cdef Method* direct_buffer


cdef Object* counter(JavaThread* t, u64 size, const void* value, u64 length) noexcept nogil:
    cdef Slot arguments[4]
    cdef void* memory = kcalloc(1, size if size != 0 else 1)   # counters live as long as the machine
    if memory == NULL:
        throw_out_of_memory(t, b"performance counter")
        return NULL
    memcpy(memory, value, length)
    arguments[0].raw = <u64>memory
    arguments[2].raw = size
    return object_construct(t, known_method(&direct_buffer, b"java/nio/DirectByteBuffer", b"<init>", b"(JJ)V"), arguments, 4)


# createLong(this, String name, int variability, int units, long value)
cdef public void native_perf_create_long(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = counter(t, 8, &args[4].l, 8)


# createByteArray(this, String name, int variability, int units, byte[] value, int maxLength)
cdef public void native_perf_create_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[4].a == NULL:
        throw_null_pointer(t)
        return
    if args[5].i < array_length(args[4].a):
        throw_named(t, b"java/lang/IllegalArgumentException", b"Invalid length")
        return
    result.a = counter(t, <u64>args[5].i, array_data(args[4].a), <u64>array_length(args[4].a))


cdef public void native_perf_counter(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = clock_monotonic()


cdef public void native_perf_frequency(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = 1000000000


# --- java.lang.ProcessHandleImpl: one process, number 1 -----------------------------------------------

cdef public void native_process_is_alive(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    # Its start time in ms, -1 for processes that are not there.
    result.l = <i64>((clock_wall() - clock_monotonic()) // 1000000) if args[0].l == 1 else -1


cdef public void native_process_parent(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = 0 if args[0].l == 1 else -1


# getProcessPids0(long pid, long[] pids, long[] parents, long[] starts): children of pid, or all for 0.
cdef public void native_process_pids(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 0
    if args[0].l != 0 or args[2].a == NULL or array_length(args[2].a) == 0:
        return
    (<i64*>array_data_wide(args[2].a))[0] = 1
    if args[3].a != NULL and array_length(args[3].a) > 0:
        (<i64*>array_data_wide(args[3].a))[0] = 0
    if args[4].a != NULL and array_length(args[4].a) > 0:
        (<i64*>array_data_wide(args[4].a))[0] = <i64>((clock_wall() - clock_monotonic()) // 1000000)
    result.i = 1


cdef public void native_process_fork(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_named(t, b"java/io/IOException", b"Cannot start a process: this machine runs one application")


cdef public void native_process_unsupported(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_unsupported(t, b"Ending or waiting for another process")
