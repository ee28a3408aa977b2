# What the machine tells of itself while it runs: `--verbose TOPIC` lines on standard output, in the host
# JVM's log format, and events in the trace ring (kernel/diagnostics/trace.pxd).
#
# Interface: writing a line may block (the console) and is a safepoint; callers hold no kernel lock and
# have not stopped the other threads, but for the two that say so.  When nothing is observed each costs a load and a branch.
from kernel.types cimport u32, u64
from kernel.diagnostics.trace cimport trace_on
from jvm.loader.classes cimport Class, JavaThread, Method, Symbol

cdef enum ObserveTopic:                  # bits of observed_topics
    OBSERVE_CLASS = 1                    # class: loaded, initialised, unloaded
    OBSERVE_GC = 2                       # gc: each collection
    OBSERVE_NATIVE = 4                   # native, jni: which methods are bound to native code
    OBSERVE_THREAD = 8                   # thread: start and end

cdef struct Collection:
    u64 number                           # from 0; COLLECTION_NONE: nothing was collected, or nobody asks
    u64 before                           # bytes used
    u64 after
    u64 committed
    u64 pause                            # us

cdef enum:
    COLLECTION_NONE = ~0

# Declared in C because its module cannot both declare and define it in Cython.
cdef extern from *:
    """
    extern __attribute__((visibility("hidden"))) uint32_t observed_topics;
    """
    u32 observed_topics

# Turns topics on or off.
cdef extern void observe_set(u32 topics, bint on) noexcept nogil
cdef extern void observe_init() noexcept nogil                           # reads the configuration
cdef extern void observe_class_loaded_now(Class* klass) noexcept nogil
cdef extern void observe_class_initialized_now(Class* klass, u64 start) noexcept nogil
cdef extern void observe_class_unloaded(Symbol* name) noexcept nogil
cdef extern void observe_native_now(Method* method, bint intrinsic) noexcept nogil
cdef extern void observe_thread_now(JavaThread* t, bint starts) noexcept nogil
# A collection: its begin and end while the other threads are stopped, its report when they run again.
cdef extern void observe_collection_begin() noexcept nogil
cdef extern void observe_collection_end(Collection* made) noexcept nogil
cdef extern void observe_collection_report(Collection* made) noexcept nogil

cdef inline void observe_class_loaded(Class* klass) noexcept nogil:
    if trace_on or observed_topics & OBSERVE_CLASS:
        observe_class_loaded_now(klass)

cdef inline void observe_class_initialized(Class* klass, u64 start) noexcept nogil:
    if trace_on or observed_topics & OBSERVE_CLASS:
        observe_class_initialized_now(klass, start)

cdef inline void observe_native(Method* method, bint intrinsic) noexcept nogil:
    if observed_topics & OBSERVE_NATIVE:
        observe_native_now(method, intrinsic)

cdef inline void observe_thread(JavaThread* t, bint starts) noexcept nogil:
    if trace_on or observed_topics & OBSERVE_THREAD:
        observe_thread_now(t, starts)
