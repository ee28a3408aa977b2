"""The process home: maps the image at its link address in this process and calls it."""
# Minimal first form: console output, clock, exit.
from libc.string cimport memset, memcpy, strncpy
from libc.stdint cimport uint64_t
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport *
import mmap as _mmap
import os

from elftools.elf.elffile import ELFFile

cdef extern from "<sys/mman.h>" nogil:
    void* mmap(void* addr, size_t length, int prot, int flags, int fd, long offset)
    int mprotect(void* addr, size_t length, int prot)
    int madvise(void* addr, size_t length, int advice)
    int PROT_READ, PROT_WRITE, PROT_EXEC, PROT_NONE
    int MAP_PRIVATE, MAP_ANONYMOUS, MAP_FIXED_NOREPLACE, MAP_NORESERVE, MAP_FIXED
    int MADV_DONTNEED, MADV_HUGEPAGE
    void* MAP_FAILED
cdef extern from "<time.h>" nogil:
    struct timespec:
        long tv_sec
        long tv_nsec
    int clock_gettime(int clock, timespec* ts)
    int clock_nanosleep(int clock, int flags, timespec* req, timespec* rem)
    int CLOCK_MONOTONIC, CLOCK_REALTIME, TIMER_ABSTIME
cdef extern from "<unistd.h>" nogil:
    long write(int fd, const void* data, size_t n)

cdef u64 WINDOW = 1 << 44
cdef u64 MODULES = 64 << 30

cdef PlatformCalls calls

cdef u64 now(int clock) noexcept nogil:
    cdef timespec ts
    clock_gettime(clock, &ts)
    return <u64>ts.tv_sec * 1000000000 + ts.tv_nsec

cdef u64 call_clock(void* c) noexcept nogil:
    return now(CLOCK_MONOTONIC)
cdef u64 call_wall(void* c) noexcept nogil:
    return now(CLOCK_REALTIME)
cdef void call_print(void* c, const char* text, u64 n) noexcept nogil:
    write(2, text, n)
cdef void call_wait(void* c, u64 deadline) noexcept nogil:
    cdef timespec ts
    ts.tv_sec = deadline // 1000000000
    ts.tv_nsec = deadline % 1000000000
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL)
cdef void call_timer(void* c, u64 deadline) noexcept nogil:
    pass
cdef void call_notify(void* c, u64 device, u32 queue) noexcept nogil:
    pass
cdef u32 call_read(void* c, u64 device, u32 offset) noexcept nogil:
    return 0
cdef void call_write(void* c, u64 device, u32 offset, u32 value) noexcept nogil:
    pass
cdef int call_protect(void* c, u64 address, u64 size, int access) noexcept nogil:
    cdef int prot = PROT_NONE
    if access & 1: prot |= PROT_READ
    if access & 2: prot |= PROT_WRITE
    return mprotect(<void*>address, size, prot)
cdef void call_release(void* c, u64 address, u64 size) noexcept nogil:
    madvise(<void*>address, size, MADV_DONTNEED)
cdef extern from *:
    """
    #include <sys/syscall.h>
    #include <unistd.h>
    #define ARCH_SET_GS 0x1001
    static void set_gs(void *base) { syscall(SYS_arch_prctl, ARCH_SET_GS, base); }
    """
    void set_gs(void* base) nogil
cdef void call_gs(void* c, void* base) noexcept nogil:
    set_gs(base)
cdef void call_events(void* c, EventHandler handler) noexcept nogil:
    pass

ctypedef int (*Entry)(BootInfo*) noexcept nogil

def run(image: str, memory: int, modules: dict) -> int:
    """Run `image` with `memory` bytes of RAM; modules: name -> path or bytes.  Returns the exit code."""
    cdef u64 ram = <u64>memory
    cdef u64 base = WINDOW + IMAGE_PHYSICAL
    cdef void* p = mmap(<void*>base, ram, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0)
    if p == MAP_FAILED:
        raise OSError(f"cannot map guest memory at {base:#x}")
    cdef u64 end = base
    cdef const char* data
    cdef u64 address
    with open(image, "rb") as f:
        elf = ELFFile(f)
        entry = elf.header["e_entry"]
        for s in elf.iter_segments():
            if s["p_type"] == "PT_LOAD":
                blob = s.data()
                data = blob
                address = s["p_vaddr"]
                memcpy(<void*>address, data, len(blob))
                end = max(end, address + <u64>s["p_memsz"])
    cdef BootInfo* info = <BootInfo*>((end + 4095) & ~<u64>4095)
    info.magic = BOOTINFO_MAGIC
    info.version = BOOTINFO_VERSION
    info.size = sizeof(BootInfo)
    info.home = HOME_PROCESS
    info.ring = 3
    info.cpu_count = 1
    info.memory_base = (<u64>info + sizeof(BootInfo) + 4095) & ~<u64>4095
    info.memory_end = base + ram
    cdef u64 where = WINDOW + MODULES
    cdef int fd
    cdef u64 size
    for name, source in modules.items():
        encoded = name.encode()
        strncpy(info.modules[info.module_count].name, encoded, BOOT_NAME_MAX - 1)
        if isinstance(source, bytes):
            size = len(source)
            mmap(<void*>where, size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0)
            data = source
            memcpy(<void*>where, data, size)
        else:
            fd = os.open(source, os.O_RDONLY)
            size = os.fstat(fd).st_size
            mmap(<void*>where, size, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 0)
            os.close(fd)
        info.modules[info.module_count].address = where
        info.modules[info.module_count].size = size
        info.module_count += 1
        where = (where + size + (1 << 21)) & ~<u64>((1 << 21) - 1)
    calls.clock = call_clock
    calls.wall = call_wall
    calls.print = call_print
    calls.wait = call_wait
    calls.timer = call_timer
    calls.notify = call_notify
    calls.device_read = call_read
    calls.device_write = call_write
    calls.protect = call_protect
    calls.release = call_release
    calls.set_cpu_base = call_gs
    calls.set_event_handler = call_events
    info.calls = &calls
    info.entry_time = now(CLOCK_MONOTONIC)
    info.wall_time = now(CLOCK_REALTIME)
    cdef Entry enter = <Entry><u64>entry
    cdef int code
    with nogil:
        code = enter(info)
    return code
