# Virtio 9P transport: see ninep.pxd.
#
# A device that answers while it is notified (our own monitors) is looked at right afterwards, with no
# interrupt asked for; only a thread that must sleep turns interrupts on, and looks once more before it does.
from kernel.types cimport i64, u8, u32, u64
from kernel.boot.bootinfo cimport BootInfo
from kernel.drivers.virtio cimport *
from kernel.drivers.virtqueue cimport VirtqBuffer, virtqueue_add, virtqueue_want_interrupts, virtqueue_take
from kernel.files.errno cimport EINVAL, EIO, ENODEV, ENOMEM, ENOSPC
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcmp
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.events cimport events_add_device
from kernel.threads.thread cimport (WaitQueue, thread_block, thread_yield, threads_expect_event, waitqueue_wake_all, waitqueue_wake_one)
from kernel.time.clock cimport clock_monotonic
from kernel.diagnostics.log cimport log_error, log_warning

cdef enum:
    FEATURE_TAG = 1                      # VIRTIO_9P_MOUNT_TAG
    QUEUE_SIZE = 128                     # what QEMU has
    PATIENCE_NS = 1500000                # for which a reply is looked for before its thread sleeps

cdef struct NinepDevice:
    NinepDevice* next
    VirtioDevice device
    u32 sleepers                         # threads that wait for an interrupt
    bint interrupted                     # interrupts were on since the last acknowledgement
    bint stopped
    u32 in_flight
    WaitQueue room                       # wait for descriptors
    u8 tag[NINEP_TAG_MAX]
    u32 tag_length

cdef NinepDevice* devices


# Takes in what has been answered; events masked.
cdef void collect(NinepDevice* d) noexcept nogil:
    cdef NinepCall* call
    cdef u32 length = 0
    while True:
        call = <NinepCall*>virtqueue_take(&d.device.queues[0], &length)
        if call == NULL:
            break
        call.received = length
        call.done = True
        d.in_flight -= 1
        if call.finished != NULL:
            call.finished(call)
        else:
            waitqueue_wake_all(&call.waiters, 0)
        waitqueue_wake_one(&d.room, 0)
    if d.device.queues[0].broken and not d.stopped:
        d.stopped = True
        virtio_stop(&d.device)           # it must not write into buffers that their owners get back
        log_error(b"9P device %u breaks the rules of its queue and is stopped", d.device.device)
        waitqueue_wake_all(&d.room, 0)


cdef void poll(void* argument) noexcept nogil:
    cdef NinepDevice* d = <NinepDevice*>argument
    if not d.interrupted:
        return                           # reading a register costs an exit
    d.interrupted = d.sleepers != 0
    virtio_acknowledge(&d.device)
    collect(d)


# Sleeps in `queue` until `call` is done or, for NULL, some call is; not if that shows at once.  Events masked.
cdef void wait(NinepDevice* d, WaitQueue* queue, NinepCall* call) noexcept nogil:
    cdef u32 before = d.in_flight
    d.sleepers += 1
    d.interrupted = True
    virtqueue_want_interrupts(&d.device.queues[0], True)
    collect(d)
    if not d.stopped and (not call.done if call != NULL else d.in_flight == before):
        threads_expect_event(1)
        thread_block(queue, 0, b"9P reply", d)
        threads_expect_event(-1)
    d.sleepers -= 1
    if d.sleepers == 0:
        virtqueue_want_interrupts(&d.device.queues[0], False)


# Most replies of a device with a thread of its own come sooner than a sleep and an interrupt take.
cdef void expect(NinepDevice* d, NinepCall* call) noexcept nogil:
    cdef u64 end = clock_monotonic() + PATIENCE_NS
    while not call.done and not d.stopped and clock_monotonic() < end:
        events_unmask()
        thread_yield()                   # others run meanwhile, if any can
        events_mask()
        collect(d)


