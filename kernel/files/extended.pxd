# Extended attributes of a vnode (xattr(7)): names and values in memory, for file systems that keep them.
#
# Only names in "user." are there.  Interface: with the vnode's lock held; values and lists are copied.
from kernel.types cimport i64, u8, u32, u64

cdef enum:
    ATTRIBUTE_NAME_MOST = 255            # XATTR_NAME_MAX
    ATTRIBUTE_SIZE_MOST = 65536          # XATTR_SIZE_MAX

cdef struct Attribute:
    Attribute* next
    u32 name_length
    u32 size
    u8* value                            # behind the name
    char name[1]

# Counts of bytes; `size` 0 asks only how many there would be.  EOPNOTSUPP (another name), EINVAL ("user."), ENODATA, ERANGE, E2BIG, ENOSPC.
cdef extern i64 attribute_get(Attribute* list, const char* name, void* into, u64 size) noexcept nogil
cdef extern int attribute_set(Attribute** list, const char* name, const void* value, u64 size) noexcept nogil
cdef extern int attribute_remove(Attribute** list, const char* name) noexcept nogil
cdef extern i64 attribute_list(Attribute* list, char* into, u64 size) noexcept nogil      # names, each with its NUL
cdef extern void attributes_free(Attribute** list) noexcept nogil
