# The 9P2000.L protocol: message numbers, and a checked view over the bytes of one message.  The one
# definition of both: the guest's client, the device in our monitors and the tests share it.
#
# A message is size[4] type[1] tag[2] and a body of little-endian numbers; a text is length[2] and bytes
# (intro(5) of Plan 9; the .L messages as the v9fs client of Linux and QEMU's server speak them).
#
# Invariant: nothing is read or written outside [0, size); what does not fit sets `bad` and reads as 0,
# so a parser looks at `bad` once, after its last field.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.string cimport memcpy

cdef enum NinepMessage:                  # requests; the reply is the number after
    P9_RLERROR = 7
    P9_TSTATFS = 8
    P9_TLOPEN = 12
    P9_TLCREATE = 14
    P9_TSYMLINK = 16
    P9_TMKNOD = 18
    P9_TREADLINK = 22
    P9_TGETATTR = 24
    P9_TSETATTR = 26
    P9_TREADDIR = 40
    P9_TFSYNC = 50
    P9_TLINK = 70
    P9_TMKDIR = 72
    P9_TRENAMEAT = 74
    P9_TUNLINKAT = 76
    P9_TVERSION = 100
    P9_TATTACH = 104
    P9_TFLUSH = 108
    P9_TWALK = 110
    P9_TREAD = 116
    P9_TWRITE = 118
    P9_TCLUNK = 120

cdef enum:
    P9_NOTAG = 0xFFFF
    P9_NOFID = 0xFFFFFFFF
    P9_HEADER = 7                        # size, type, tag
    P9_QID = 13                          # type[1] version[4] path[8]
    P9_QTDIR = 0x80                      # qid types
    P9_QTSYMLINK = 0x02
    P9_UNLINK_FOLDER = 0x200             # Tunlinkat: AT_REMOVEDIR
    P9_READ_HEADER = 11                  # Rread, Rreaddir: header and count[4]
    P9_WRITE_HEADER = 23                 # Twrite: header, fid[4], offset[8], count[4]
    P9_WALK_MAX = 16                     # names in one Twalk
    P9_NAME_MAX = 255                    # bytes of one name, as the VFS and the host have it
    P9_TEXT_MAX = 4095                   # bytes of a symbolic link's target
    P9_MESSAGE_MIN = 4096                # least message size that Tversion may agree on

# Tgetattr: the fields wanted or valid.
cdef enum:
    P9_STATS_BASIC = 0x7ff
    P9_STATS_CREATED = 0x800

# Tsetattr: the fields to set; a time without its _GIVEN bit becomes the present.
cdef enum:
    P9_SET_MODE = 1
    P9_SET_UID = 2
    P9_SET_GID = 4
    P9_SET_SIZE = 8
    P9_SET_ACCESS = 16
    P9_SET_MODIFY = 32
    P9_SET_CHANGE = 64
    P9_SET_ACCESS_GIVEN = 128
    P9_SET_MODIFY_GIVEN = 256

cdef struct Qid:
    u8 type
    u32 version
    u64 path

cdef struct Wire:
    u8* data
    u32 size                             # bytes that are there (reading), or that fit (writing)
    u32 at
    bint bad


cdef inline void wire_init(Wire* wire, void* data, u32 size) noexcept nogil:
    wire.data = <u8*>data
    wire.size = size
    wire.at = 0
    wire.bad = False

# The place of the next `length` bytes, or NULL.
cdef inline u8* wire_take(Wire* wire, u32 length) noexcept nogil:
    cdef u8* place
    if wire.bad or length > wire.size - wire.at:
        wire.bad = True
        return NULL
    place = wire.data + wire.at
    wire.at += length
    return place

cdef inline void wire_put(Wire* wire, u64 value, u32 length) noexcept nogil:
    cdef u8* place = wire_take(wire, length)
    cdef u32 i
    if place != NULL:
        for i in range(length):
            place[i] = <u8>(value >> (8 * i))

cdef inline u64 wire_get(Wire* wire, u32 length) noexcept nogil:
    cdef u8* place = wire_take(wire, length)
    cdef u64 value = 0
    cdef u32 i
    if place != NULL:
        for i in range(length):
            value |= <u64>place[i] << (8 * i)
    return value

cdef inline void wire_put_text(Wire* wire, const char* text, u32 length) noexcept nogil:
    cdef u8* place
    if length > 0xFFFF:
        wire.bad = True
        return
    wire_put(wire, length, 2)
    place = wire_take(wire, length)
    if place != NULL:
        memcpy(place, text, length)

# A text inside the message, not terminated; NULL if it is not all there.
cdef inline const char* wire_get_text(Wire* wire, u32* length) noexcept nogil:
    length[0] = <u32>wire_get(wire, 2)
    return <const char*>wire_take(wire, length[0])

cdef inline void wire_put_qid(Wire* wire, const Qid* qid) noexcept nogil:
    wire_put(wire, qid.type, 1)
    wire_put(wire, qid.version, 4)
    wire_put(wire, qid.path, 8)

cdef inline void wire_get_qid(Wire* wire, Qid* qid) noexcept nogil:
    qid.type = <u8>wire_get(wire, 1)
    qid.version = <u32>wire_get(wire, 4)
    qid.path = wire_get(wire, 8)

# A name that can stand for one entry of a directory: not empty, not too long, no "/" and no NUL in it,
# and neither "." nor "..".
cdef inline bint wire_is_name(const char* name, u32 length) noexcept nogil:
    cdef u32 i
    if name == NULL or length == 0 or length > P9_NAME_MAX:
        return False
    if name[0] == c'.' and (length == 1 or (length == 2 and name[1] == c'.')):
        return False
    for i in range(length):
        if name[i] == 0 or name[i] == c'/':
            return False
    return True
