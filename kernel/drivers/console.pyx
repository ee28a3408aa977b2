# The consoles: see console.pxd.
#
# Output: a ring of buffers; bytes are collected in the buffer at `filling` and given to the device by
# the end of each console_write, so nothing is left behind when the caller goes on.  Input: one buffer,
# posted only when somebody reads, so that no byte is taken that nobody asked for; a used buffer of
# length 0 is the end of the input (runtime/devices/console.pxd).
#
# Invariant: an output buffer is free, being filled, or in flight; `in_flight` counts the last kind.
# All of it changes with events masked; waiting is on wait queues, because buffers come back in a poll.
# Interrupts for output are asked for only while somebody waits: else buffers are collected at the next
# write, which costs no exit.
from kernel.types cimport i64, u8, u32, u64
from kernel.boot.bootinfo cimport BootInfo
from kernel.platform.platform cimport platform_clock, platform_print
from kernel.drivers.virtio cimport *
from kernel.drivers.virtqueue cimport VirtqBuffer, virtqueue_add, virtqueue_take, virtqueue_want_interrupts
from kernel.memory.heap cimport kcalloc
from kernel.memory.string cimport memcpy
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.thread cimport WaitQueue, thread_block, thread_block_interruptible, threads_expect_event, waitqueue_wake_all
from kernel.threads.events cimport events_add_device
from kernel.diagnostics.log cimport log_warning
from kernel.files.errno cimport EAGAIN, EINTR

cdef enum:
    ROLES = 2
    RECEIVE = 0                          # virtio 1.2 §5.3.2
    TRANSMIT = 1
    QUEUE_SIZE = 16
    BUFFERS = 8
    DRAIN_NS = 100000000                 # what a panic waits for

cdef struct Output:
    u8 data[CONSOLE_BUFFER]
    Output* next                         # free list

cdef struct Console:
    bint present
    VirtioDevice device
    Output* free
    u32 in_flight
    WaitQueue writers                    # wait for a free buffer
    WaitQueue flushers                   # wait for in_flight == 0

cdef struct Input:
    u8 data[CONSOLE_BUFFER]
    u32 position                         # next byte to give
    u32 length
    bint posted                          # the device has the buffer
    bint ended
    bint limited                         # console_end_input has said where the input ends
    u64 limit                            # there, in bytes
    u64 received                         # bytes that have come so far
    WaitQueue readers

cdef Console consoles[ROLES]
cdef Input* keyboard
cdef void (*input_listener)() noexcept nogil


cdef void poll(void* argument) noexcept nogil:
    cdef Console* console = <Console*>argument
    virtio_acknowledge(&console.device)
    collect(console)


# What the device has given back.
cdef void collect(Console* console) noexcept nogil:
    cdef Output* output
    cdef u32 length = 0
    while True:
        output = <Output*>virtqueue_take(&console.device.queues[TRANSMIT], NULL)
        if output == NULL:
            break
        output.next = console.free
        console.free = output
        console.in_flight -= 1
    if console.device.queues[TRANSMIT].broken:
        console.present = False          # later output goes to platform_print
        console.in_flight = 0
    if console.free != NULL or not console.present:
        waitqueue_wake_all(&console.writers, 0)
    if console.in_flight == 0:
        waitqueue_wake_all(&console.flushers, 0)
    if console == &consoles[CONSOLE_MAIN] and keyboard != NULL and keyboard.posted:
        if virtqueue_take(&console.device.queues[RECEIVE], &length) != NULL or not console.present \
                or console.device.queues[RECEIVE].broken:
            keyboard.posted = False
            keyboard.position = 0
            keyboard.length = length
            keyboard.received += length
            if length == 0:
                keyboard.ended = True
            waitqueue_wake_all(&keyboard.readers, 0)
            if input_listener != NULL:
                input_listener()


cdef void open_console(u32 role, u32 device) noexcept nogil:
    cdef Console* console = &consoles[role]
    cdef Output* output
    cdef u32 i
    cdef int result = virtio_open(&console.device, device, VIRTIO_CONSOLE, 0, 2, QUEUE_SIZE)
    if result != 0:
        log_warning(b"console %u: virtio device %u cannot be used (%d)", role, device, <i64>result)
        return
    for i in range(BUFFERS):
        output = <Output*>kcalloc(1, sizeof(Output))
        if output == NULL:
            break
        output.next = console.free
        console.free = output
    if console.free == NULL or (role == CONSOLE_MAIN and keyboard == NULL) or events_add_device(poll, console) != 0:
        virtio_fail(&console.device)
        log_warning(b"console %u: no memory", role)
        return
    virtqueue_want_interrupts(&console.device.queues[TRANSMIT], False)
    virtio_start(&console.device)
    console.present = True


# Blocks until some output buffers have come back; events masked.
cdef void wait_for_output(Console* console, WaitQueue* queue, const char* reason) noexcept nogil:
    virtqueue_want_interrupts(&console.device.queues[TRANSMIT], True)
    collect(console)
    if console.present and (console.free == NULL if queue == &console.writers else console.in_flight != 0):
        threads_expect_event(1)
        thread_block(queue, 0, reason, console)
        threads_expect_event(-1)
    virtqueue_want_interrupts(&console.device.queues[TRANSMIT], False)


