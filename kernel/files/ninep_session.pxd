# A session with a 9P2000.L server: requests and replies, numbers of files (fids), and the first agreement.
#
# Invariant: nothing from the server is believed: a reply's length, type and tag are checked here, and whoever reads
# it further looks at `reply.bad`.
# A fid that was given out is given back with ninep_clunk or ninep_release.
from kernel.types cimport u8, u16, u32, u64
from kernel.drivers.ninep cimport NinepCall, NinepTransport
from kernel.files.ninep_wire cimport Qid, Wire

cdef enum:
    NINEP_FID_WORDS = 256                # of 64: the fids of one volume (runtime/devices/ninep.pxd: NINEP_FIDS)
    NINEP_CLUNKS = 24                    # posted at once
    NINEP_ROOT_FID = 0
    NINEP_SMALL = 640                    # the longest request but symlink's: two names

# A Tclunk that nobody waits for.
cdef struct NinepClunk:
    NinepCall call                       # first, so that a NinepCall* is a NinepClunk*
    NinepClunk* next
    NinepSession* session
    u32 fid
    u8 request[16]
    u8 reply[16]

cdef struct NinepSession:
    NinepTransport transport
    u16 tag
    u32 data_size                        # most data of one message, agreed
    u64 fids[NINEP_FID_WORDS]            # a bit each: in use
    NinepClunk* free_clunks
    NinepClunk clunks[NINEP_CLUNKS]

# A request and its reply; small ones lie in here.
cdef struct NinepExchange:
    Wire request
    Wire reply
    u16 tag
    u8 sent[NINEP_SMALL]
    u8 received[256]

# Version and attach; the session's memory is zero before.  0 or a negative errno.
cdef extern int ninep_start(NinepSession* session, const NinepTransport* transport, Qid* root) noexcept nogil
cdef extern void ninep_begin(NinepSession* session, NinepExchange* message, u32 type) noexcept nogil
# Sends the request with `payload` behind it and receives the reply: its first `room` bytes (at most 256;
# all of it if `data` is NULL) can be read from message.reply, the rest lies at `data`.  0 or a negative errno.
cdef extern int ninep_exchange(NinepSession* session, NinepExchange* message, const void* payload, u32 payload_size, u32 room,
                               void* data, u32 data_room) noexcept nogil
cdef extern int ninep_ask(NinepSession* session, NinepExchange* message) noexcept nogil     # no payload, a small reply
# The length that a reply states, which ninep_exchange has compared with what came.
cdef extern u32 ninep_reply_size(NinepExchange* message) noexcept nogil
# A new fid for `name` in the directory at fid `from_`, or for the same file if `name` is NULL.
cdef extern int ninep_walk(NinepSession* session, u32 from_, const char* name, u64 length, u32* fid, Qid* qid) noexcept nogil
cdef extern int ninep_open(NinepSession* session, u32 fid, u32 flags) noexcept nogil
cdef extern void ninep_clunk(NinepSession* session, u32 fid) noexcept nogil
# The same for a fid on which nothing is open, without waiting: the server hears of it with the next message.
cdef extern void ninep_release(NinepSession* session, u32 fid) noexcept nogil
