# Access control (JVMS §5.4.4), nest mates (§5.4.4, §4.7.28-29), sealed classes (§4.7.31).
#
# Interface: nothing here throws or loads, but for nest_host and message_nests, which may load the nest host.
from kernel.types cimport u16
from jvm.loader.classes cimport Class, JavaThread
from jvm.loader.messages cimport LoaderText

cdef enum ClassAccess:
    CLASS_ACCESSIBLE = 0
    CLASS_NOT_PUBLIC = 1
    CLASS_NOT_READABLE = 2               # a public class of a module that the caller's does not read
    CLASS_NOT_EXPORTED = 3               # … of a package that is not exported to it

# A ClassAccess.
cdef extern int class_access(Class* caller, Class* target) noexcept nogil
# Whether code in `caller` may use a member of `holder` with these flags, found in `named` (the class that
# the reference names).
cdef extern bint member_accessible(JavaThread* t, Class* caller, Class* named, Class* holder, u16 flags) noexcept nogil
cdef extern bint same_module(Class* klass, Class* other) noexcept nogil
# Whether `super_class` allows `klass` as a direct subclass.
cdef extern bint class_permits(Class* super_class, Class* klass) noexcept nogil
# The nest host of a class: itself when it has none, or when the host does not list it.  NULL: thrown
# (only VirtualMachineErrors are; a host that cannot be loaded makes the class its own host).
cdef extern Class* nest_host(JavaThread* t, Class* klass) noexcept nogil
# Adds to an IllegalAccessError's text, if the member is private, why the classes are not in the nests that they name.
cdef extern void message_nests(JavaThread* t, LoaderText* m, Class* caller, Class* holder, u16 flags) noexcept nogil
