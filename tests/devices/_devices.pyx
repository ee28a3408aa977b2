"""Test shell of the device models: their register blocks and a piece of guest memory, from Python."""
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy
from kernel.types cimport u8, u32, u64
from runtime.devices.console cimport Console, console_init, console_receive, console_wants_input
from runtime.devices.device cimport Device, device_read, device_read_config, device_write
from runtime.devices.entropy cimport entropy_init
from runtime.devices.memory cimport GuestMemory, memory_add, memory_at
from runtime.devices.ninep cimport Ninep, ninep_close, ninep_init


cdef void count_interrupt(void* context) noexcept nogil:
    (<u32*>context)[0] += 1


cdef class Machine:
    """One device and two ranges of memory: RAM at `start`, and a read-only range behind a gap."""

    cdef GuestMemory memory
    cdef Console console
    cdef Device entropy
    cdef Ninep ninep
    cdef Device* device
    cdef u8* ram
    cdef u8* constant
    cdef u32 raised
    cdef readonly u64 start, size, constant_start, constant_size

    def __cinit__(self, str kind, int input=-1, int output=-1, u64 start=0x200000, u64 size=0x10000,
                  int folder=-1, bint read_only=False):
        self.start = start
        self.size = size
        self.constant_start = start + 2 * size
        self.constant_size = 4096
        self.ram = <u8*>calloc(1, size)
        self.constant = <u8*>calloc(1, 4096)
        memory_add(&self.memory, start, size, self.ram, True)
        memory_add(&self.memory, self.constant_start, 4096, self.constant, False)
        if kind == "console":
            console_init(&self.console, &self.memory, input, output, count_interrupt, &self.raised)
            self.device = &self.console.device
        elif kind == "ninep":
            if ninep_init(&self.ninep, &self.memory, folder, read_only, b"vol000", count_interrupt, &self.raised) < 0:
                raise MemoryError
            self.device = &self.ninep.device
        else:
            entropy_init(&self.entropy, &self.memory, count_interrupt, &self.raised)
            self.device = &self.entropy

    def __dealloc__(self):
        ninep_close(&self.ninep)
        free(self.ram)
        free(self.constant)

    @property
    def interrupts(self) -> int:
        return self.raised

    def read(self, u32 offset) -> int:
        return device_read(self.device, offset)

    def read_config(self, u32 offset, u32 width) -> int:
        return device_read_config(self.device, offset, width)

    def write(self, u32 offset, u32 value) -> None:
        device_write(self.device, offset, value)

    def wants_input(self) -> int:
        return console_wants_input(&self.console)

    def receive(self) -> bool:
        return console_receive(&self.console)

    def poke(self, u64 address, bytes data) -> None:
        cdef const char* text = data
        cdef u8* to = memory_at(&self.memory, address, len(data), False)
        if to == NULL:
            raise ValueError(hex(address))
        memcpy(to, text, len(data))

    def peek(self, u64 address, u64 size) -> bytes:
        cdef u8* at = memory_at(&self.memory, address, size, False)
        if at == NULL:
            raise ValueError(hex(address))
        return (<char*>at)[:size]

    def inside(self, u64 address, u64 size, bint write) -> bool:
        return memory_at(&self.memory, address, size, write) != NULL
