# sun.management.VMManagementImpl, ClassLoadingImpl, HotspotThread; com.sun.management.internal.Flag,
# HotSpotDiagnostic, DiagnosticCommandImpl and OperatingSystemImpl.
#
# The machine is its own operating system: "system" and "process" are the same, its memory is what the
# guest was given, and it is busy when it is not idle.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.config cimport config_count, config_get, config_number
from kernel.files.vfs cimport DESCRIPTORS_MAX, vfs_descriptors
from kernel.memory.pages cimport PageStatistics, pages_statistics
from kernel.memory.string cimport strcmp
from kernel.threads.cpu cimport this_cpu
from kernel.threads.thread cimport thread_cpu_time
from kernel.time.clock cimport clock_monotonic, clock_wall
from jvm.heap.heap cimport HEAP_INITIAL, HeapStatistics, heap_statistics
from jvm.heap.object cimport Object, array_get, array_length, array_set, ref_load
from jvm.loader.classes cimport CLASS_INITIALIZED, Class, JavaThread, Method, Slot
from jvm.loader.loader cimport class_initialize, loader_class_count, loader_unloaded_count, loader_for_each_class, loader_metadata
from jvm.natives.support cimport (array_new_named, field_set_byte, field_set_long, known_class, known_field, known_method,
                                  object_construct, object_new, throw_unsupported)
from jvm.runtime.exceptions cimport throw_null_pointer
from jvm.runtime.memory_watch cimport memory_watch_last, memory_watch_time
from jvm.runtime.observe cimport OBSERVE_CLASS, OBSERVE_GC, observe_set, observed_topics
from jvm.runtime.strings cimport string_from, string_to_utf8
from jvm.runtime.threads cimport java_threads_peak, java_threads_platform, java_threads_started

cdef u64 epoch                           # monotonic ns when the machine started
cdef u64 epoch_wall


# --- sun.management.VMManagementImpl ------------------------------------------------------------------

cdef public void management_init() noexcept nogil:
    global epoch, epoch_wall
    epoch = clock_monotonic()
    epoch_wall = clock_wall()


cdef public u64 management_milliseconds(u64 time) noexcept nogil:
    return (time - epoch) // 1000000 if time > epoch else 0


