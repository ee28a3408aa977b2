# Figures of a run: see statistics.pxd.
#
# Invariant: what is counted here changes with events masked, or by its one writer while the other threads
# are stopped.  A method's name is copied at its first sample, so that a class may go meanwhile.
from kernel.types cimport u8, u32, u64
from kernel.boot.bootinfo cimport BootInfo
from kernel.boot.config cimport config_flag
from kernel.boot.main cimport kernel_boot_info
from kernel.diagnostics.format cimport Text, text_init, text_print
from kernel.diagnostics.log cimport log_warning
from kernel.memory.heap cimport kcalloc, kmalloc
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.timer cimport Timer, timer_start, timer_stop
from kernel.time.clock cimport clock_monotonic
from jvm.heap.heap cimport HeapStatistics, heap_statistics
from jvm.interpreter.describe cimport describe_method
from jvm.loader.classes cimport ACC_NATIVE, Class, JavaThread, LoaderData, Method
from jvm.loader.loader cimport loader_class_count, loader_for_each_class, loader_metadata, loader_unloaded_count
from jvm.loader.memory cimport metadata_owner
from jvm.loader.unloading cimport loader_data_stays
from jvm.runtime.statistics cimport *
from jvm.runtime.thread cimport STATE_JAVA, java_thread_current, safepoint_request_sample
from jvm.runtime.threads cimport (java_threads_for_each, java_threads_peak, java_threads_started,
                                  java_threads_stopper)

cdef enum:
    SAMPLE_PERIOD = 2000000              # ns
    METHODS = 2048                       # sampled ones; a power of two
    METHODS_TOLD = 20
    NAME_MAX = 112
    TEXT_MAX = 8192

cdef struct Sampled:
    Method* method
    u64 samples
    u8 gone                              # `method` is an address where no such method is any more
    char name[NAME_MAX]

# The definition behind statistics.pxd's extern variable.
cdef public u32 counted "bytecodes_counted"

cdef bint wanted
cdef Timer timer
cdef JavaThread* asked                   # it has not come to a poll since the last tick
cdef Sampled* methods
cdef u64 samples                         # ticks
cdef u64 in_java
cdef u64 in_collector
cdef u64 in_kernel                       # a Java thread in STATE_SAFE, or a thread that is none
cdef u64 idle
cdef u64 calls                           # of methods, but for getters without a frame; before the end, of classes that are gone
cdef u64 native_calls                    # those of native methods and intrinsics
cdef u64 ended_bytecodes                 # of threads that are gone
cdef u64 collected_before                # bytes used before the collections, all together
cdef u64 collected_after
cdef u64 last_before
cdef u64 last_after

cdef public bint statistics_wanted() noexcept nogil:
    return wanted

cdef public void statistics_thread_ends(JavaThread* t) noexcept nogil:
    global ended_bytecodes, asked
    ended_bytecodes += t.bytecodes
    if asked == t:
        asked = NULL

cdef public void statistics_collection(u64 before, u64 after) noexcept nogil:
    global collected_before, collected_after, last_before, last_after
    collected_before += before
    collected_after += after
    last_before = before
    last_after = after

# --- samples ------------------------------------------------------------------------------------------

# Masked.
cdef void note(Method* method) noexcept nogil:
    global in_java
    cdef u64 place = (<u64>method >> 4) * <u64>0x9E3779B97F4A7C15 >> 53
    cdef u64 tried
    cdef Text text
    in_java += 1
    for tried in range(METHODS):
        if methods[place].method == NULL:
            methods[place].method = method
            text_init(&text, methods[place].name, NAME_MAX)
            describe_method(&text, method, False)
        if methods[place].method == method and not methods[place].gone:
            methods[place].samples += 1
            return
        place = (place + 1) & (METHODS - 1)

cdef public void statistics_purge(LoaderData* dead) noexcept nogil:
    cdef LoaderData* owner
    cdef Class* klass
    cdef u32 index
    if not wanted:
        return
    while dead != NULL:
        klass = dead.classes
        while klass != NULL:
            add_calls(klass)
            klass = klass.next_in_loader
        dead = dead.gray
    if methods == NULL:
        return
    for index in range(METHODS):
        if methods[index].method != NULL and not methods[index].gone:
            owner = metadata_owner(<u64>methods[index].method)
            methods[index].gone = owner != NULL and not loader_data_stays(owner)

