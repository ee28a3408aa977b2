# Signals inside and between programs: sending, masks, choosing (signals.pyx); delivery (delivery.pyx);
# faults (faults.pyx).  signal(7) and POSIX.1-2024 §2.4 say what is to happen.
#
# Invariant: Thread.attention has ATTENTION_SIGNAL exactly when a signal is pending that its thread does not
# block; masks, pending sets and actions change with events masked.
from kernel.types cimport i32, i64, u8, u32, u64
from cabi.process.program cimport PendingSignals, Process, ProgramThread, SignalAction, SignalInfo

cdef enum:
    SIGNAL_INTERRUPT = 2
    SIGNAL_QUIT = 3
    SIGNAL_ILLEGAL = 4
    SIGNAL_TRAP = 5
    SIGNAL_ABORT = 6
    SIGNAL_BUS = 7
    SIGNAL_ARITHMETIC = 8
    SIGNAL_KILL = 9
    SIGNAL_SEGMENT = 11
    SIGNAL_PIPE = 13
    SIGNAL_ALARM = 14
    SIGNAL_TERMINATE = 15
    SIGNAL_CHILD = 17
    SIGNAL_CONTINUE = 18
    SIGNAL_STOP = 19
    SIGNAL_URGENT = 23
    SIGNAL_WINDOW = 28
    SIGNAL_SYSTEM = 31

cdef enum:
    SA_SIGINFO = 4
    SA_ONSTACK = 0x08000000
    SA_RESTART = 0x10000000
    SA_NODEFER = 0x40000000
    SA_RESETHAND = 0x80000000
    SI_USER = 0
    SI_KERNEL = 128
    SI_TIMER = -2
    SI_TKILL = -6
    SS_DISABLE = 2
    SS_ONSTACK = 1

# gregset_t
cdef struct Registers:
    u64 r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, flags
    u64 segments, error, trap, old_mask, address

cdef struct UserContext:                 # ucontext_t, as musl has it
    u64 flags
    u64 link
    u64 stack_base
    u64 stack_flags
    u64 stack_size
    Registers registers
    u64 state                            # fpregs
    u64 reserved[8]
    u64 mask[16]
    u64 state_memory[64]

# What preempt_trampoline has pushed (kernel/threads/switch.S), from the lowest address on.
cdef struct PreemptedRegisters:
    u64 r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rbx, rax, flags, rbp, rip

# What entry.S has pushed.
cdef struct CallFrame:
    u64 pad
    i64 result
    u64 r15, r14, r13, r12, rbp, rbx
    u64 number, a, b, c, d, e, f
    u64 return_address

# Sends; `info` may be NULL (SI_USER).  Nothing, if the signal is ignored.  Events masked or not; also in timers.
cdef extern void signal_send(Process* process, int number, const SignalInfo* info) noexcept nogil
cdef extern void signal_send_thread(ProgramThread* thread, int number, const SignalInfo* info) noexcept nogil
# The next signal that the thread does not block and that is not ignored, taken out; 0: none.
cdef extern int signal_take(ProgramThread* thread, u64 among, SignalInfo* info) noexcept nogil
cdef extern void signal_set_mask(ProgramThread* thread, u64 blocked) noexcept nogil
# Does the default action end the process?
cdef extern bint signal_ends(int number) noexcept nogil
cdef extern const char* signal_name(int number) noexcept nogil
# delivery.pyx.  Runs the action of a signal; does not return unless it is ignored.  `state`: floating-point state to restore, or
# NULL; of `copied` bytes, which are copied to the handler's stack, or 0.  `real_…`: where the thread goes on if the handler
# leaves the context as it was.
cdef extern void signal_deliver(ProgramThread* thread, int number, const SignalInfo* info, const Registers* registers, void* state,
                                u64 copied, u64 base, u64 real_rip, u64 real_rsp) noexcept nogil
cdef extern void signals_init() noexcept nogil
# What is pending is forgotten: the thread or process ends.
cdef extern void signals_forget(PendingSignals* pending) noexcept nogil
# faults.pyx: the process ends by a signal, with a report if it is of the kind that dumps core.  Does not return.
cdef extern void signal_end_process(ProgramThread* thread, int number, const SignalInfo* info, const Registers* registers) noexcept nogil
cdef extern void faults_init() noexcept nogil
