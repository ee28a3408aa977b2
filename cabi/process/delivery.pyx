# Delivering signals: see signals.pxd, and program.pxd for where.
#
# A handler runs on the program's stack, or its alternate one, above a SignalFrame with the context of what was
# interrupted; when it returns, signal_return goes back to that context, which the handler may have
# changed.  The context of an interrupted call that is to be made again shows the call instruction, so that
# a handler sees where it was; if it is left alone the thread goes on at call_again (entry.S).
#
# Invariant: nothing of the kernel's is held, and nothing of the kernel's below a SignalFrame is needed again.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.errno cimport EINTR
from kernel.memory.string cimport memcpy, memset
from kernel.platform.platform cimport ACCESS_WRITE
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.events cimport events_set_preempted_handler
from kernel.threads.thread cimport ATTENTION_END, Thread
from cabi.process.memory cimport regions_find
from cabi.process.process cimport program_end_thread
from cabi.process.program cimport *
from cabi.process.signals cimport *

cdef enum:
    OWN_FRAMES = 2048                    # what the functions here have on the stack above a new SignalFrame
    RED_ZONE = 128
    STACK_NEEDED = 4096

cdef struct SignalFrame:
    UserContext context
    SignalInfo info
    u64 shown_rip, shown_rsp             # what the context said when the handler was called
    u64 real_rip, real_rsp

cdef extern from *:
    """
    #pragma GCC visibility push(hidden)
    extern char image_start[], image_end[], cabi_return[], cabi_return_end[], call_again[];
    #pragma GCC visibility pop
    """
    char image_start[]
    char image_end[]
    char cabi_return[]
    char cabi_return_end[]
    char call_again[]
    u64 frame_address "(uint64_t)__builtin_frame_address"(int level) noexcept nogil

cdef extern void signal_enter(u64 handler, int number, SignalInfo* info, UserContext* context, u64 sp) noexcept nogil
cdef extern void program_resume(const Registers* registers, const void* state) noexcept nogil


cdef bint on_alternate(ProgramThread* t, u64 sp) noexcept nogil:
    return t.alternate_size != 0 and sp - t.alternate_base < t.alternate_size


# `base` 0: below the running code.
cdef public void signal_deliver(ProgramThread* t, int number, const SignalInfo* info, const Registers* registers, void* state,
                                u64 copied, u64 base, u64 real_rip, u64 real_rsp) noexcept nogil:
    cdef SignalAction* action = &t.process.actions[number]
    cdef SignalAction now = action[0]
    cdef SignalFrame* frame
    cdef Region* region
    cdef u64 sp
    if now.handler <= 1:
        if now.handler == 0 and signal_ends(number):
            signal_end_process(t, number, info, registers)
        return
    if base == 0:
        base = frame_address(0) - OWN_FRAMES
    sp = base
    if now.flags & SA_ONSTACK and t.alternate_size and not on_alternate(t, sp):
        sp = t.alternate_base + t.alternate_size
    region = regions_find(t.process, sp - STACK_NEEDED)
    if region == NULL or region.access & ACCESS_WRITE != ACCESS_WRITE:
        if not on_alternate(t, sp - 1):
            signal_end_process(t, SIGNAL_SEGMENT, info, registers)
    if copied:
        sp = (sp - copied) & ~<u64>63
        memcpy(<void*>sp, state, copied)
        state = <void*>sp
    sp = (sp - sizeof(SignalFrame)) & ~<u64>15
    frame = <SignalFrame*>sp
    memset(frame, 0, sizeof(SignalFrame))
    frame.context.registers = registers[0]
    frame.context.state = <u64>state
    frame.context.stack_base = t.alternate_base
    frame.context.stack_size = t.alternate_size
    frame.context.stack_flags = 0 if t.alternate_size else SS_DISABLE
    frame.info = info[0]
    frame.info.number = number
    frame.shown_rip = registers.rip
    frame.shown_rsp = registers.rsp
    frame.real_rip = real_rip
    frame.real_rsp = real_rsp
    events_mask()
    frame.context.mask[0] = t.suspended if t.is_suspended else t.blocked
    t.is_suspended = False
    if now.flags & SA_RESETHAND:
        action.handler = 0
    signal_set_mask(t, t.blocked | now.mask | (0 if now.flags & SA_NODEFER else <u64>1 << (number - 1)))
    events_unmask()
    signal_enter(now.handler, number, &frame.info, &frame.context, sp)


