/* Where programs enter the kernel, and how they are entered.
 *
 * A kernel call is a function call.  Its arguments are kept in a frame on the program's stack, so that it can
 * be called again after a signal; on the way out one test sees whether the thread has to look at something
 * (Thread.attention at offset 24: kernel/threads/thread.pxd).
 *
 *   frame:  number, a, b, c, d, e, f, return address
 *
 * Invariant: [cabi_return, cabi_return_end) can be started again at cabi_return: an interruption that finds
 * something to deliver there goes back to it (signals.pyx), so nothing is overlooked between test and return.
 * The frame lies in the red zone of that code, and an event leaves the red zone alone.
 */
#include "cabi/stubs.h"

#define ATTENTION 24
#define CURRENT %gs:16
#define FRAME 56

    .text
    .globl cabi_syscall
    .hidden cabi_syscall
    .type cabi_syscall, @function
    .balign 16
cabi_syscall:
    push 8(%rsp)
    push %r9
    push %r8
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    cmpl $0, call_tracing(%rip)
    jne call_with_trace
    cmp $CABI_CALLS, %rdi
    jae call_unknown
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %rcx
    mov %r9, %r8
    mov 48(%rsp), %r9
    lea call_table(%rip), %r10
    call *(%r10,%rax,8)
call_done:
    add $FRAME, %rsp
    .globl cabi_return, cabi_return_end
    .hidden cabi_return, cabi_return_end
cabi_return:
    mov CURRENT, %rdx
    cmpl $0, ATTENTION(%rdx)
    jne call_attention
    ret
cabi_return_end:

call_unknown:
    call sys_missing
    jmp call_done

call_with_trace:
    mov %rsp, %rdi
    call call_traced
    jmp call_done

/* RAX: the result.  call_leave(CallFrame*) returns 0: go on with its result, or 1: call again. */
call_attention:
    sub $FRAME, %rsp
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    push %rax
    push %rax
    mov %rsp, %rdi
    call call_leave
    pop %rcx
    pop %rcx
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    test %eax, %eax
    jnz call_again
    mov %rcx, %rax
    jmp call_done

/* RSP: at a frame. */
    .globl call_again
    .hidden call_again
call_again:
    cmpl $0, call_tracing(%rip)
    jne call_with_trace
    mov (%rsp), %rax
    mov 8(%rsp), %rdi
    mov 16(%rsp), %rsi
    mov 24(%rsp), %rdx
    mov 32(%rsp), %rcx
    mov 40(%rsp), %r8
    mov 48(%rsp), %r9
    lea call_table(%rip), %r10
    call *(%r10,%rax,8)
    jmp call_done

    .macro DIRECT name, function, number
    .globl cabi_\name
    .hidden cabi_\name
    .type cabi_\name, @function
    .balign 16
cabi_\name:
    push %r9
    push %r8
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    push $\number
    cmpl $0, call_tracing(%rip)
    jne call_with_trace
    call \function
    jmp call_done
    .endm
    CABI_DIRECT

    /* long call_invoke(const long *frame): the call that a frame describes. */
    .globl call_invoke
    .hidden call_invoke
call_invoke:
    mov %rdi, %rax
    mov 8(%rax), %rdi
    mov 16(%rax), %rsi
    mov 24(%rax), %rdx
    mov 32(%rax), %rcx
    mov 40(%rax), %r8
    mov 48(%rax), %r9
    mov (%rax), %rax
    cmp $CABI_CALLS, %rax
    jae sys_missing
    lea call_table(%rip), %r10
    jmp *(%r10,%rax,8)

/* program_run(u64 *leave_sp, u64 sp, u64 entry, u64 argument, int function): leaves the kernel stack for the program's.  Returns
 * when program_leave is called. */
    .globl program_run
    .hidden program_run
program_run:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    mov %rdx, %rax
    mov %rcx, %rdi
    xor %ebp, %ebp
    xor %ebx, %ebx
    xor %edx, %edx
    xor %esi, %esi
    test %r8d, %r8d
    jnz 1f
    jmp *%rax
    /* A thread made by clone: a function with an argument, whose return ends it. */