cdef public void statistics_sample(JavaThread* t) noexcept nogil:
    global asked
    events_mask()
    if asked == t:
        asked = NULL
        safepoint_request_sample(False)
        if t.frame != NULL:
            note(t.frame.method)
    events_unmask()

cdef void tick(Timer* expired) noexcept nogil:
    global samples, in_collector, in_kernel, idle, asked
    cdef JavaThread* t = java_thread_current()
    samples += 1
    if java_threads_stopper() != NULL:
        in_collector += 1
    elif t == NULL:
        idle += 1
    elif t.state != STATE_JAVA:
        in_kernel += 1
    elif asked == t and t.frame != NULL:
        note(t.frame.method)             # a period without a poll: its youngest frame has long been complete
    else:
        asked = t
        safepoint_request_sample(True)
    timer_start(&timer, clock_monotonic() + SAMPLE_PERIOD, tick, NULL)

cdef public void statistics_init() noexcept nogil:
    global wanted, counted, methods
    wanted = config_flag(b"stats")
    counted = config_flag(b"count-bytecodes")
    if not wanted:
        return
    methods = <Sampled*>kcalloc(METHODS, sizeof(Sampled))
    if methods == NULL:
        log_warning(b"no memory to sample methods")
        return
    timer_start(&timer, clock_monotonic() + SAMPLE_PERIOD, tick, NULL)

# --- the end ------------------------------------------------------------------------------------------

cdef void add_bytecodes(JavaThread* t) noexcept nogil:
    global ended_bytecodes
    ended_bytecodes += t.bytecodes

cdef void add_calls(Class* klass) noexcept nogil:
    global calls, native_calls
    cdef u32 index
    for index in range(klass.method_count):
        calls += klass.methods[index].invocations
        if klass.methods[index].access_flags & ACC_NATIVE:
            native_calls += klass.methods[index].invocations

cdef void tell(Text* text, const char* name, u64 value) noexcept nogil:
    text_print(text, b"%s %u\n", name, value)

cdef void tell_methods(Text* text) noexcept nogil:
    cdef u32 told, index, best
    for told in range(METHODS_TOLD):
        best = 0
        for index in range(METHODS):
            if methods[index].samples > methods[best].samples:
                best = index
        if methods[best].samples == 0:
            return
        text_print(text, b"method %u %s\n", methods[best].samples, methods[best].name)
        methods[best].samples = 0

cdef public void statistics_publish() noexcept nogil:
    cdef BootInfo* info = kernel_boot_info()
    cdef HeapStatistics heap
    cdef Text text
    cdef char* memory
    cdef u64 used, held
    if not wanted:
        return
    memory = <char*>kmalloc(TEXT_MAX)
    if memory == NULL:
        return
    timer_stop(&timer)
    text_init(&text, memory, TEXT_MAX)
    heap_statistics(&heap)
    if counted:
        java_threads_for_each(add_bytecodes)
        tell(&text, b"bytecodes", ended_bytecodes)
    loader_for_each_class(add_calls)
    tell(&text, b"calls", calls)
    tell(&text, b"native_calls", native_calls)
    tell(&text, b"classes_loaded", loader_class_count())
    tell(&text, b"classes_unloaded", loader_unloaded_count())
    loader_metadata(&used, &held)
    tell(&text, b"metadata_used", used)
    tell(&text, b"metadata_held", held)
    tell(&text, b"threads_started", java_threads_started())
    tell(&text, b"threads_peak", java_threads_peak(0))
    tell(&text, b"collections", heap.collections)
    tell(&text, b"pause_total", heap.pause_total)
    tell(&text, b"pause_longest", heap.pause_longest)
    tell(&text, b"collected_before", collected_before)
    tell(&text, b"collected_after", collected_after)
    tell(&text, b"last_collected_before", last_before)
    tell(&text, b"last_collected_after", last_after)
    tell(&text, b"heap_allocated", heap.allocated)
    tell(&text, b"heap_used", heap.used)
    tell(&text, b"heap_committed", heap.committed)
    tell(&text, b"heap_maximum", heap.maximum)
    if methods != NULL:
        tell(&text, b"sample_period", SAMPLE_PERIOD)
        tell(&text, b"samples", samples)
        tell(&text, b"samples_java", in_java)
        tell(&text, b"samples_collector", in_collector)
        tell(&text, b"samples_kernel", in_kernel)
        tell(&text, b"samples_idle", idle)
        tell_methods(&text)
    info.marks.figures_address = <u64>memory
    info.marks.figures_size = text.length
