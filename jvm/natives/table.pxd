# The table of native methods and intrinsics: generated from bindings.py and intrinsics.py by
# jvm/natives/table.py, which the build checks against the class files of the class library.
#
# Interface: only classes of the boot loader may be looked up here; other classes' native methods are
# JNI, which this machine does not have (the linker throws UnsatisfiedLinkError).  Lookups compare
# text (two binary searches), allocate nothing, and may be made at any time.  Results are NativeMethod
# pointers (jvm/loader/classes.pxd), void* only because Cython lets public functions have no typedef'd
# function pointers.
from jvm.loader.classes cimport Symbol

cdef enum NativeClassFlag:
    NATIVE_CLASS_METHODS = 1             # the table has native methods of this class
    NATIVE_CLASS_INTRINSICS = 2          # the table has code that replaces Java bodies of this class

# NativeClassFlags of a class, 0: no row.  Lets the linker ask once for each class.
cdef extern int native_class_flags(Symbol* klass) noexcept nogil
# The native code of a native method; NULL when there is none (UnsatisfiedLinkError).
cdef extern void* native_find(Symbol* klass, Symbol* name, Symbol* descriptor) noexcept nogil
# Native code to run instead of a method's Java body, or NULL.
cdef extern void* intrinsic_find(Symbol* klass, Symbol* name, Symbol* descriptor) noexcept nogil
# 1 if `function` neither allocates, throws, blocks nor calls Java, so that it needs no frame.
cdef extern int native_is_leaf(void* function) noexcept nogil
# 1 if `function` is the shared one of native methods that have nothing to do (registerNatives, …).
cdef extern int native_is_nothing(void* function) noexcept nogil
