# Lambdas and method references without LambdaMetafactory: the call sites that javac makes (JLS §15.13, §15.27) get a
# hidden class made here, where no argument or result has to be boxed, unboxed or widened.
#
# `--config indy-shortcuts=0` switches this off; both ways give objects that behave alike.
from kernel.types cimport u8
from jvm.loader.classes cimport Class, JavaThread, Link, Symbol

# A call site of LambdaMetafactory.metafactory with this name and type, whose row of the BootstrapMethods attribute is
# at `row`.  NULL: it is not so plain that this can link it, or t.exception is set.
cdef extern Link* lambda_link(JavaThread* t, Class* caller, const u8* row, Symbol* name, Symbol* descriptor) noexcept nogil
