# The process home: every operation is a call into the monitor (PlatformCalls).
#
# The monitor's own code needs its own FS base (its thread-local storage).  While a thread of a C program runs,
# FS base is that program's: each call puts the monitor's in and the program's back, with events masked in
# between, for another thread would find the wrong one.  (Reading a clock touches no thread-local storage.)  A guest without C programs pays one comparison.
from kernel.types cimport i64, u32, u64
from kernel.boot.bootinfo cimport BootInfo, EventFrame, PlatformCalls
from kernel.platform.cpu cimport cpu_read_fs, cpu_scale, cpu_tsc, cpu_write_fs
from kernel.platform.operations cimport PlatformOperations
from kernel.platform.vectors cimport boot_stack_guard

cdef enum:
    SPAN = 50000000                      # ns
    SETTLED = 20000000                   # ns of the host's clock that give the first rate
    UNDISTURBED = 4000                   # ticks for asking the host
    TRIES = 3
    AHEAD_MOST = 1000000                 # ns: of more, something else is wrong

cdef extern void image_leave(int code) noexcept nogil        # kernel/boot/entry.S

cdef BootInfo* boot
cdef PlatformCalls* calls
cdef bint has_bases                      # some thread has had an FS base of its own
cdef bint steady                         # the clock is the processor's counter
cdef u64 base_tsc, base_ns               # a moment by the counter and by the guest's clock,
cdef u64 host_tsc, host_ns               # … and by the host's
cdef u64 multiplier                      # ns per tick, 32 bits behind the point; 0: not known yet
cdef u64 trusted                         # so many ticks after base_tsc
cdef void (*close_mask)() noexcept nogil # the kernel's event mask
cdef void (*open_mask)() noexcept nogil


cdef inline u64 read_base() noexcept nogil:
    return cpu_read_fs() if calls.thread_base == NULL else calls.thread_base(calls.context, 0)


cdef inline void write_base(u64 base) noexcept nogil:
    if calls.thread_base == NULL:
        cpu_write_fs(base)
    else:
        calls.thread_base(calls.context, base)


# Before a call: the program's FS base to put back after it, or 0.
cdef inline u64 enter_host() noexcept nogil:
    cdef u64 base
    if not has_bases:
        return 0
    base = read_base()
    if base == calls.host_base:          # in the event handler
        return 0
    close_mask()
    write_base(calls.host_base)
    return base


cdef inline void leave_host(u64 base) noexcept nogil:
    if base:
        write_base(base)
        open_mask()


cdef void set_thread_base(u64 base) noexcept nogil:
    global has_bases
    has_bases = True
    write_base(base)


cdef void set_event_mask(void (*close)() noexcept nogil, void (*open)() noexcept nogil) noexcept nogil:
    global close_mask, open_mask
    close_mask = close
    open_mask = open


# --- the clock ------------------------------------------------------------------------------------------
#
# Where Linux keeps its monotonic time by the processor's counter, so does the guest, at a third of the cost of asking: ticks
# after a moment that is known in both.  Every SPAN the host's clock is asked, and the rate set so that the difference to it (some
# nanoseconds) is gone after the next.
#
# Invariant: the clock never goes back.  Events are masked here (the platform's rule), so nobody looks in between.

cdef u64 ask_host() noexcept nogil:
    return max(calls.clock(calls.context), base_ns)


# The rate of the host's clock since it was asked last: ns per tick, 32 bits behind the point; 0: not to be believed.
cdef u64 measured(u64 ticks, u64 ns) noexcept nogil:
    cdef u64 rate
    while ns >> 31:
        ns >>= 1
        ticks >>= 1
    rate = (ns << 32) // ticks if ticks else 0
    if multiplier and (rate < multiplier - (multiplier >> 6) or rate > multiplier + (multiplier >> 6)):
        return 0
    return rate


