# The probe: a tiny guest that tests what a home owes to an image, with nothing but the platform under it.
#
# BootInfo.command_line names the scenario (see `kernel_main` at the end), with an optional number
# behind it.  Each scenario prints what it saw and exits with a code that the tests know.
from kernel.types cimport i64, u8, u16, u32, u64
from kernel.boot.bootinfo cimport *
from kernel.platform.platform cimport *

cdef extern from *:
    """
    #define WINDOW_START 0x100000000000UL
    typedef volatile unsigned long volatile_u64;
    #define fence() __atomic_thread_fence(__ATOMIC_SEQ_CST)
    static inline unsigned short load16(volatile unsigned short *p) { return *p; }
    static inline unsigned long load64(volatile unsigned long *p) { return *p; }
    static inline unsigned long gs_word(void) { unsigned long v; __asm__ volatile("mov %%gs:0, %0" : "=r"(v)); return v; }
    static inline void undefined(void) { __asm__ volatile("ud2"); }
    static inline unsigned divide(unsigned a, unsigned b) {
        unsigned q, r; __asm__ volatile("divl %4" : "=a"(q), "=d"(r) : "0"(a), "1"(0), "r"(b)); return q; }
    static inline void store64(unsigned long to, unsigned long v) { __asm__ volatile("mov %1, (%0)" : : "r"(to), "r"(v) : "memory"); }
    __attribute__((noinline)) static unsigned long recurse(unsigned long depth) {
        volatile unsigned long room[64];
        room[depth & 63] = depth;
        unsigned long below = depth + 1 ? recurse(depth + 1) : 0;
        return below + room[depth & 63];
    }
    /* Runs out of a page of stack with nothing below it. */
    __attribute__((noinline)) static void recurse_small(void) {
        __asm__ volatile("mov %0, %%rsp; push %%rbx" : : "r"(0x1008UL) : "rbx", "memory");
    }
    static inline void pause_cpu(void) { __asm__ volatile("pause"); }
    /* Fills and checks every register that an interruption must not change. */
    static inline unsigned long spin_registers(unsigned long rounds) {
        unsigned long bad = 0;
        for (unsigned long i = 0; i < rounds; i++) {
            unsigned long a = i * 3 + 1, b = i * 5 + 2, c = i * 7 + 3, d = i ^ 0x5555, out;
            __asm__ volatile(
                "movq %1, %%xmm5\\n movq %2, %%xmm13\\n mov %3, %%r12\\n mov %4, %%r8\\n"
                "mov $40, %%ecx\\n 1: dec %%ecx\\n jnz 1b\\n"
                "xor %%rax, %%rax\\n movq %%xmm5, %%rdx\\n xor %1, %%rdx\\n or %%rdx, %%rax\\n"
                "movq %%xmm13, %%rdx\\n xor %2, %%rdx\\n or %%rdx, %%rax\\n"
                "xor %3, %%r12\\n or %%r12, %%rax\\n xor %4, %%r8\\n or %%r8, %%rax\\n"
                : "=&a"(out) : "r"(a), "r"(b), "r"(c), "r"(d) : "rcx", "rdx", "r8", "r12", "xmm5", "xmm13", "cc");
            bad |= out;
        }
        return bad;
    }
    """
    u64 WINDOW_START
    ctypedef u64 volatile_u64
    void fence() nogil
    u16 load16(u16* p) nogil
    u64 load64(u64* p) nogil
    u64 gs_word() nogil
    void undefined() nogil
    u32 divide(u32 a, u32 b) nogil
    void store64(u64 address, u64 value) nogil
    void pause_cpu() nogil
    u64 recurse(u64 depth) nogil
    void recurse_small() nogil
    u64 spin_registers(u64 rounds) nogil

cdef BootInfo* boot
cdef u64 timers, devices, keys, quits, terms, faults
cdef u64 fault_address, fault_vector, fault_error
cdef int reaction
cdef u8* scratch                         # RAM behind BootInfo

