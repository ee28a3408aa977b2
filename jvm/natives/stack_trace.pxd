# Stack traces: walking Java frames, and StackTraceElement objects.
from kernel.types cimport i32, u32, u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Frame, JavaThread, Method

# One frame of a trace, as kept in a Throwable's backtrace: a Method's address and the index of the
# instruction in its code.
cdef enum:
    TRACE_BCI_BITS = 16
    TRACE_DEPTH_MAX = 1024               # as the host's MaxJavaStackTraceDepth

cdef inline Method* trace_method(u64 entry) noexcept nogil:
    return <Method*>(entry >> TRACE_BCI_BITS)

cdef inline u32 trace_bci(u64 entry) noexcept nogil:
    return <u32>(entry & ((1 << TRACE_BCI_BITS) - 1))

cdef inline u64 trace_entry(Frame* frame) noexcept nogil:
    return <u64>frame.method << TRACE_BCI_BITS | (<u64>(frame.pc - frame.method.code) if frame.method.code != NULL and frame.pc != NULL else 0)

# Throwable.fillInStackTrace for the current thread; needs no Java code.
cdef extern int throwable_fill(JavaThread* t, Object* throwable) noexcept nogil
# Line of an instruction, -1: unknown, -2: native method.
cdef extern i32 method_line(Method* method, u32 bci) noexcept nogil
# Fill one in for an instruction of a method: 0, or -1 with t.exception set.
cdef extern int element_fill(JavaThread* t, Object* element, Method* method, u32 bci) noexcept nogil
# StackTraceElement[] of `count` entries, NULL with t.exception set.
cdef extern Object* trace_elements(JavaThread* t, const u64* entries, i32 count) noexcept nogil
# The frames of `target` (which must not run meanwhile), youngest first, from entries[first] on; returns their number.
# `mirrors`, an Object[] of first + limit or more elements, gets those of their classes in the same places, and must live
# as long as the entries are used (trace_keep): the target's frames, which keep the classes, may end.
cdef extern i32 trace_capture(JavaThread* target, u64* entries, Object* mirrors, u64 first, i32 limit) noexcept nogil
# How many that would be.
cdef extern i32 trace_count(JavaThread* target, i32 limit) noexcept nogil
cdef extern Object* trace_mirrors(JavaThread* t, i32 count) noexcept nogil   # such an array; NULL with t.exception set

cdef extern from *:
    """
    static inline void trace_keep(void *mirrors) { __asm__ volatile("" : : "r"(mirrors)); }
    """
    void trace_keep(Object* mirrors) noexcept nogil
