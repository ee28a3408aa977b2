# toString, hashCode and equals of records without ObjectMethods: the call sites that javac makes (JLS §8.10.3) run
# native code that reads the components' fields.
#
# `--config indy-shortcuts=0` switches this off; both ways ask the components in the same order, in the same words.
from kernel.types cimport u8
from jvm.loader.classes cimport Class, JavaThread, Link, Symbol

# A call site of ObjectMethods.bootstrap with this name and type, whose row of the BootstrapMethods attribute is at
# `row`.  NULL: it is not so plain that this can link it, or t.exception is set.
cdef extern Link* record_link(JavaThread* t, Class* caller, const u8* row, Symbol* name, Symbol* descriptor) noexcept nogil