# What the handler does about faults.
cdef enum:
    REACT_SKIP = 1                       # go on at `probe_resume`
    REACT_UNPROTECT = 2                  # make the page usable and try again
    REACT_FAULT = 3                      # fault in the handler
    REACT_HANG = 4
    REACT_EXIT = 5
    REACT_RECURSE = 6

# --- text ----------------------------------------------------------------------------------------

cdef u64 text_length(const char* text) noexcept nogil:
    cdef u64 n = 0
    while text[n]:
        n += 1
    return n

cdef void say(const char* text) noexcept nogil:
    platform_print(text, text_length(text))

cdef void say_number(u64 value) noexcept nogil:
    cdef char digits[24]
    cdef int at = 24
    while True:
        at -= 1
        digits[at] = <char>(48 + value % 10)
        value //= 10
        if value == 0:
            break
    platform_print(digits + at, 24 - at)

cdef void note(const char* name, u64 value) noexcept nogil:
    say(name)
    say(b" ")
    say_number(value)
    say(b"\n")

cdef bint starts(const char* text, const char* word) noexcept nogil:
    cdef u64 n = text_length(word), i
    for i in range(n):
        if text[i] != word[i]:
            return False
    return text[n] == 0 or text[n] == 32

cdef u64 argument() noexcept nogil:
    cdef char* p = boot.command_line
    cdef u64 value = 0
    while p[0] and p[0] != 32:
        p += 1
    while p[0] == 32:
        p += 1
    while 48 <= p[0] <= 57:
        value = value * 10 + <u64>(p[0] - 48)
        p += 1
    return value

# --- events --------------------------------------------------------------------------------------

cdef void handler(EventFrame* frame) noexcept nogil:
    global timers, devices, keys, quits, terms, faults, fault_address, fault_vector, fault_error
    if frame.vector == EVENT_TIMER:
        timers += 1
        # Registers of the interrupted code must survive any use of them here.
        scratch[0] = <u8>(<double>timers * 1.5)
    elif frame.vector == EVENT_DEVICE:
        devices += 1
    elif frame.vector == EVENT_INTERRUPT_KEY:
        keys += 1
    elif frame.vector == EVENT_QUIT_KEY:
        quits += 1
    elif frame.vector == EVENT_TERMINATE:
        terms += 1
    else:
        faults += 1
        fault_vector = frame.vector
        fault_address = frame.address
        fault_error = frame.error
        if reaction == REACT_SKIP:
            frame.rip = resume_at[0]
            frame.rsp = resume_at[1]
            frame.rbp = resume_at[2]
            frame.rbx = resume_at[3]
            frame.r12 = resume_at[4]
            frame.r13 = resume_at[5]
            frame.r14 = resume_at[6]
            frame.r15 = resume_at[7]
            frame.rax = 1
        elif reaction == REACT_UNPROTECT:
            platform_protect(frame.address & ~<u64>4095, 4096, ACCESS_WRITE)
        elif reaction == REACT_FAULT:
            store64(0x10, 1)
        elif reaction == REACT_HANG:
            while True:
                pause_cpu()
        elif reaction == REACT_EXIT:
            platform_exit(77)
        elif reaction == REACT_RECURSE:
            recurse(0)

cdef extern from *:
    """
    __attribute__((used)) static unsigned long resume_at[8];
    /* Returns 0; after a fault with REACT_SKIP it returns a second time, with 1. */
    __attribute__((naked, noinline, returns_twice)) static int resume_here(void) {
        __asm__("lea resume_at(%rip), %rax\\n pop %rdx\\n mov %rdx, (%rax)\\n mov %rsp, 8(%rax)\\n"
                "mov %rbp, 16(%rax)\\n mov %rbx, 24(%rax)\\n mov %r12, 32(%rax)\\n mov %r13, 40(%rax)\\n"
                "mov %r14, 48(%rax)\\n mov %r15, 56(%rax)\\n xor %eax, %eax\\n jmp *%rdx");
    }
    """
    u64 resume_at[8]
    int resume_here() nogil

# --- a driver for any virtio device ----------------------------------------------------------------

cdef enum:
    QUEUE = 8

