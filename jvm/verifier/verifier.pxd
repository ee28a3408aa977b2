# Verification of a class's code (JVMS §4.10), when it is linked and before anything of it runs.
#
# Files from version 50 on are checked by their stack maps (check.pxd), older ones by inference
# (inference.pxd); for version 50 inference has the last word when the stack maps are wrong.
#
# Interface: the superclass and the superinterfaces are loaded and linked.  May load classes, so it may
# run Java code and collect.  Two threads may verify one class at the same time.
from jvm.loader.classes cimport Class, JavaThread

cdef extern int verify_class(JavaThread* t, Class* klass) noexcept nogil       # 0, or -1 thrown
