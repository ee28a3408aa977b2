# Virtio 9P transport (device id 9, one queue) with a 9P2000.L server for one folder of the host.
# Configuration space: the tag's length, two bytes, then the tag, by which the guest knows what to mount.
#
# The server is confined to its folder.
# Invariant: a fid is a descriptor opened O_PATH without following a link, reached from the folder's own
# descriptor by names that are one path element each: no "/", no "." and no ".." is ever resolved, so
# walks lead down only; the guest's kernel resolves "..", and reads and follows symbolic links itself.
# Invariant: only regular files and directories are opened, through the descriptor, not by name again;
# set-user-id bits are not set for the guest; with `read_only` nothing that changes anything is done (EROFS).
# Invariant: a message is copied before it is looked at, except the data of Twrite; every length, count and
# fid in it is checked; what is wrong gets Rlerror.  A fid number is its index: at most NINEP_FIDS.
#
# Requests are served in the thread that notifies, one after the other.
# Interface: `folder` is an open descriptor of a directory, which stays the caller's.  ninep_close closes
# what the guest has left open.
from kernel.types cimport u8, u32, u64
from runtime.devices.device cimport Device
from runtime.devices.memory cimport GuestMemory

cdef enum:
    NINEP_FIDS = 16384
    NINEP_TAG_MAX = 32
    NINEP_MESSAGE = 9216                 # longest message but for the data of Twrite
    NINEP_ENTRIES = 65536                # most bytes of entries in one Rreaddir
    NINEP_MESSAGE_MAX = 16 << 20         # largest that Tversion agrees on

cdef struct Fid:
    int path                             # O_PATH descriptor + 1; 0: no such fid
    int file                             # opened by Tlopen or Tlcreate, + 1
    u32 mode                             # S_IFMT bits
    u64 position                         # directories: where the descriptor stands

cdef struct Ninep:
    Device device
    int folder
    bint read_only
    u64 folder_device                    # st_dev of the folder
    u32 message_size                     # agreed by Tversion; 0: not yet
    u32 fid_end                          # fids from here on were never used
    Fid* fids
    u8* message                          # NINEP_MESSAGE bytes: the request
    u8* answer                           # P9_READ_HEADER + NINEP_ENTRIES: the reply
    u8* entries                          # NINEP_ENTRIES / 2: what getdents64 gives

# 0, or -1 without memory.
cdef extern int ninep_init(Ninep* ninep, GuestMemory* memory, int folder, bint read_only, const char* tag,
                           void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil
cdef extern void ninep_close(Ninep* ninep) noexcept nogil
