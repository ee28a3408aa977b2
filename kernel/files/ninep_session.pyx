# What is said to a 9P server: see ninep_session.pxd.
#
# Invariant: the map of fids and the list of free clunks change with events masked only.
from kernel.types cimport u8, u32, u64
from kernel.drivers.ninep cimport NinepCall, NinepTransport
from kernel.files.errno cimport *
from kernel.files.ninep_wire cimport *
from kernel.memory.string cimport memcmp, memset
from kernel.threads.cpu cimport events_mask, events_unmask

cdef enum:
    MESSAGE_SIZE = 528384                # asked for: data of 512 KiB and a page


cdef public void ninep_begin(NinepSession* session, NinepExchange* message, u32 type) noexcept nogil:
    wire_init(&message.request, message.sent, NINEP_SMALL)
    events_mask()
    session.tag = session.tag + 1 if session.tag < P9_NOTAG - 1 - NINEP_CLUNKS else 0
    message.tag = session.tag
    events_unmask()
    if type == P9_TVERSION:
        message.tag = P9_NOTAG
    wire_put(&message.request, 0, 4)
    wire_put(&message.request, type, 1)
    wire_put(&message.request, message.tag, 2)


cdef public int ninep_exchange(NinepSession* session, NinepExchange* message, const void* payload, u32 payload_size, u32 room,
                               void* data, u32 data_room) noexcept nogil:
    cdef NinepCall call
    cdef Wire* reply = &message.reply
    cdef u8 asked = message.request.data[4]
    cdef u32 size, type, tag, code
    cdef int error
    if message.request.bad:
        return -EINVAL
    memset(&call, 0, sizeof(call))
    call.request = message.request.data
    call.request_size = message.request.at
    call.payload = payload
    call.payload_size = payload_size
    call.reply = message.received
    call.reply_room = room
    call.data = data
    call.data_room = data_room
    size = call.request_size + payload_size
    message.request.at = 0
    wire_put(&message.request, size, 4)
    error = session.transport.call(session.transport.context, &call)
    if error != 0:
        return error
    if call.received > room + data_room:
        return -EIO
    wire_init(reply, message.received, min(call.received, room))
    size = <u32>wire_get(reply, 4)
    type = <u32>wire_get(reply, 1)
    tag = <u32>wire_get(reply, 2)
    if reply.bad or size < P9_HEADER or size > call.received or tag != message.tag:
        return -EIO
    reply.size = min(size, room)
    if type == P9_RLERROR:
        code = <u32>wire_get(reply, 4)
        return -<int>code if not reply.bad and 0 < code < 4096 else -EIO
    return 0 if type == asked + 1u else -EIO


cdef public int ninep_ask(NinepSession* session, NinepExchange* message) noexcept nogil:
    return ninep_exchange(session, message, NULL, 0, sizeof(message.received), NULL, 0)


# A number that is not in use, or 0: none is left.
cdef u32 fid_new(NinepSession* session) noexcept nogil:
    cdef u32 word, bit, fid = 0
    events_mask()
    for word in range(NINEP_FID_WORDS):
        if ~session.fids[word]:
            bit = 0
            while session.fids[word] >> bit & 1:
                bit += 1
            session.fids[word] |= <u64>1 << bit
            fid = word * 64 + bit
            break
    events_unmask()
    return fid


