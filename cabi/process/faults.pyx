# Faults of programs, and the report on one that ends by a signal: see signals.pxd.
#
# A fault in the program's own code continues in fault_entry (entry.S) on the thread's kernel stack, which is
# otherwise empty: the program's may be the reason.  A fault inside a kernel call ends the process if
# the address is the program's (memory that it has made inaccessible), and is the kernel's own otherwise.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.bootinfo cimport EventFrame, EVENT_PAGE_FAULT
from kernel.diagnostics.format cimport Text, kprint, text_init, text_print
from kernel.diagnostics.panic cimport panic_set_java_reporter
from kernel.drivers.console cimport console_flush
from kernel.memory.string cimport memset
from kernel.platform.platform cimport ACCESS_EXECUTE, ACCESS_READ, ACCESS_WRITE
from kernel.threads.cpu cimport this_cpu, thread_current
from kernel.threads.events cimport events_set_signal_handler, fault_set_handler
from kernel.threads.thread cimport Thread
from kernel.boot.bootinfo cimport EVENT_INTERRUPT_KEY, EVENT_QUIT_KEY, EVENT_TERMINATE
from cabi.loader.elf cimport elf_symbol
from cabi.process.memory cimport regions_find
from cabi.process.process cimport process_end, process_first
from cabi.process.program cimport *
from cabi.process.signals cimport *

cdef enum:
    RED_ZONE = 128
    CORE = 128                           # WCOREDUMP
    BACKTRACE = 24
    SCANNED = 4096                       # words of the stack in which return addresses are looked for
    WRITTEN = 2                          # error code of a page fault (Intel SDM volume 3A §4.7)
    FETCHED = 16
    NEAR_STACK = 65536

cdef extern from *:
    """
    #pragma GCC visibility push(hidden)
    extern char image_start[], image_end[];
    extern void fault_entry(void);
    #pragma GCC visibility pop
    """
    char image_start[]
    char image_end[]
    void fault_entry() noexcept nogil


cdef extern bint program_is_memory(u64 address) noexcept nogil       # border.pyx


# --- from the processor ---------------------------------------------------------------------------------

# On the event stack.
cdef int handle(EventFrame* frame) noexcept nogil:
    cdef ProgramThread* t = <ProgramThread*>thread_current().local
    cdef Region* region
    if t == NULL or this_cpu().mask_depth or this_cpu().preempt_depth:
        return 0
    if <u64>&image_start[0] <= frame.rip < <u64>&image_end[0]:
        if frame.vector != EVENT_PAGE_FAULT:
            return 0
        # The kernel's own pointers lead into memory, or are NULL; others came from the program.
        region = regions_find(t.process, frame.address)
        if region == NULL and not t.process.stack.base <= frame.address < t.process.stack.low \
                and (frame.address < 65536 or program_is_memory(frame.address)):
            return 0
    t.fault = frame[0]
    frame.rsp = (t.leave_sp - 64) & ~<u64>15
    frame.rip = <u64>&fault_entry
    frame.rflags &= ~<u64>0x100
    return 1


cdef int number_of(const EventFrame* frame, SignalInfo* info, const Region* region) noexcept nogil:
    memset(info, 0, sizeof(SignalInfo))
    info.fields[0] = frame.rip
    if frame.vector == EVENT_PAGE_FAULT:
        info.code = 1 if region == NULL else 2                   # SEGV_MAPERR, SEGV_ACCERR
        info.fields[0] = frame.address
        return SIGNAL_SEGMENT
    if frame.vector == 0:
        info.code = 1                    # FPE_INTDIV
        return SIGNAL_ARITHMETIC
    if frame.vector in (16, 19):
        info.code = 7                    # FPE_FLTINV
        return SIGNAL_ARITHMETIC
    if frame.vector == 6:
        info.code = 2                    # ILL_ILLOPN
        return SIGNAL_ILLEGAL
    if frame.vector in (1, 3):
        info.code = 1                    # TRAP_BRKPT
        return SIGNAL_TRAP
    if frame.vector == 17:
        info.code = 1                    # BUS_ADRALN
        return SIGNAL_BUS
    info.code = SI_KERNEL
    info.fields[0] = 0
    return SIGNAL_SEGMENT


# On the kernel stack; the floating-point state is at `state`.
cdef public void program_fault(void* state, u64 size) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    cdef const EventFrame* f = &t.fault
    cdef Registers registers
    cdef SignalInfo info
    cdef Region* region = regions_find(t.process, f.address)
    cdef int number = number_of(f, &info, region)
    cdef u64 base = f.rsp - RED_ZONE
    cdef bint inside = <u64>&image_start[0] <= f.rip < <u64>&image_end[0]
    registers.r8 = f.r8
    registers.r9 = f.r9
    registers.r10 = f.r10
    registers.r11 = f.r11
    registers.r12 = f.r12
    registers.r13 = f.r13
    registers.r14 = f.r14
    registers.r15 = f.r15
    registers.rdi = f.rdi
    registers.rsi = f.rsi
    registers.rbp = f.rbp
    registers.rbx = f.rbx
    registers.rdx = f.rdx
    registers.rax = f.rax
    registers.rcx = f.rcx
    registers.rsp = f.rsp
    registers.rip = f.rip
    registers.flags = f.rflags
    registers.segments = 0x33
    registers.error = f.error
    registers.trap = f.vector
    registers.old_mask = 0
    registers.address = f.address
    if inside or t.blocked >> (number - 1) & 1 or t.process.actions[number].handler <= 1:
        signal_end_process(t, number, &info, &registers)
    signal_deliver(t, number, &info, &registers, state, size, base, registers.rip, registers.rsp)