cdef public void console_init(BootInfo* info) noexcept nogil:
    global keyboard
    cdef u32 i, role
    keyboard = <Input*>kcalloc(1, sizeof(Input))
    for i in range(info.device_count):
        role = info.devices[i].role
        if info.devices[i].virtio_id == VIRTIO_CONSOLE and role < ROLES and not consoles[role].present:
            open_console(role, i)


# Give the device one buffer; events masked.
cdef void transmit(Console* console, Output* output, u32 length) noexcept nogil:
    cdef VirtqBuffer buffer
    buffer.data = output.data
    buffer.length = length
    buffer.writable = False
    if virtqueue_add(&console.device.queues[TRANSMIT], &buffer, 1, output) != 0:
        console.present = False
        platform_print(<const char*>output.data, length)
        return
    console.in_flight += 1
    virtio_kick(&console.device, TRANSMIT)
    collect(console)                     # a device that answers at once needs no event


cdef public i64 console_write(u32 role, const void* data, u64 size) noexcept nogil:
    cdef Console* console
    cdef const u8* bytes = <const u8*>data
    cdef u64 done = 0
    cdef u32 part
    cdef Output* output
    if role >= ROLES or not consoles[role].present:
        role = CONSOLE_MAIN if role < ROLES and consoles[CONSOLE_MAIN].present else role
    console = &consoles[role if role < ROLES else CONSOLE_MAIN]
    events_mask()
    while done < size:
        part = <u32>min(size - done, <u64>CONSOLE_BUFFER)
        if not console.present:
            platform_print(<const char*>(bytes + done), part)
            done += part
            continue
        output = console.free
        if output == NULL:
            wait_for_output(console, &console.writers, b"console output")
            continue
        console.free = output.next
        memcpy(output.data, bytes + done, part)
        transmit(console, output, part)
        done += part
    events_unmask()
    return <i64>size


# Everything before the end that console_end_input named has come.  The device may keep its buffer.
cdef inline bint exhausted() noexcept nogil:
    return keyboard.limited and keyboard.received >= keyboard.limit


cdef public void console_end_input(u64 count) noexcept nogil:
    if keyboard == NULL:
        return
    keyboard.limited = True
    keyboard.limit = count
    if exhausted():
        waitqueue_wake_all(&keyboard.readers, 0)
        if input_listener != NULL:
            input_listener()


# Ask the device for input, unless there is some, it has been asked, or it has ended; events masked.
cdef void ask() noexcept nogil:
    cdef VirtqBuffer buffer
    cdef Console* console = &consoles[CONSOLE_MAIN]
    if keyboard == NULL or not console.present:
        return
    if keyboard.posted or keyboard.position < keyboard.length or exhausted():
        return
    buffer.data = keyboard.data
    buffer.length = CONSOLE_BUFFER
    buffer.writable = True
    keyboard.ended = False               # a terminal may have more after its end-of-file key
    if virtqueue_add(&console.device.queues[RECEIVE], &buffer, 1, keyboard) == 0:
        keyboard.posted = True
        virtio_kick(&console.device, RECEIVE)
        collect(console)
    else:
        keyboard.ended = True


cdef public i64 console_read(void* into, u64 size, bint block) noexcept nogil:
    cdef i64 result = 0
    if keyboard == NULL or not consoles[CONSOLE_MAIN].present or size == 0:
        return 0
    events_mask()
    ask()
    while keyboard.posted and block and not exhausted():
        threads_expect_event(1)
        if thread_block_interruptible(&keyboard.readers, 0, b"console input", keyboard) == -EINTR:
            result = -EINTR
        threads_expect_event(-1)
        if result < 0:
            break
        if not keyboard.posted and not keyboard.ended and keyboard.position == keyboard.length:
            ask()                        # another reader was faster
    if result < 0:
        pass
    elif keyboard.position < keyboard.length:
        result = <i64>min(size, <u64>(keyboard.length - keyboard.position))
        memcpy(into, keyboard.data + keyboard.position, result)
        keyboard.position += <u32>result
    elif keyboard.posted and not exhausted():
        result = -EAGAIN
    events_unmask()
    return result


cdef public u64 console_available() noexcept nogil:
    cdef u64 count
    if keyboard == NULL:
        return 0
    events_mask()
    ask()
    count = keyboard.length - keyboard.position
    events_unmask()
    return count


cdef public bint console_at_end() noexcept nogil:
    if keyboard == NULL or not consoles[CONSOLE_MAIN].present or (keyboard.ended and not keyboard.posted):
        return True
    return exhausted() and keyboard.position == keyboard.length


cdef public void console_set_listener(void (*listener)() noexcept nogil) noexcept nogil:
    global input_listener
    input_listener = listener


cdef public void console_flush() noexcept nogil:
    cdef u32 role
    events_mask()
    for role in range(ROLES):
        while consoles[role].present and consoles[role].in_flight:
            wait_for_output(&consoles[role], &consoles[role].flushers, b"console flush")
    events_unmask()


cdef public void console_drain() noexcept nogil:
    cdef u32 role
    cdef u64 deadline = platform_clock() + DRAIN_NS
    cdef Output* output
    for role in range(ROLES):
        while consoles[role].present and consoles[role].in_flight and platform_clock() < deadline:
            output = <Output*>virtqueue_take(&consoles[role].device.queues[TRANSMIT], NULL)
            if output != NULL:
                consoles[role].in_flight -= 1
            elif consoles[role].device.queues[TRANSMIT].broken:
                break
