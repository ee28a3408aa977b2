# See control.pxd.
from kernel.types cimport i64, u8, u32, u64
from kernel.boot.bootinfo cimport BootInfo
from kernel.drivers.console cimport console_end_input
from kernel.drivers.control cimport CONTROL_ROLE
from kernel.drivers.virtio cimport *
from kernel.drivers.virtqueue cimport VirtqBuffer, virtqueue_add, virtqueue_take
from kernel.memory.heap cimport kmalloc
from kernel.threads.cpu cimport (PENDING_INTERRUPT_KEY, PENDING_QUIT_KEY, PENDING_TERMINATE, cpu_pending_set, events_mask,
                                 events_unmask)
from kernel.threads.events cimport events_add_device
from kernel.diagnostics.log cimport log_warning
from kernel.files.errno cimport ENOMEM

cdef enum:
    RECEIVE = 0                          # virtio 1.2 §5.3.2
    QUEUE_SIZE = 4
    PIECE = 64
    COUNT_BYTES = 8

cdef VirtioDevice line
cdef u8* piece
cdef u64 count                           # of an 'E' message under way
cdef u32 missing                         # bytes of it still to come


cdef void take(u8 byte) noexcept nogil:
    global count, missing
    if missing:
        missing -= 1
        count |= <u64>byte << (8 * (COUNT_BYTES - 1 - missing))
        if missing == 0:
            console_end_input(count)
    elif byte == c'I':
        cpu_pending_set(PENDING_INTERRUPT_KEY)
    elif byte == c'Q':
        cpu_pending_set(PENDING_QUIT_KEY)
    elif byte == c'T':
        cpu_pending_set(PENDING_TERMINATE)
    elif byte == c'E':
        count = 0
        missing = COUNT_BYTES
    else:
        log_warning(b"control line: no message begins with %x", byte)


cdef void post() noexcept nogil:
    cdef VirtqBuffer buffer
    buffer.data = piece
    buffer.length = PIECE
    buffer.writable = True
    if virtqueue_add(&line.queues[RECEIVE], &buffer, 1, piece) == 0:
        virtio_kick(&line, RECEIVE)


cdef void poll(void* argument) noexcept nogil:
    cdef u32 length = 0
    cdef u32 i
    virtio_acknowledge(&line)
    while virtqueue_take(&line.queues[RECEIVE], &length) != NULL:
        for i in range(min(length, <u32>PIECE)):
            take(piece[i])
        if length == 0:
            return                       # the launcher has closed it
        post()


cdef public void control_init(BootInfo* info) noexcept nogil:
    global piece
    cdef u32 i
    cdef int result
    for i in range(info.device_count):
        if info.devices[i].virtio_id == VIRTIO_CONSOLE and info.devices[i].role == CONTROL_ROLE:
            break
    else:
        return
    result = virtio_open(&line, i, VIRTIO_CONSOLE, 0, 2, QUEUE_SIZE)
    if result == 0:
        piece = <u8*>kmalloc(PIECE)
        if piece == NULL or events_add_device(poll, NULL) != 0:
            result = -ENOMEM
            virtio_fail(&line)
    if result != 0:
        log_warning(b"control line %u cannot be used (%d)", i, <i64>result)
        return
    virtio_start(&line)
    events_mask()
    post()
    poll(NULL)
    events_unmask()
