# Which module a class belongs to: what Module.defineModule0 told, by loader and package.
#
# Interface: the loader asks module_of when it makes a class's mirror.  The modules themselves are
# kept alive as roots (jvm/runtime/roots.pxd).
from jvm.heap.object cimport Object
from jvm.loader.classes cimport LoaderData, Symbol

# The java.lang.Module of a class `name` (internal form) that `data` defines: that of its package, else
# the loader's unnamed module.  NULL before the boot loader has one.
cdef extern Object* module_of(LoaderData* data, Symbol* name) noexcept nogil
# Version string of a named module, or NULL.
cdef extern Object* module_version(Object* module) noexcept nogil