# The handler has returned.
cdef public void signal_return(UserContext* context) noexcept nogil:
    cdef SignalFrame* frame = <SignalFrame*>context
    cdef ProgramThread* t = program_thread()
    cdef SignalInfo info
    cdef int number
    signal_set_mask(t, context.mask[0])
    if context.registers.rip != frame.shown_rip or context.registers.rsp != frame.shown_rsp:
        frame.real_rip = context.registers.rip
        frame.real_rsp = context.registers.rsp
    while t.thread.attention:
        if t.thread.attention & ATTENTION_END:
            program_end_thread()
        number = signal_take(t, ~t.blocked, &info)
        if number:
            signal_deliver(t, number, &info, &context.registers, <void*>context.state, 0, 0, frame.real_rip, frame.real_rsp)
    context.registers.rip = frame.real_rip
    context.registers.rsp = frame.real_rsp
    program_resume(&context.registers, <void*>context.state)


# On the way out of a kernel call, by entry.S: 0, or 1 to make the call again.
cdef public int call_leave(CallFrame* frame) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    cdef Registers registers
    cdef SignalInfo info
    cdef bint restart, again
    cdef int number
    while t.thread.attention:
        if t.thread.attention & ATTENTION_END:
            program_end_thread()
        number = signal_take(t, ~t.blocked, &info)
        if number == 0:
            continue
        restart = frame.result == -RESTART
        again = restart and t.process.actions[number].flags & SA_RESTART != 0
        if restart and not again and t.process.actions[number].handler > 1:
            frame.result = -EINTR
        memset(&registers, 0, sizeof(registers))
        registers.r15 = frame.r15
        registers.r14 = frame.r14
        registers.r13 = frame.r13
        registers.r12 = frame.r12
        registers.rbp = frame.rbp
        registers.rbx = frame.rbx
        registers.rax = <u64>frame.result
        registers.flags = 0x202
        registers.rsp = <u64>&frame.return_address + 8
        registers.rip = frame.return_address - (1 if again else 0)
        if again:
            signal_deliver(t, number, &info, &registers, NULL, 0, 0, <u64>&call_again[0], <u64>&frame.number)
        else:
            signal_deliver(t, number, &info, &registers, NULL, 0, 0, registers.rip, registers.rsp)
    if t.is_suspended:
        t.is_suspended = False
        signal_set_mask(t, t.suspended)
    return frame.result == -RESTART


# A thread with attention to give goes on where it was preempted.
cdef void preempted(u64* at, void* state) noexcept nogil:
    cdef PreemptedRegisters* saved = <PreemptedRegisters*>at
    cdef ProgramThread* t = program_thread()
    cdef Registers registers
    cdef SignalInfo info
    cdef int number
    if t == NULL:
        return
    if <u64>&cabi_return[0] <= saved.rip < <u64>&cabi_return_end[0]:
        saved.rip = <u64>&cabi_return[0]
        return
    if <u64>&image_start[0] <= saved.rip < <u64>&image_end[0]:
        return                           # call_leave will see it
    if t.thread.attention & ATTENTION_END:
        program_end_thread()
    memset(&registers, 0, sizeof(registers))
    registers.r8 = saved.r8
    registers.r9 = saved.r9
    registers.r10 = saved.r10
    registers.r11 = saved.r11
    registers.r12 = saved.r12
    registers.r13 = saved.r13
    registers.r14 = saved.r14
    registers.r15 = saved.r15
    registers.rdi = saved.rdi
    registers.rsi = saved.rsi
    registers.rbp = saved.rbp
    registers.rbx = saved.rbx
    registers.rdx = saved.rdx
    registers.rax = saved.rax
    registers.rcx = saved.rcx
    registers.flags = saved.flags
    registers.rip = saved.rip
    registers.rsp = <u64>&saved.rip + 8 + RED_ZONE
    while t.thread.attention:
        if t.thread.attention & ATTENTION_END:
            program_end_thread()
        number = signal_take(t, ~t.blocked, &info)
        if number:
            signal_deliver(t, number, &info, &registers, state, 0, 0, registers.rip, registers.rsp)


cdef public void signals_init() noexcept nogil:
    events_set_preempted_handler(preempted)