cdef struct Ring:
    u64 descriptors[QUEUE * 2]
    u16 available[4 + QUEUE]
    u16 pad[116]
    u16 used[4 + QUEUE * 4]
    u16 seen

cdef Ring rings[8]

cdef u32 place[3]                        # boot devices: console, errors, entropy

cdef void find_places() noexcept nogil:
    cdef u32 i
    for i in range(boot.device_count):
        if boot.devices[i].virtio_id == 4:
            place[2] = i
        elif boot.devices[i].virtio_id == 3:
            if boot.devices[i].role < 2:
                place[boot.devices[i].role] = i

cdef u64 physical(void* p) noexcept nogil:
    return <u64>p - WINDOW_START

cdef void start_device(u32 device, u32 queues) noexcept nogil:
    cdef u32 q
    cdef Ring* r
    platform_device_write(place[device], 0x70, 0)
    platform_device_write(place[device], 0x70, 3)
    platform_device_write(place[device], 0x24, 1)
    platform_device_write(place[device], 0x20, 1)
    platform_device_write(place[device], 0x70, 11)
    for q in range(queues):
        r = &rings[device * 2 + q]
        platform_device_write(place[device], 0x30, q)
        platform_device_write(place[device], 0x38, QUEUE)
        platform_device_write(place[device], 0x80, <u32>physical(r.descriptors))
        platform_device_write(place[device], 0x84, <u32>(physical(r.descriptors) >> 32))
        platform_device_write(place[device], 0x90, <u32>physical(r.available))
        platform_device_write(place[device], 0x94, <u32>(physical(r.available) >> 32))
        platform_device_write(place[device], 0xa0, <u32>physical(r.used))
        platform_device_write(place[device], 0xa4, <u32>(physical(r.used) >> 32))
        platform_device_write(place[device], 0x44, 1)
    platform_device_write(place[device], 0x70, 15)

cdef void post(u32 device, u32 queue, u64 address, u32 length, u32 flags) noexcept nogil:
    cdef Ring* r = &rings[device * 2 + queue]
    cdef u16 slot = r.available[1] & (QUEUE - 1)
    r.descriptors[slot * 2] = address
    r.descriptors[slot * 2 + 1] = length | <u64>flags << 32
    r.available[2 + slot] = slot
    fence()
    r.available[1] += 1
    fence()
    platform_device_notify(place[device], queue)

cdef bint used_one(u32 device, u32 queue) noexcept nogil:
    cdef Ring* r = &rings[device * 2 + queue]
    return load16(&r.used[1]) != r.seen

cdef u32 take_used(u32 device, u32 queue) noexcept nogil:
    cdef Ring* r = &rings[device * 2 + queue]
    cdef u32 length = (<u32*>(r.used + 2))[(r.seen & (QUEUE - 1)) * 2 + 1]
    r.seen += 1
    return length

cdef void send(u32 device, const char* text, u64 length) noexcept nogil:
    cdef u64 i
    for i in range(length):
        scratch[4096 + i] = text[i]
    post(device, 1, physical(scratch + 4096), <u32>length, 0)
    while not used_one(device, 1):
        platform_wait(0)
    take_used(device, 1)

# --- scenarios -------------------------------------------------------------------------------------