cdef void fid_free(NinepSession* session, u32 fid) noexcept nogil:
    events_mask()
    session.fids[fid // 64] &= ~(<u64>1 << (fid & 63))
    events_unmask()


# ninep_clunk(5): the fid is gone whatever the server says.
cdef public void ninep_clunk(NinepSession* session, u32 fid) noexcept nogil:
    cdef NinepExchange message
    ninep_begin(session, &message, P9_TCLUNK)
    wire_put(&message.request, fid, 4)
    ninep_ask(session, &message)
    fid_free(session, fid)


cdef void clunk_finished(NinepCall* call) noexcept nogil:
    cdef NinepClunk* self = <NinepClunk*>call
    self.session.fids[self.fid // 64] &= ~(<u64>1 << (self.fid & 63))
    self.next = self.session.free_clunks
    self.session.free_clunks = self


cdef public void ninep_release(NinepSession* session, u32 fid) noexcept nogil:
    cdef NinepClunk* self = NULL
    cdef Wire wire
    if session.transport.post != NULL:
        events_mask()
        self = session.free_clunks
        if self != NULL:
            session.free_clunks = self.next
        events_unmask()
    if self == NULL:
        ninep_clunk(session, fid)
        return
    self.fid = fid
    wire_init(&wire, self.request, sizeof(self.request))
    wire_put(&wire, P9_HEADER + 4, 4)
    wire_put(&wire, P9_TCLUNK, 1)
    wire_put(&wire, P9_NOTAG - 1 - <u32>(self - session.clunks), 2)
    wire_put(&wire, fid, 4)
    self.call.request_size = wire.at
    if not session.transport.post(session.transport.context, &self.call):
        events_mask()
        self.next = session.free_clunks
        session.free_clunks = self
        events_unmask()
        ninep_clunk(session, fid)


cdef public int ninep_walk(NinepSession* session, u32 from_, const char* name, u64 length, u32* fid, Qid* qid) noexcept nogil:
    cdef NinepExchange message
    cdef u32 made = fid_new(session)
    cdef u64 count
    cdef int error
    if made == 0:
        return -ENFILE
    ninep_begin(session, &message, P9_TWALK)
    wire_put(&message.request, from_, 4)
    wire_put(&message.request, made, 4)
    wire_put(&message.request, 1 if name != NULL else 0, 2)
    if name != NULL:
        wire_put_text(&message.request, name, <u32>length)
    error = ninep_ask(session, &message)
    if error == 0:
        count = wire_get(&message.reply, 2)
        if count == 1:
            wire_get_qid(&message.reply, qid)
        if message.reply.bad or count != <u64>(name != NULL):
            # ninep_walk(5): after fewer names than asked for there is no new fid.
            error = -ENOENT if count == 0 and not message.reply.bad else -EIO
    if error != 0:
        fid_free(session, made)
        return error
    fid[0] = made
    return 0


cdef public int ninep_open(NinepSession* session, u32 fid, u32 flags) noexcept nogil:
    cdef NinepExchange message
    ninep_begin(session, &message, P9_TLOPEN)
    wire_put(&message.request, fid, 4)
    wire_put(&message.request, flags, 4)
    return ninep_ask(session, &message)


cdef public u32 ninep_reply_size(NinepExchange* message) noexcept nogil:
    cdef Wire wire
    wire_init(&wire, message.received, 4)
    return <u32>wire_get(&wire, 4)


cdef int agree(NinepSession* session) noexcept nogil:
    cdef NinepExchange message
    cdef u32 size, length
    cdef const char* version
    cdef int error
    ninep_begin(session, &message, P9_TVERSION)
    wire_put(&message.request, MESSAGE_SIZE, 4)
    wire_put_text(&message.request, b"9P2000.L", 8)
    error = ninep_ask(session, &message)
    if error != 0:
        return error
    size = <u32>wire_get(&message.reply, 4)
    version = wire_get_text(&message.reply, &length)
    if message.reply.bad or size < P9_MESSAGE_MIN or size > MESSAGE_SIZE:
        return -EPROTO
    if length != 8 or memcmp(version, b"9P2000.L", 8) != 0:
        return -EPROTO
    session.data_size = (size - P9_WRITE_HEADER) & ~<u32>4095 if size >= 8192 else size - P9_WRITE_HEADER
    return 0


cdef int attach(NinepSession* session, Qid* qid) noexcept nogil:
    cdef NinepExchange message
    cdef int error
    ninep_begin(session, &message, P9_TATTACH)
    wire_put(&message.request, NINEP_ROOT_FID, 4)
    wire_put(&message.request, P9_NOFID, 4)
    wire_put_text(&message.request, b"root", 4)
    wire_put_text(&message.request, b"", 0)
    wire_put(&message.request, 0, 4)
    error = ninep_ask(session, &message)
    if error != 0:
        return error
    wire_get_qid(&message.reply, qid)
    return 0 if not message.reply.bad and qid.type & P9_QTDIR else -EPROTO


cdef public int ninep_start(NinepSession* session, const NinepTransport* transport, Qid* root) noexcept nogil:
    cdef int error, i
    session.transport = transport[0]
    for i in range(NINEP_CLUNKS):
        session.clunks[i].session = session
        session.clunks[i].call.request = session.clunks[i].request
        session.clunks[i].call.reply = session.clunks[i].reply
        session.clunks[i].call.reply_room = sizeof(session.clunks[i].reply)
        session.clunks[i].call.finished = clunk_finished
        session.clunks[i].next = session.free_clunks
        session.free_clunks = &session.clunks[i]
    session.fids[0] = 1                  # NINEP_ROOT_FID
    error = agree(session)
    return attach(session, root) if error == 0 else error
