# The run-time modules (JVMS §5.3.6): which packages are in which, what each reads and exports (§5.4.4).
#
# java.lang.Module decides; its natives (jvm/natives/modules.pyx) tell it here, and nothing is taken back
# while the module is there: as long as the loader that it was defined to.  A module is named by its
# java.lang.Module object; who reads it or is exported to does not keep it.
# Interface: functions that return int give -1 when memory is out, and then have changed nothing that counts.
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, LoaderData, Symbol

cdef enum ModuleAccess:
    MODULE_ACCESS = 0
    MODULE_NOT_READABLE = 1
    MODULE_NOT_EXPORTED = 2

# The java.lang.Module of a class `name` (internal form) that `data` defines: that of its package, else
# the loader's unnamed module.  NULL before the boot loader has one.
cdef extern Object* module_of(LoaderData* data, Symbol* name) noexcept nogil
# Version string of a named module, or NULL.
cdef extern Object* module_version(Object* module) noexcept nogil
# Where it came from ("jrt:/java.base"), or NULL.
cdef extern Object* module_location(Object* module) noexcept nogil
# Whether public classes of `target`'s package are there for `caller`.  Classes of the class library's own
# image were compiled against its modules, and are not asked.  A ModuleAccess.
cdef extern int module_access(Class* caller, Class* target) noexcept nogil
# A class's module, also while the class is being defined; NULL before there are modules.
cdef extern Object* module_of_class(Class* klass) noexcept nogil

cdef extern int module_define(LoaderData* loader, Object* module, bint is_open, Object* version, Object* location) noexcept nogil
cdef extern int module_add_package(LoaderData* loader, Symbol* package, Object* module) noexcept nogil
# `to` NULL: every unnamed module.
cdef extern int module_add_reads(Object* module, Object* to) noexcept nogil
cdef extern int module_export_to(Object* module, Symbol* package, Object* to) noexcept nogil
cdef extern int module_export_to_all(Object* module, Symbol* package) noexcept nogil
cdef extern int module_export_to_unnamed(Object* module, Symbol* package) noexcept nogil
# jvm/loader/unloading.pxd: the modules of a record that stays; the end of those of the others.
cdef extern void modules_mark(LoaderData* data) noexcept nogil
cdef extern void modules_purge(LoaderData* dead) noexcept nogil  # linked through `gray`, not in loader_records any more
# The boot loader's unnamed module; the others are fields of their loaders.
cdef extern void module_set_boot_unnamed(Object* module) noexcept nogil
