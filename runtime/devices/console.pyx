# Virtio console: see console.pxd.
from libc.errno cimport EAGAIN, EFAULT, EINTR, errno
from kernel.types cimport u32, u64
from runtime.devices.device cimport (Device, STATUS_DRIVER_OK, STATUS_NEEDS_RESET, VIRTIO_CONSOLE, device_break,
    device_init, device_used)
from runtime.devices.memory cimport GuestMemory
from runtime.devices.virtqueue cimport (Buffer, CHAIN_MAX, Chain, QUEUE_CHAIN, Virtqueue, virtqueue_pop, virtqueue_push,
    virtqueue_waiting)
from runtime.devices.console cimport CONSOLE_RECEIVE, CONSOLE_TRANSMIT, Console

cdef extern from "<sys/uio.h>" nogil:
    struct iovec:
        void* iov_base
        size_t iov_len
    ssize_t readv(int fd, const iovec* parts, int count)
    ssize_t writev(int fd, const iovec* parts, int count)
cdef extern from "<poll.h>" nogil:
    struct pollfd:
        int fd
        short events
        short revents
    int poll(pollfd* fds, unsigned long count, int timeout)
    short POLLIN, POLLOUT


cdef bint ready(int fd, short events, int timeout) noexcept nogil:
    cdef pollfd one
    one.fd = fd
    one.events = events
    one.revents = 0
    return poll(&one, 1, timeout) > 0


cdef void write_all(Console* console, Buffer* parts, u32 count) noexcept nogil:
    cdef ssize_t done
    cdef size_t rest
    while count and not console.output_gone:
        done = writev(console.output, <iovec*>parts, <int>count)
        if done < 0:
            if errno == EAGAIN:
                ready(console.output, POLLOUT, -1)
            elif errno == EFAULT:        # a page that the guest has protected: its own loss
                return
            elif errno != EINTR:
                console.output_gone = True
            continue
        rest = <size_t>done
        while count and rest >= parts.length:
            rest -= parts.length
            parts += 1
            count -= 1
        if count:
            parts.data += rest
            parts.length -= rest


cdef public void console_transmit(Console* console) noexcept nogil:
    cdef Chain chain
    cdef bint used = False
    # A pipe or terminal that is ready takes a page, which is what the kernel's buffers hold.
    cdef Virtqueue* queue = &console.device.queues[CONSOLE_TRANSMIT]
    while virtqueue_waiting(queue) and (console.output_gone or ready(console.output, POLLOUT, 0)):
        if virtqueue_pop(queue, console.device.memory, &chain) != QUEUE_CHAIN:
            device_break(&console.device)
            break
        write_all(console, chain.buffers, chain.readable_count)
        virtqueue_push(queue, chain.head, 0)
        used = True
    if used:
        device_used(&console.device, CONSOLE_TRANSMIT)


cdef public int console_wants_output(Console* console) noexcept nogil:
    if console.output_gone or console.device.status & (STATUS_DRIVER_OK | STATUS_NEEDS_RESET) != STATUS_DRIVER_OK:
        return -1
    return console.output if virtqueue_waiting(&console.device.queues[CONSOLE_TRANSMIT]) else -1


cdef public int console_wants_input(Console* console) noexcept nogil:
    if console.device.status & (STATUS_DRIVER_OK | STATUS_NEEDS_RESET) != STATUS_DRIVER_OK:
        return -1
    return console.input if virtqueue_waiting(&console.device.queues[CONSOLE_RECEIVE]) else -1


cdef public bint console_receive(Console* console) noexcept nogil:
    cdef Chain chain
    cdef ssize_t got
    cdef bint used = False
    while (console.device.status & STATUS_NEEDS_RESET == 0
           and virtqueue_waiting(&console.device.queues[CONSOLE_RECEIVE])
           and (console.input < 0 or ready(console.input, POLLIN, 0))):
        if virtqueue_pop(&console.device.queues[CONSOLE_RECEIVE], console.device.memory, &chain) != QUEUE_CHAIN:
            device_break(&console.device)
            break
        if console.input < 0 or chain.writable_bytes == 0:
            got = 0
        else:
            got = readv(console.input, <const iovec*>(chain.buffers + chain.readable_count), <int>chain.writable_count)
            if got < 0 and errno in (EAGAIN, EINTR):
                # Somebody else took it: the chain stays the guest's next one.
                console.device.queues[CONSOLE_RECEIVE].taken -= 1
                break
            if got < 0:
                got = 0                  # an error ends the input
        virtqueue_push(&console.device.queues[CONSOLE_RECEIVE], chain.head, <u32>got)
        used = True
    if used:
        device_used(&console.device, CONSOLE_RECEIVE)
    return used


cdef void process(Device* device, u32 queue) noexcept nogil:
    if queue == CONSOLE_TRANSMIT:
        console_transmit(<Console*>device)
    else:
        console_receive(<Console*>device)


cdef public void console_init(Console* console, GuestMemory* memory, int input, int output,
                              void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil:
    device_init(&console.device, VIRTIO_CONSOLE, 2, memory, interrupt, context)
    console.device.process = process
    console.input = input
    console.output = output
    console.output_gone = output < 0
