# Shells of kernel/drivers, kernel/diagnostics, kernel/time and the configuration.
from kernel.drivers.virtqueue cimport (Virtqueue, VirtqBuffer, virtqueue_init, virtqueue_destroy, virtqueue_add,
                                       virtqueue_take, virtqueue_wants_notify, virtqueue_check)
from kernel.diagnostics.format cimport Text, text_init, text_format
from kernel.diagnostics.trace cimport (TraceHeader, trace_enable, trace_begin, trace_end, trace_instant, trace_complete,
                                       trace_start)
from kernel.diagnostics.log cimport log_set_level, log_format, log_copy
from kernel.boot.config cimport Config, config_find, config_parse_number
from kernel.time.entropy cimport entropy_add, entropy_bits, entropy_fill

cdef extern void chacha20_block(const k_u32* key, k_u32 counter, const k_u32* nonce, k_u32* into) noexcept nogil


cdef class Queue:
    """The driver's side of a virtqueue; the test is the device, through `memory`."""
    cdef Virtqueue queue
    cdef readonly int error

    def __init__(self, size: int) -> None:
        self.error = virtqueue_init(&self.queue, size)

    def add(self, buffers: list[tuple[int, int, bool]], token: int) -> int:
        cdef VirtqBuffer array[300]
        cdef int i
        for i, (address, length, writable) in enumerate(buffers):
            array[i].data = <void*><k_u64>address
            array[i].length = length
            array[i].writable = writable
        return virtqueue_add(&self.queue, array, len(buffers), <void*><k_u64>token)

    def take(self) -> tuple[int, int] | None:
        cdef k_u32 length = 0
        cdef void* token = virtqueue_take(&self.queue, &length)
        return (<k_u64>token, length) if token != NULL else None

    def addresses(self) -> tuple[int, int, int]:
        """(descriptor table, available ring, used ring)"""
        return <k_u64>self.queue.descriptors, <k_u64>self.queue.available, <k_u64>self.queue.used

    def check(self) -> bool:
        return virtqueue_check(&self.queue)

    def wants_notify(self) -> bool:
        return virtqueue_wants_notify(&self.queue)

    @property
    def broken(self) -> bool:
        return self.queue.broken

    @property
    def free(self) -> int:
        return self.queue.free_count

    def destroy(self) -> None:
        virtqueue_destroy(&self.queue)


def memory_write(address: int, data: bytes) -> None:
    bytes_memcpy(<void*><k_u64>address, <const char*>data, len(data))


def format_text(format: bytes, arguments: list[int | bytes], capacity: int = 256) -> tuple[bytes, bool]:
    """(text, cut)"""
    cdef k_u64 values[16]
    cdef Text text
    cdef int i
    buffer = bytearray(b"\xee" * (capacity + 8))
    cdef k_u8[:] view = buffer
    for i, argument in enumerate(arguments):
        if isinstance(argument, bytes):
            values[i] = <k_u64><const char*>argument
        elif argument is None:
            values[i] = 0
        else:
            values[i] = argument & 0xFFFFFFFFFFFFFFFF
    text_init(&text, <char*>&view[0], capacity)
    text_format(&text, format, values, len(arguments))
    if bytes(buffer[capacity:]) != b"\xee" * 8:
        raise AssertionError("the formatter wrote behind its buffer")
    return bytes(buffer[:text.length]), text.cut


def config_lookup(data: bytes, key: bytes, index: int) -> bytes | None:
    cdef Config config
    # A copy of exact size: a read behind its end is a read behind the allocation.
    cdef k_u8* copy = <k_u8*>kmalloc(max(len(data), 1))
    bytes_memcpy(copy, <const char*>data, len(data))
    config.data = <const char*>copy
    config.size = len(data)
    cdef const char* found = config_find(&config, key, index)
    result = None if found == NULL else <bytes>found
    kfree(copy)
    return result


def config_number_of(text: bytes) -> int | None:
    cdef k_u64 value
    return value if config_parse_number(text, &value) else None


def chacha20(key: bytes, counter: int, nonce: bytes) -> bytes:
    cdef k_u32 words[8]
    cdef k_u32 nonce_words[3]
    cdef k_u32 block[16]
    bytes_memcpy(words, <const char*>key, 32)
    bytes_memcpy(nonce_words, <const char*>nonce, 12)
    chacha20_block(words, counter, nonce_words, block)
    return (<const char*>block)[:64]


def entropy_mix(data: bytes, bits: int) -> None:
    entropy_add(<const char*>data, len(data), bits)


def entropy_known() -> int:
    return entropy_bits()


def entropy_draw(size: int) -> bytes:
    buffer = bytearray(max(size, 1))
    cdef k_u8[:] view = buffer
    entropy_fill(&view[0], size)
    return bytes(buffer[:size])


def log_line(level: int, text: bytes) -> None:
    cdef k_u64 none = 0
    log_format(level, text, &none, 0)


def log_level(level: int) -> None:
    log_set_level(level)


def log_tail(size: int) -> bytes:
    buffer = bytearray(max(size, 1))
    cdef k_u8[:] view = buffer
    cdef k_u64 n = log_copy(<char*>&view[0], size)
    return bytes(buffer[:n])


def trace_ring_of(capacity: int, events: list[tuple[str, bytes, int]]) -> bytes:
    """Record (phase, name, argument), 1 ms apart; the raw ring."""
    kernel_reset()
    if not trace_enable(capacity):
        raise MemoryError("trace_enable")
    cdef k_u64 start
    for phase, name, argument in events:
        start = trace_start()
        host_advance(1000000)
        if phase == "B":
            trace_begin(name, argument)
        elif phase == "E":
            trace_end(name)
        elif phase == "i":
            trace_instant(name, argument)
        else:
            trace_complete(name, argument, start)
    return trace_bytes()


cdef extern TraceHeader* trace_memory() noexcept nogil

cdef bytes trace_bytes():
    cdef TraceHeader* ring = trace_memory()
    return (<const char*>ring)[:sizeof(TraceHeader) + ring.capacity * ring.event_size]
