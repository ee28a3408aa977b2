# What keeps a class alive, and its end (JLS §12.7).
#
# The unit is the record (LoaderData): a class loader's, with all the classes it defined, or that of one
# hidden class.  A record stays when a collection marks it, and is marked by
#   - its being permanent: the boot, platform and application loader's;
#   - a marked object: the loader, a mirror of its classes, an instance of one (or an array of such);
#   - a frame on a Java stack, by its method; an address in its memory on a C stack;
#   - a record that depends on it: whose loader has found a class of it by name (JVMS §5.3: an initiating
#     loader), whose hidden class has its loader or nest host there, whose call site is linked to a method of it.
# A marked record marks its loader, the mirrors of its classes (with their static fields), the modules
# defined to it, and what its constant pools and call sites have resolved.
#
# Invariant: memory of the VM that names a class, a method or a record which may go is one of those roots,
# or is owned by a record that depends on it, or is purged here before the memory is freed.
from kernel.types cimport u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, LoaderData, Symbol

# In a collection, while marking.
cdef extern void unloading_roots() noexcept nogil                # the permanent records
cdef extern void loader_data_mark(LoaderData* data) noexcept nogil
cdef extern void unloading_instance(Object* o) noexcept nogil    # HeapClient.instance
cdef extern void unloading_loader(Object* loader) noexcept nogil # HeapClient.loader
cdef extern void unloading_watched(u64 address, bint compressed) noexcept nogil  # HeapClient.watched
# At its end, when the weak tables of objects have been swept: frees the records that are not marked.
cdef extern void unloading_sweep() noexcept nogil
# In HeapClient.sweep and the purges: does this class or record stay?
cdef extern bint loader_data_stays(LoaderData* data) noexcept nogil
# Names of the classes that went, when somebody observes: unloading_take_names while the others are still
# stopped, the report when they run again.
cdef struct Unloaded:
    Symbol** names
    u64 count

cdef extern void unloading_take_names(Unloaded* into) noexcept nogil
cdef extern void unloading_report(Unloaded* made) noexcept nogil

# A class of so many bytes is about to be defined: collects first, if much metadata has come since the last
# collection, or little memory is left.
cdef extern void unloading_make_room(u64 bytes) noexcept nogil

cdef inline bint class_may_go(Class* klass) noexcept nogil:
    return not klass.owner.permanent