cdef u64 set_clock() noexcept nogil:
    global steady, trusted, base_tsc, base_ns, host_tsc, host_ns, multiplier
    cdef u64 before, real, now, rate, ours
    cdef u64 told = base_ns + cpu_scale(trusted, multiplier)        # what was answered at most
    cdef int tries = 0
    while True:
        before = cpu_tsc()
        real = calls.clock(calls.context)
        now = cpu_tsc()
        tries += 1
        if now - before < UNDISTURBED or tries == TRIES:
            break
    if host_ns == 0:
        host_tsc = now
        host_ns = real
        return real
    if multiplier == 0 and real - host_ns < SETTLED:
        return real
    rate = multiplier
    if multiplier == 0 or now - before < UNDISTURBED:
        rate = measured(now - host_tsc, real - host_ns)
        host_tsc = now
        host_ns = real
    ours = max(real, told)
    if now < base_tsc or rate == 0 or ours - real > AHEAD_MOST:
        steady = False
        trusted = 0
        base_ns = ours
        return ours
    multiplier = rate - rate * (ours - real) // SPAN
    trusted = (<u64>SPAN << 32) // rate
    base_tsc = now
    base_ns = ours
    return ours


cdef u64 clock() noexcept nogil:
    cdef u64 passed
    if not steady:
        return ask_host()
    passed = cpu_tsc() - base_tsc
    return base_ns + cpu_scale(passed, multiplier) if passed < trusted else set_clock()

cdef u64 wall() noexcept nogil:
    return calls.wall(calls.context)

cdef void print_text(const char* text, u64 length) noexcept nogil:
    cdef u64 base = enter_host()
    calls.print(calls.context, text, length)
    leave_host(base)

cdef void wait(u64 deadline) noexcept nogil:
    cdef u64 base = enter_host()
    calls.wait(calls.context, deadline)
    leave_host(base)

cdef void timer(u64 deadline) noexcept nogil:
    cdef u64 base = enter_host()
    calls.timer(calls.context, deadline)
    leave_host(base)

cdef void leave(int code) noexcept nogil:
    if has_bases:
        close_mask()
        write_base(calls.host_base)
    image_leave(code)

cdef int protect(u64 address, u64 size, int access) noexcept nogil:
    cdef u64 base = enter_host()
    cdef int result = calls.protect(calls.context, address, size, access)
    leave_host(base)
    return result

cdef void release(u64 address, u64 size) noexcept nogil:
    cdef u64 base = enter_host()
    calls.release(calls.context, address, size)
    leave_host(base)

cdef void set_event_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil:
    cdef u64 base = enter_host()
    calls.set_event_handler(calls.context, handler)
    leave_host(base)

cdef u32 read_register(u32 device, u32 offset) noexcept nogil:
    cdef u64 base = enter_host()
    cdef u32 result = calls.device_read(calls.context, boot.devices[device].address, offset)
    leave_host(base)
    return result

cdef void write_register(u32 device, u32 offset, u32 value) noexcept nogil:
    cdef u64 base = enter_host()
    calls.device_write(calls.context, boot.devices[device].address, offset, value)
    leave_host(base)

cdef void notify(u32 device, u32 queue) noexcept nogil:
    cdef u64 base = enter_host()
    calls.notify(calls.context, boot.devices[device].address, queue)
    leave_host(base)

cdef void set_cpu_base(void* cpu) noexcept nogil:
    cdef u64 base = enter_host()
    calls.set_cpu_base(calls.context, cpu)
    leave_host(base)


cdef public void platform_process_init(BootInfo* info, PlatformOperations* table) noexcept nogil:
    global boot, calls, has_bases, steady, base_tsc, base_ns, host_tsc, host_ns, multiplier, trusted
    has_bases = False
    base_tsc = base_ns = host_tsc = host_ns = multiplier = trusted = 0
    steady = info.tsc_khz != 0
    boot = info
    calls = info.calls
    table.clock = clock
    table.wall = wall
    table.print = print_text
    table.wait = wait
    table.timer = timer
    table.exit = leave
    table.protect = protect
    table.release = release
    table.set_event_handler = set_event_handler
    table.device_read = read_register
    table.device_write = write_register
    table.device_notify = notify
    table.set_cpu_base = set_cpu_base
    table.set_thread_base = set_thread_base
    table.set_event_mask = set_event_mask
    calls.protect(calls.context, <u64>&boot_stack_guard[0], 4096, 0)