# --- the report -----------------------------------------------------------------------------------------

cdef bint is_code(Process* process, u64 address) noexcept nogil:
    cdef u32 i
    for i in range(process.image.segment_count):
        if process.image.segments[i].access & ACCESS_EXECUTE and process.image.segments[i].start <= address < process.image.segments[i].end:
            return True
    return False


# Does a call instruction end at `address`?
cdef bint follows_call(Process* process, u64 address) noexcept nogil:
    cdef const u8* at = <const u8*>(address - 7)
    if not is_code(process, address) or not is_code(process, address - 7):
        return False
    # call rel32; call r/m64 of 2, 3, 6 and 7 bytes (Intel SDM volume 2A, CALL)
    return at[2] == 0xe8 or (at[5] == 0xff and at[6] & 0x38 == 0x10) or (at[4] == 0xff and at[5] & 0x38 == 0x10) \
        or (at[1] == 0xff and at[2] & 0x38 == 0x10) or (at[0] == 0xff and at[1] & 0x38 == 0x10)


cdef void print_place(Process* process, u64 address, bint after) noexcept nogil:
    cdef u64 offset = 0
    cdef const char* name = elf_symbol(&process.image, address - (1 if after else 0), &offset)
    if name != NULL:
        kprint(b"  %p  %s+%u\n", address - process.image.bias, name, offset + (1 if after else 0))
    elif is_code(process, address):
        kprint(b"  %p\n", address - process.image.bias)
    elif <u64>&image_start[0] <= address < <u64>&image_end[0]:
        kprint(b"  %p  (the kernel)\n", address)
    else:
        kprint(b"  %p  (outside the program)\n", address)


cdef bint readable(Process* process, u64 address) noexcept nogil:
    cdef Region* region = regions_find(process, address)
    return region != NULL and region.access & ACCESS_READ != 0


# By frame pointers as long as they lead on; a program compiled without them has its stack searched.
cdef void backtrace(Process* process, const Registers* registers) noexcept nogil:
    cdef u64 frame = registers.rbp, sp = registers.rsp & ~<u64>7, limit
    cdef int count = 1
    cdef Region* region
    print_place(process, registers.rip, False)
    while count < BACKTRACE and frame & 7 == 0 and frame >= sp and readable(process, frame) and readable(process, frame + 15) \
            and follows_call(process, (<u64*>frame)[1]):
        print_place(process, (<u64*>frame)[1], True)
        count += 1
        if (<u64*>frame)[0] <= frame:
            break
        sp = frame
        frame = (<u64*>frame)[0]
    if count > 1:
        return
    region = regions_find(process, sp)
    if region == NULL or region.access & ACCESS_READ == 0:
        region = regions_find(process, sp + NEAR_STACK) if registers.trap == EVENT_PAGE_FAULT else NULL
        if region == NULL or region.access & ACCESS_READ == 0:
            return
        sp = region.start
    limit = min(region.end, sp + SCANNED * 8)
    if region.kind == REGION_STACK:
        sp = max(sp, process.stack.committed_low)
    while sp < limit and count < BACKTRACE:
        if follows_call(process, (<u64*>sp)[0]):
            print_place(process, (<u64*>sp)[0], True)
            count += 1
        sp += 8


cdef bint dumps(int number) noexcept nogil:
    return number in (SIGNAL_QUIT, SIGNAL_ILLEGAL, SIGNAL_TRAP, SIGNAL_ABORT, SIGNAL_BUS, SIGNAL_ARITHMETIC, SIGNAL_SEGMENT, SIGNAL_SYSTEM, 24, 25)


cdef void report(ProgramThread* t, int number, const SignalInfo* info, const Registers* registers) noexcept nogil:
    cdef Process* process = t.process
    cdef const char* what = b""
    console_flush()
    if number == SIGNAL_SEGMENT and registers.trap == EVENT_PAGE_FAULT:
        if registers.address < 65536:
            what = b" (null pointer)"
        elif process.stack.base <= registers.address < process.stack.low \
                or (registers.address < registers.rsp + NEAR_STACK and registers.rsp < registers.address + NEAR_STACK):
            what = b" (stack overflow)"
        kprint(b"demitasse: %s: %s: %s of %p%s\n", process.path, signal_name(number),
               b"execution" if registers.error & FETCHED else (b"write" if registers.error & WRITTEN else b"read"), registers.address, what)
    elif number == SIGNAL_ABORT:
        kprint(b"demitasse: %s: aborted\n", process.path)
    else:
        kprint(b"demitasse: %s: %s\n", process.path, signal_name(number))
    kprint(b"thread %u, called from, the last first:\n", t.id)
    backtrace(process, registers)


cdef public void signal_end_process(ProgramThread* t, int number, const SignalInfo* info, const Registers* registers) noexcept nogil:
    if dumps(number):
        report(t, number, info, registers)
        process_end(number | CORE)
    process_end(number)


# --- keys -----------------------------------------------------------------------------------------------

cdef void on_key(u32 vector) noexcept nogil:
    cdef SignalInfo info
    memset(&info, 0, sizeof(info))
    info.code = SI_KERNEL
    if process_first() != NULL:
        signal_send(process_first(), SIGNAL_INTERRUPT if vector == EVENT_INTERRUPT_KEY
                    else (SIGNAL_QUIT if vector == EVENT_QUIT_KEY else SIGNAL_TERMINATE), &info)


cdef public void faults_init() noexcept nogil:
    fault_set_handler(handle)
    events_set_signal_handler(on_key)