# The chain of a call; how many buffers it has.
cdef u32 describe(NinepCall* call, VirtqBuffer* buffers) noexcept nogil:
    cdef u32 count = 1
    call.done = False
    call.received = 0
    call.waiters.head = NULL
    call.waiters.tail = NULL
    buffers[0].data = <void*>call.request
    buffers[0].length = call.request_size
    buffers[0].writable = False
    if call.payload_size:
        buffers[1].data = <void*>call.payload
        buffers[1].length = call.payload_size
        buffers[1].writable = False
        count = 2
    buffers[count].data = call.reply
    buffers[count].length = call.reply_room
    buffers[count].writable = True
    count += 1
    if call.data_room:
        buffers[count].data = call.data
        buffers[count].length = call.data_room
        buffers[count].writable = True
        count += 1
    return count


# Half of the queue is left to those who wait.
cdef bint transport_post(void* context, NinepCall* call) noexcept nogil:
    cdef NinepDevice* d = <NinepDevice*>context
    cdef VirtqBuffer buffers[4]
    cdef u32 count = describe(call, buffers)
    cdef bint queued
    events_mask()
    queued = not d.stopped and d.device.queues[0].free_count > d.device.queues[0].size // 2 \
        and virtqueue_add(&d.device.queues[0], buffers, count, call) == 0
    if queued:
        d.in_flight += 1
    events_unmask()
    return queued


cdef int transport_call(void* context, NinepCall* call) noexcept nogil:
    cdef NinepDevice* d = <NinepDevice*>context
    cdef VirtqBuffer buffers[4]
    cdef u32 count = describe(call, buffers)
    cdef int result
    events_mask()
    while True:
        result = -EIO if d.stopped else virtqueue_add(&d.device.queues[0], buffers, count, call)
        if result != -ENOSPC:
            break
        if d.in_flight == 0:
            result = -EIO                # a queue too short for one chain
            break
        virtio_kick(&d.device, 0)        # there may be posted ones that it has not heard of
        wait(d, &d.room, NULL)
    if result == 0:
        d.in_flight += 1
        virtio_kick(&d.device, 0)
        collect(d)
        if not call.done:
            expect(d, call)
        while not call.done and not d.stopped:
            wait(d, &call.waiters, call)
        if not call.done:
            result = -EIO
    events_unmask()
    return result


cdef bint read_tag(NinepDevice* d) noexcept nogil:
    # The configuration is read in whole words, as the transports have it; monitors choose tags that fill
    # them (runtime/launch.py).
    cdef u32 i, word = virtio_config32(&d.device, 0)
    d.tag_length = word & 0xFFFF
    if d.tag_length == 0 or d.tag_length > NINEP_TAG_MAX:
        return False
    for i in range(d.tag_length):
        if (i + 2) & 3 == 0:
            word = virtio_config32(&d.device, i + 2)
        d.tag[i] = <u8>(word >> (8 * ((i + 2) & 3)))
    return True


cdef int open_device(u32 number) noexcept nogil:
    global devices
    cdef NinepDevice* d = <NinepDevice*>kcalloc(1, sizeof(NinepDevice))
    cdef int result
    if d == NULL:
        return -ENOMEM
    result = virtio_open(&d.device, number, VIRTIO_9P, FEATURE_TAG, 1, QUEUE_SIZE)
    if result == 0 and not read_tag(d):
        result = -EINVAL
    if result == 0:
        virtqueue_want_interrupts(&d.device.queues[0], False)
        result = events_add_device(poll, d)
    if result != 0:
        virtio_fail(&d.device)
        kfree(d)
        return result
    virtio_start(&d.device)
    d.next = devices
    devices = d
    return 0


cdef public void ninep_devices_init(BootInfo* info) noexcept nogil:
    global devices
    cdef u32 i
    cdef int result
    devices = NULL
    for i in range(info.device_count):
        if info.devices[i].virtio_id == VIRTIO_9P:
            result = open_device(i)
            if result != 0:
                log_warning(b"9P device %u cannot be used (%d)", i, <i64>result)


cdef public int ninep_device_find(const char* tag, u32 length, NinepTransport* into) noexcept nogil:
    cdef NinepDevice* d = devices
    while d != NULL and (d.tag_length != length or memcmp(d.tag, tag, length) != 0):
        d = d.next
    if d == NULL:
        return -ENODEV
    into.call = transport_call
    into.post = transport_post
    into.context = d
    return 0
