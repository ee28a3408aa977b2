# The virtual machine as a whole: started once, runs one application, ends with its exit code.
#
# Interface: jvm_main is the body of the kernel's main thread when the configuration says
# `application=java`; it returns the exit code.  vm_halt ends at once (Runtime.halt, System.exit's
# last step).
from jvm.loader.classes cimport JavaThread

cdef extern int jvm_main() noexcept nogil
cdef extern void vm_halt(int code) noexcept nogil
# Prints a pending exception without running Java code, for failures before there is a System.err.
cdef extern void vm_describe_exception(JavaThread* t) noexcept nogil
