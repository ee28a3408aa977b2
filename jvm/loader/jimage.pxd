# The class library's container: a jimage, version 1.0, mapped and never copied.
#
# Layout, in the byte order of the machine: seven u32 (magic, version, flags, resource count, table
# length, locations size, strings size); a redirect table of i32; an offsets table of u32; the
# locations, each a run of (kind << 3 | length - 1, big-endian value) items ended by a zero byte; the
# strings, NUL-terminated; then the data, from which locations are measured.
#
# A name "/module/parent/base.extension" is found by a perfect hash: hash it, look in the redirect
# table, and there is a seed to hash again with (positive), the slot itself (negative, -1 - slot), or
# nothing (zero).  The location found is compared with the name, part by part.
#
# Invariant: header, tables and the strings' last NUL were checked by jimage_open; every offset read
# later is compared with the size before it is followed.
# Interface: results point into the mapping and live for ever.  Lookups allocate nothing, need no lock.
from kernel.types cimport u8, u32, u64

cdef extern int jimage_open(const u8* address, u64 size) noexcept nogil      # 0, -EINVAL: not a jimage 1.0, or damaged
cdef extern const u8* jimage_address(u64* size) noexcept nogil               # the whole file; NULL: none is open
# Module that holds a package (text with '/'); NULL: none.  Where several do, the first not empty.
cdef extern const char* jimage_package_module(const u8* package, u32 length) noexcept nogil
# Contents of a class of a module (name with '/', no extension); NULL: there is none.
cdef extern const u8* jimage_find_class(const char* module, const u8* name, u32 length, u64* size) noexcept nogil
# Contents of any resource by its full name, "/java.base/java/lang/Object.class"; NULL: there is none.
cdef extern const u8* jimage_find(const u8* name, u32 length, u64* size) noexcept nogil
# Location number `index`: its name into `name` (as much as fits, with a NUL), its contents; 0: past the end.
cdef extern int jimage_entry(u32 index, char* name, u32 capacity, const u8** bytes, u64* size) noexcept nogil
