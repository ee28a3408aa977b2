# The Java frames of a running machine, in words: for panics and for Ctrl-\.
#
# (What Java code sees of stack traces is in jvm/natives/stack_trace.pxd.)
# Interface: prints with kprint, allocates nothing, believes no pointer that does not lie in its stack.
from jvm.loader.classes cimport JavaThread

cdef extern void stack_trace_print(JavaThread* t) noexcept nogil
# For panic_set_java_reporter: the current thread, if it is a Java thread.
cdef extern void stack_trace_report() noexcept nogil
