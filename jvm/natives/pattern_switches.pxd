# Switches over patterns without SwitchBootstraps: the call sites that javac makes (JLS §14.11) run native code that goes
# through the labels, where those are classes, strings, integers and names of enum constants.
#
# `--config indy-shortcuts=0` switches this off; both ways find the same label.
from kernel.types cimport u8
from jvm.loader.classes cimport Class, JavaThread, Link, Symbol

# A call site of SwitchBootstraps.typeSwitch, or (`enums`) enumSwitch, with this type, whose row of the BootstrapMethods
# attribute is at `row`.  NULL: it is not so plain that this can link it, or t.exception is set.
cdef extern Link* switch_link(JavaThread* t, Class* caller, const u8* row, Symbol* name, Symbol* descriptor, bint enums) noexcept nogil
