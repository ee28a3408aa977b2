# Loading constraints (JVMS §5.3.4): a name in the descriptor of a method or field that two loaders share must
# mean one class to both.
#
# Names that begin with java/ need none: only the boot and the platform loader define such classes, each of
# them once, and every loader asks them.  Nor do two loaders that both know the class, and know the same one:
# what a loader once knows never changes.
#
# Invariant: the constraints of one name are disjoint sets of loaders; each has at most one class.
from jvm.loader.classes cimport Class, Field, JavaThread, LoaderData, Method

cdef extern void constraints_forget() noexcept nogil                         # tests: the memory is gone
# Records that do not stay leave their constraints (jvm/loader/unloading.pxd).
cdef extern void constraints_purge() noexcept nogil
# The loader is about to know the class under its name: 1, or 0 if another one was agreed on.
# With events masked until the class is in the dictionary.
cdef extern int constraint_admit(LoaderData* data, Class* klass) noexcept nogil
cdef extern int constraint_violated(JavaThread* t, LoaderData* data, Class* klass) noexcept nogil    # throws LinkageError; -1
# At resolution and at linking; 0, or -1 thrown (LinkageError).
cdef extern int constrain_method(JavaThread* t, Class* caller, Method* method, bint interface) noexcept nogil
cdef extern int constrain_field(JavaThread* t, Class* caller, Field* field) noexcept nogil
cdef extern int constrain_tables(JavaThread* t, Class* klass) noexcept nogil
