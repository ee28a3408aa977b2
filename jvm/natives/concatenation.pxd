# String concatenation without StringConcatFactory: the call sites that javac makes (JLS §15.18.1) run one native
# method instead of method handles that the class library would have to spin.
#
# `--config indy-shortcuts=0` switches this off; both ways give the same strings in the same order of evaluation.
from kernel.types cimport u8
from jvm.loader.classes cimport Class, JavaThread, Link, Symbol

# A call site of StringConcatFactory.makeConcatWithConstants with this type, whose row of the BootstrapMethods attribute
# is at `row`.  NULL: it is not so plain that this can link it, or (t.exception set) there is no memory.
cdef extern Link* concatenation_link(JavaThread* t, Class* caller, const u8* row, Symbol* descriptor) noexcept nogil