cdef void scenario_clock() noexcept nogil:
    cdef u64 a = platform_clock(), b, i, last = a
    for i in range(1000):
        b = platform_clock()
        if b < last:
            say(b"clock went back\n")
        last = b
    # An event of another cause may end a wait early, but not again and again.
    for i in range(3):
        if platform_clock() < a + 5000000:
            platform_wait(a + 5000000)
    b = platform_clock()
    note(b"waited", 1 if b - a >= 5000000 else 0)
    note(b"entry", 1 if a >= boot.entry_time and a - boot.entry_time < <u64>5000000000 else 0)
    note(b"seconds", platform_wall() // 1000000000)

cdef void scenario_pause() noexcept nogil:
    cdef u64 until = platform_clock() + argument() * 1000000
    while platform_clock() < until:
        platform_wait(until)

cdef void scenario_timer() noexcept nogil:
    cdef u64 bad = 0, count
    cdef u64 i
    for i in range(20):
        count = timers
        platform_timer(platform_clock() + 300000)
        while load64(&timers) == count:
            bad |= spin_registers(10)
    note(b"timers", timers)
    note(b"bad", bad)
    platform_timer(platform_clock() + 2000000)
    platform_timer(0)
    count = timers
    platform_wait(platform_clock() + 10000000)
    platform_wait(platform_clock() + 10000000)
    note(b"cancelled", timers - count)
    # An event between the last look and the wait is not lost.
    platform_timer(platform_clock() + 1000)
    spin_registers(20000)
    platform_wait(0)
    platform_timer(platform_clock() + 1000000)
    count = timers
    while load64(&timers) == count:
        platform_wait(0)
    say(b"woken\n")

cdef void touch(u64 address, bint write) noexcept nogil:
    global fault_address, fault_vector
    fault_address = 0xdead
    fault_vector = 0
    if resume_here() == 0:
        if write:
            store64(address, 5)
        else:
            note(b"read", load64(<u64*>address))
    note(b"vector", fault_vector)
    note(b"at", fault_address - address)
    note(b"write", fault_error >> 1 & 1)

cdef void scenario_faults() noexcept nogil:
    global reaction
    cdef u32 zero = <u32>argument()
    reaction = REACT_SKIP
    touch(0x18, False)
    touch(0x18, True)
    touch(boot.memory_end + 4096, False)
    touch(<u64>&scenario_faults_anchor, True)
    if resume_here() == 0:
        undefined()
    note(b"vector", fault_vector)
    if resume_here() == 0:
        note(b"quotient", divide(1, zero))
    note(b"vector", fault_vector)
    touch(0x18, False)

cdef void scenario_faults_anchor() noexcept nogil:
    pass

cdef void scenario_protect() noexcept nogil:
    global reaction
    cdef u64 page = <u64>scratch + (4 << 20) + 3 * 4096
    cdef u64* word = <u64*>page
    word[0] = 1
    reaction = REACT_SKIP
    note(b"protect", <u64>platform_protect(page, 4096, ACCESS_NONE))
    touch(page, False)
    touch(page + 4096, True)
    note(b"protect", <u64>platform_protect(page, 4096, ACCESS_READ))
    touch(page, False)
    touch(page, True)
    reaction = REACT_UNPROTECT
    platform_protect(page, 4096, ACCESS_NONE)
    word[0] = load64(word) + 41
    note(b"value", word[0])
    note(b"refused", 1 if platform_protect(page + 1, 4096, ACCESS_NONE) < 0 else 0)
    note(b"refused", 1 if platform_protect(boot.memory_end, 4096, ACCESS_NONE) < 0 else 0)
    platform_release(page, 4096)
    word[0] = 7
    note(b"value", word[0])

cdef void scenario_memory() noexcept nogil:
    # Touches `argument` MiB, gives them back, touches one.
    cdef u64 megabytes = argument(), at, start = (<u64>scratch + 0x1fffff) & ~<u64>0x1fffff
    for at in range(start, start + (megabytes << 20), 4096):
        (<u64*>at)[0] = at
    platform_release(start, megabytes << 20)
    (<u64*>start)[0] = 1
    say(b"done\n")

cdef void scenario_modules() noexcept nogil:
    cdef u32 i
    cdef u64 at, sum
    for i in range(boot.module_count):
        sum = 0
        for at in range(boot.modules[i].size):
            sum = <u32>(sum * 31 + (<u8*>boot.modules[i].address)[at])
        say(boot.modules[i].name)
        note(b"", boot.modules[i].size)
        note(b"sum", sum)

cdef void scenario_devices() noexcept nogil:
    cdef u32 i
    say(boot.command_line)
    note(b"\ndevices", boot.device_count)
    for i in range(boot.device_count):
        note(b"device", boot.devices[i].virtio_id)
        note(b"role", boot.devices[i].role)
        note(b"version", platform_device_read(i, 4))
        note(b"status", platform_device_read(i, 0x70))
    for i in range(min(boot.device_count, <u32>3)):
        start_device(i, 1)
        note(b"started", platform_device_read(place[i], 0x70))

cdef void scenario_console() noexcept nogil:
    start_device(0, 2)
    start_device(1, 2)
    send(0, b"to stdout\n", 10)
    send(1, b"to stderr\n", 10)
    # A module goes out from where it lies.
    if boot.module_count:
        post(0, 1, physical(<void*>boot.modules[0].address), <u32>boot.modules[0].size, 0)
        while not used_one(0, 1):
            platform_wait(0)

cdef void scenario_echo() noexcept nogil:
    # Copies stdin to stdout, in buffers of `argument` bytes; computes meanwhile if it is odd.
    cdef u32 size = <u32>argument(), got
    start_device(0, 2)
    while True:
        post(0, 0, physical(scratch + 65536), size, 2)
        while not used_one(0, 0):
            if size & 1:
                spin_registers(1000)
            else:
                platform_wait(0)
        got = take_used(0, 0)
        if got == 0:
            break
        post(0, 1, physical(scratch + 65536), got, 0)
        while not used_one(0, 1):
            platform_wait(0)
        take_used(0, 1)
    note(b"interrupted", 1 if devices else 0)

cdef void scenario_entropy() noexcept nogil:
    cdef u64 i, different = 0
    start_device(2, 1)
    post(2, 0, physical(scratch + 65536), 256, 2)
    while not used_one(2, 0):
        platform_wait(0)
    note(b"got", take_used(2, 0))
    for i in range(255):
        different += scratch[65536 + i] != scratch[65537 + i]
    note(b"random", 1 if different > 200 else 0)

cdef void scenario_keys() noexcept nogil:
    start_device(0, 2)
    send(0, b"ready\n", 6)
    while not (load64(&keys) or load64(&quits) or load64(&terms)):
        if argument():
            spin_registers(1000)
        else:
            platform_wait(0)
    note(b"keys", keys)
    note(b"quits", quits)
    note(b"terms", terms)
    platform_exit(99)

cdef void scenario_deaf() noexcept nogil:
    start_device(0, 2)
    send(0, b"ready\n", 6)
    while True:
        if argument():
            spin_registers(1000)
        else:
            platform_wait(0)

cdef void scenario_flood() noexcept nogil:
    # Writes more than any reader takes.
    start_device(0, 2)
    while True:
        send(0, b"0123456789012345678901234567890123456789012345678901234567890123456789012345678\n", 80)

cdef u32 broken_status() noexcept nogil:
    """Device 0's status once it asks for a reset; a device with a thread of its own takes a moment."""
    cdef u64 end = platform_clock() + <u64>5000000 * 1000
    cdef u32 status = platform_device_read(0, 0x70)
    while not status & 64 and platform_clock() < end:
        status = platform_device_read(0, 0x70)
    return status

cdef void scenario_hostile() noexcept nogil:
    # Everything a driver must not do, at every device; the home must survive.
    cdef u32 device, offset
    cdef u64 i
    for device in range(boot.device_count):
        for offset in range(0, 0x400, 4):
            platform_device_write(device, offset, <u32>0xffffffff)
            platform_device_read(device, offset)
        platform_device_write(device, 0x50, 0xffff)
    start_device(0, 2)
    rings[0].available[1] = 0x8000
    platform_device_notify(0, 0)
    note(b"status", broken_status())
    for i in range(3):
        start_device(0, 2)
        rings[1].available[1] = 0
        rings[1].used[1] = 0
        if i == 0:
            post(0, 1, <u64>0xfffffffffffff000, <u32>0xffffffff, 0)
        elif i == 1:
            rings[1].descriptors[1] = 1
            post(0, 1, physical(scratch), 1, 1)
        else:
            post(0, 1, physical(scratch), 64, 4)
        note(b"status", broken_status())
    start_device(0, 2)
    rings[1].available[1] = 0
    rings[1].used[1] = 0
    rings[1].seen = 0
    send(0, b"alive\n", 6)

cdef void scenario_speed() noexcept nogil:
    # Native speed and the cost of the basic operations, in ns: read by `demitasse doctor`.
    cdef u64 start = platform_clock(), i, sum = 0, count
    for i in range(2000):
        platform_clock()
    note(b"clock", (platform_clock() - start) // 2000)
    start = platform_clock()
    for i in range(200):
        platform_device_read(0, 0x70)
    note(b"register", (platform_clock() - start) // 200)
    start = platform_clock()
    for i in range(100):
        count = timers
        platform_timer(1)
        while load64(&timers) == count:
            pause_cpu()
    note(b"event", (platform_clock() - start) // 100)
    start = platform_clock()
    for i in range(1000):
        scratch[(2 << 20) + i * 4096] = 1
    note(b"touch", (platform_clock() - start) // 1000)
    start_device(0, 2)
    start = platform_clock()
    for i in range(100):
        post(0, 1, physical(scratch), 0, 0)
        take_used(0, 1)
    note(b"output", (platform_clock() - start) // 100)


cdef public void kernel_main(BootInfo* info) noexcept nogil:
    global boot, scratch, reaction
    cdef char* line = info.command_line
    cdef u64 cpu[2]
    cdef int i
    boot = info
    platform_init(info)
    scratch = <u8*>info.memory_base
    platform_mark(MARK_KERNEL_READY)
    if starts(line, b"bare-fault"):
        store64(0x40, 1)
    elif starts(line, b"bare-call"):
        (<void (*)() noexcept nogil>0x123450)()
    elif starts(line, b"bare-wait"):
        while True:
            platform_wait(0)
    platform_set_event_handler(handler)
    cpu[0] = 4711
    platform_set_cpu_base(cpu)
    note(b"cpu", gs_word())
    find_places()
    if starts(line, b"clock"):
        scenario_clock()
    elif starts(line, b"pause"):
        scenario_pause()
    elif starts(line, b"timer"):
        scenario_timer()
    elif starts(line, b"faults"):
        scenario_faults()
    elif starts(line, b"protect"):
        scenario_protect()
    elif starts(line, b"memory"):
        scenario_memory()
    elif starts(line, b"modules"):
        scenario_modules()
    elif starts(line, b"console"):
        scenario_console()
    elif starts(line, b"devices"):
        scenario_devices()
    elif starts(line, b"echo"):
        scenario_echo()
    elif starts(line, b"entropy"):
        scenario_entropy()
    elif starts(line, b"keys"):
        scenario_keys()
    elif starts(line, b"deaf"):
        scenario_deaf()
    elif starts(line, b"flood"):
        scenario_flood()
    elif starts(line, b"hostile"):
        scenario_hostile()
    elif starts(line, b"speed"):
        scenario_speed()
    elif starts(line, b"exit"):
        platform_exit(<int>argument())
    elif starts(line, b"handler"):
        reaction = <int>argument()
        store64(0x40, 1)
    elif starts(line, b"overflow"):
        # A wild stack pointer stops neither the handler nor the guest.
        reaction = REACT_SKIP
        for i in range(2):
            if resume_here() == 0:
                recurse_small()
            note(b"vector", fault_vector)
    elif starts(line, b"recursion"):
        # The boot stack ends at a page that nobody may touch.
        reaction = REACT_SKIP
        if resume_here() == 0:
            recurse(0)
        note(b"vector", fault_vector)
        note(b"write", fault_error >> 1 & 1)
    elif starts(line, b"trace"):
        scratch[0] = c'T'
        boot.marks.trace_address = <u64>scratch
        boot.marks.trace_size = argument()
    elif starts(line, b"spoil"):
        # A hostile guest rewrites BootInfo and the marks.
        boot.marks.trace_address = <u64>-65536
        boot.marks.trace_size = 0xffffffffffff
        boot.memory_end = <u64>-1
        boot.marks = NULL
        boot.module_count = <u32>-1
        boot.marks = <GuestMarks*>scratch
    elif starts(line, b"die"):
        # Ends by an exit code of 128 + number as a signal would give.
        platform_exit(128 + <int>argument())
    else:
        say(b"hello from the probe\n")
    platform_exit(0)
