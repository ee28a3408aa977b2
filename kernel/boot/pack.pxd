# The boot pack: several boot modules in one file, for loaders that pass one (QEMU's -initrd).
#
# A header, a table, and the payloads, each from a multiple of 4096 bytes on, so that they are used
# where the loader put them.  All little-endian; written by runtime/boot_pack.py.
from kernel.types cimport u32, u64

cdef enum:
    PACK_VERSION = 2
    PACK_NAME_MAX = 80

cdef struct PackHeader:
    u64 magic                            # "DMTSPACK"
    u32 version
    u32 count                            # entries that follow
    u64 size                             # of the whole file

cdef struct PackEntry:
    char name[PACK_NAME_MAX]             # NUL-terminated
    u64 offset                           # from the start of the file
    u64 size