1:  call *%rax
    mov %eax, %edi
    call program_returned
    ud2

    .globl program_leave
    .hidden program_leave
program_leave:                          /* (u64 leave_sp) */
    mov %rdi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret

/* signal_enter(handler, number, information, context, sp): runs a handler on a stack; its return is the end of
 * the signal.  Does not return. */
    .globl signal_enter
    .hidden signal_enter
signal_enter:
    mov %r8, %rsp
    mov %rdi, %rax
    mov %esi, %edi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %rcx, %rbx
    xor %ebp, %ebp
    cld
    call *%rax
    mov %rbx, %rdi
    call signal_return
    ud2

/* program_resume(const u64 *registers, const void *state): the program goes on, with all registers as in gregset_t and, if
 * `state` is not NULL, the floating-point state there.  The red zone below the new RSP stays as it is. */
    .globl program_resume
    .hidden program_resume
program_resume:
    test %rsi, %rsi
    jz 2f
    mov extended_size(%rip), %eax
    test %eax, %eax
    jnz 1f
    fxrstor64 (%rsi)
    jmp 2f
1:  mov extended_mask(%rip), %eax
    xor %edx, %edx
    xrstor64 (%rsi)
2:  mov 120(%rdi), %rax                 /* RSP */
    mov 128(%rdi), %rcx                 /* RIP */
    sub $144, %rax
    mov %rcx, 8(%rax)
    mov 136(%rdi), %rcx                 /* flags, without the trap flag and what belongs to the kernel */
    and $0xcd5, %ecx
    or $0x202, %ecx
    mov %rcx, (%rax)
    mov 0(%rdi), %r8
    mov 8(%rdi), %r9
    mov 16(%rdi), %r10
    mov 24(%rdi), %r11
    mov 32(%rdi), %r12
    mov 40(%rdi), %r13
    mov 48(%rdi), %r14
    mov 56(%rdi), %r15
    mov 72(%rdi), %rsi
    mov 80(%rdi), %rbp
    mov 88(%rdi), %rbx
    mov 96(%rdi), %rdx
    mov 112(%rdi), %rcx
    push 104(%rdi)                      /* RAX, through this stack: the other may be elsewhere */
    push 64(%rdi)                       /* RDI */
    pop %rdi
    xchg %rax, (%rsp)                   /* RAX its value, the stack holds the new RSP */
    pop %rsp
    popfq
    ret $128

/* fault_entry: where a fault in the program's code continues, on the kernel stack of its thread; every register but RIP
 * and RSP is as it was, and kept in ProgramThread.fault. */
    .globl fault_entry
    .hidden fault_entry
fault_entry:
    cld
    mov extended_size(%rip), %r12d
    test %r12d, %r12d
    jnz 1f
    sub $512, %rsp
    and $-64, %rsp
    fxsave64 (%rsp)
    mov $512, %r12d
    jmp 2f
1:  sub %r12, %rsp
    and $-64, %rsp
    xor %eax, %eax
    lea 512(%rsp), %rdi
    mov $8, %ecx
    rep stosq
    mov extended_mask(%rip), %eax
    xor %edx, %edx
    xsave64 (%rsp)
2:  mov %rsp, %rdi
    mov %r12, %rsi
    xor %ebp, %ebp
    call program_fault
    ud2

    .section .data.rel.ro.calls, "aw"
    .balign 8
    .macro CALL function
    .weak \function
    .hidden \function
    .quad \function
    .endm
call_table:
    CABI_TABLE

    .macro EXPORT name
    .pushsection .rodata.calls, "a"
1:  .asciz "\name"
    .popsection
    .quad 1b
    .quad \name
    .endm
    .globl cabi_exports, cabi_export_count
    .hidden cabi_exports, cabi_export_count
    .balign 8
cabi_exports:
    CABI_EXPORTS
cabi_export_count:
    .quad CABI_EXPORT_COUNT

    .section .note.GNU-stack, "", @progbits