# Version of the management interface: 4.0 since JDK 22.
cdef public void native_management_version(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = string_from(t, b"4.0")


cdef Class* management_class


cdef void support(const char* name) noexcept nogil:
    cdef u32 offset = 0
    known_field(&offset, b"sun/management/VMManagementImpl", name, b"Z")
    field_set_byte(known_class(&management_class, b"sun/management/VMManagementImpl").mirror, offset, 1)


# Everything but the compiler's times and diagnostic commands: there is no compiler and no jcmd.
cdef public void native_management_optional(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    support(b"threadContentionMonitoringSupport")
    support(b"currentThreadCpuTimeSupport")
    support(b"otherThreadCpuTimeSupport")
    support(b"objectMonitorUsageSupport")
    support(b"synchronizerUsageSupport")
    support(b"threadAllocatedMemorySupport")


cdef public void native_management_start_time(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>(epoch_wall // 1000000)


cdef public void native_management_uptime(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>management_milliseconds(clock_monotonic())


cdef public void native_management_class_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = loader_class_count()


cdef public void native_management_unloaded_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = loader_unloaded_count()


cdef i64 initialized_count


cdef void count_initialized(Class* klass) noexcept nogil:
    global initialized_count
    if klass.state == CLASS_INITIALIZED:
        initialized_count += 1


cdef public void native_management_initialized_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global initialized_count
    initialized_count = 0
    loader_for_each_class(count_initialized)
    result.l = initialized_count


cdef public void native_management_class_size(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64 used = 0
    cdef u64 held = 0
    loader_metadata(&used, &held)
    result.l = <i64>used


cdef public void native_management_live_threads(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>java_threads_platform(0)


cdef public void native_management_daemon_threads(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>java_threads_platform(1)


cdef public void native_management_peak_threads(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>java_threads_peak(0)


cdef public void native_management_started_threads(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = java_threads_started()


# Every safepoint that is counted is a collection's.
cdef public void native_management_safepoints(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>memory_watch_last()


cdef public void native_management_safepoint_time(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>(memory_watch_time() // 1000000)


cdef public void native_management_running_time(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>(management_milliseconds(clock_monotonic()) - memory_watch_time() // 1000000)


cdef Class* string_array


# The options that java would call VM arguments: -D and the like, as they came.
cdef public void native_management_arguments(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 count = <i32>config_count(b"vm-argument")
    cdef Object* array = array_new_named(t, &string_array, b"[Ljava/lang/String;", count)
    cdef Object* text
    cdef i32 i
    if array == NULL:
        return
    for i in range(count):
        text = string_from(t, config_get(b"vm-argument", i))
        if text == NULL:
            return
        array_set(array, i, text)
    result.a = array


cdef public void native_management_verbose_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = (observed_topics & OBSERVE_CLASS) != 0


cdef public void native_management_verbose_gc(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = (observed_topics & OBSERVE_GC) != 0


cdef public void native_management_set_verbose_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    observe_set(OBSERVE_CLASS, args[0].i != 0)


cdef public void native_management_set_verbose_gc(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    observe_set(OBSERVE_GC, args[1].i != 0)


# --- com.sun.management.internal.OperatingSystemImpl --------------------------------------------------

cdef u64 busy_time() noexcept nogil:
    cdef u64 whole = clock_monotonic() - epoch
    cdef u64 idle = thread_cpu_time(this_cpu().idle)
    return whole - idle if whole > idle else 0


cdef public void native_system_memory_total(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef PageStatistics pages
    pages_statistics(&pages)
    result.l = <i64>pages.total


cdef public void native_system_memory_free(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef PageStatistics pages
    cdef HeapStatistics heap
    pages_statistics(&pages)
    heap_statistics(&heap)
    # The heap has its address range from the start; what it does not use is free as well.
    result.l = <i64>(pages.free + heap.maximum - heap.committed)


cdef public void native_system_memory_committed(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef PageStatistics pages
    pages_statistics(&pages)
    result.l = <i64>(pages.total - pages.free)


cdef public void native_system_cpu_time(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>busy_time()


# Share of busy time since the last question; of the whole time when it was asked just now.
cdef u64 asked_at
cdef u64 asked_busy
cdef double latest_load


cdef public void native_system_cpu_load(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global asked_at, asked_busy, latest_load
    cdef u64 now = clock_monotonic() - epoch
    cdef u64 busy = busy_time()
    if now - asked_at >= 1000000:
        latest_load = <double>(busy - asked_busy) / <double>(now - asked_at)
        if latest_load > 1.0:
            latest_load = 1.0
        asked_at = now
        asked_busy = busy
    result.d = latest_load


cdef public void native_system_cpu_ticks(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>(clock_monotonic() - epoch)


cdef public void native_system_descriptors(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = vfs_descriptors()


cdef public void native_system_descriptors_max(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = DESCRIPTORS_MAX


# --- com.sun.management.internal.Flag, HotSpotDiagnostic ----------------------------------------------
# The host's -XX options that have a meaning here, with what they would say; none can be set.

cdef enum FlagKind:
    FLAG_BOOLEAN
    FLAG_LONG

cdef enum:
    FLAG_COUNT = 9

cdef struct FlagValue:
    const char* name
    FlagKind kind
    i64 value
    bint given                           # on the command line


cdef void flag_at(int index, FlagValue* out) noexcept nogil:
    cdef HeapStatistics heap
    out.kind = FLAG_LONG
    out.given = False
    if index == 0:
        out.name = b"InitialHeapSize"
        out.value = <i64>config_number(b"heap-initial", HEAP_INITIAL)
        out.given = config_get(b"heap-initial", 0) != NULL
    elif index == 1:
        heap_statistics(&heap)
        out.name = b"MaxHeapSize"
        out.value = <i64>heap.maximum
        out.given = config_get(b"heap-max", 0) != NULL
    elif index == 2:
        out.name = b"MaxDirectMemorySize"
        out.value = <i64>config_number(b"direct-max", 0)
        out.given = config_get(b"direct-max", 0) != NULL
    elif index == 3:
        out.name = b"ObjectAlignmentInBytes"
        out.value = 8
    elif index == 4:
        out.name = b"ThreadStackSize"
        out.value = <i64>(config_number(b"stack-size", 1048576) >> 10)
        out.given = config_get(b"stack-size", 0) != NULL
    else:
        out.kind = FLAG_BOOLEAN
        if index == 5:
            out.name = b"UseCompactObjectHeaders"
            out.value = 1
        elif index == 6:
            out.name = b"UseCompressedClassPointers"
            out.value = 1
        elif index == 7:
            out.name = b"UseCompressedOops"
            out.value = 1
        else:
            out.name = b"HeapDumpOnOutOfMemoryError"
            out.value = 0


cdef Method* flag_constructor
cdef Class* boolean_class
cdef Class* long_class
cdef u32 boolean_value
cdef u32 long_value
cdef Class* origin_class
cdef u32 origin_default
cdef u32 origin_given


cdef Object* flag_new(JavaThread* t, FlagValue* flag) noexcept nogil:
    cdef const char* origin = b"com/sun/management/VMOption$Origin"
    cdef const char* type = b"Lcom/sun/management/VMOption$Origin;"
    cdef Class* klass = known_class(&origin_class, origin)
    cdef Slot arguments[5]
    if class_initialize(t, klass) != 0:
        return NULL
    arguments[0].a = string_from(t, flag.name)
    if arguments[0].a == NULL:
        return NULL
    if flag.kind == FLAG_BOOLEAN:
        arguments[1].a = object_new(t, known_class(&boolean_class, b"java/lang/Boolean"))
        if arguments[1].a == NULL:
            return NULL
        field_set_byte(arguments[1].a, known_field(&boolean_value, b"java/lang/Boolean", b"value", b"Z"), flag.value != 0)
    else:
        arguments[1].a = object_new(t, known_class(&long_class, b"java/lang/Long"))
        if arguments[1].a == NULL:
            return NULL
        field_set_long(arguments[1].a, known_field(&long_value, b"java/lang/Long", b"value", b"J"), flag.value)
    arguments[2].i = 0                   # writeable
    arguments[3].i = 1                   # external
    if flag.given:
        arguments[4].a = ref_load(klass.mirror, known_field(&origin_given, origin, b"VM_CREATION", type))
    else:
        arguments[4].a = ref_load(klass.mirror, known_field(&origin_default, origin, b"DEFAULT", type))
    return object_construct(t, known_method(&flag_constructor, b"com/sun/management/internal/Flag", b"<init>",
        b"(Ljava/lang/String;Ljava/lang/Object;ZZLcom/sun/management/VMOption$Origin;)V"), arguments, 5)


# getFlags(String[] names or null for all, Flag[] into, int count): an unknown name leaves its element null.
cdef public void native_flags_get(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* names = args[0].a
    cdef Object* into = args[1].a
    cdef FlagValue flag
    cdef char wanted[64]
    cdef Object* made
    cdef i32 found = 0
    cdef i32 i
    cdef int index
    if into == NULL:
        throw_null_pointer(t)
        return
    for i in range(array_length(into)):
        if names != NULL:
            if i >= array_length(names):
                break
            if array_get(names, i) == NULL:
                throw_null_pointer(t)
                return
            string_to_utf8(array_get(names, i), <u8*>wanted, sizeof(wanted))
        for index in range(FLAG_COUNT):
            flag_at(index, &flag)
            if index == i if names == NULL else strcmp(flag.name, wanted) == 0:
                made = flag_new(t, &flag)
                if made == NULL:
                    return
                array_set(into, i, made)
                found += 1
    result.i = found


cdef public void native_flags_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = FLAG_COUNT


cdef public void native_flags_names(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* array = array_new_named(t, &string_array, b"[Ljava/lang/String;", FLAG_COUNT)
    cdef FlagValue flag
    cdef Object* text
    cdef int index
    if array == NULL:
        return
    for index in range(FLAG_COUNT):
        flag_at(index, &flag)
        text = string_from(t, flag.name)
        if text == NULL:
            return
        array_set(array, index, text)
    result.a = array


cdef public void native_flags_set(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_unsupported(t, b"com.sun.management.HotSpotDiagnosticMXBean.setVMOption")


cdef public void native_diagnostic_dump_heap(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_unsupported(t, b"com.sun.management.HotSpotDiagnosticMXBean.dumpHeap")


cdef public void native_diagnostic_command(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_unsupported(t, b"com.sun.management.DiagnosticCommandMBean")
