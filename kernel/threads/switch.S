/* Context switch and the preemption trampoline.
 *
 * Invariant: a thread that is not running has on its stack, from `saved_sp` upwards, its callee-saved
 * registers and floating-point control words (System V ABI, AMD64 supplement §3.2.1); one that was
 * preempted has all its integer registers, flags and the FXSAVE area there as well.  No guest code
 * uses AVX state, so FXSAVE is all of it.
 */
    .text

/* thread_switch(RDI previous, RSI next): Thread.saved_sp is at offset 0. */
    .globl thread_switch
    .hidden thread_switch
    .type thread_switch, @function
thread_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov (%rsi), %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
    .size thread_switch, . - thread_switch

/* Where a new thread begins: its first thread_switch returns here, with the stack 16-byte aligned. */
    .globl thread_trampoline
    .hidden thread_trampoline
    .type thread_trampoline, @function
thread_trampoline:
    xor %ebp, %ebp
    cld
    call thread_first
    ud2
    .size thread_trampoline, . - thread_trampoline

/* Where events_handle sends an interrupted thread: [RSP] is the interrupted RIP, and the 128 bytes
 * above it are what may be the interrupted code's red zone (C programs have one, the kernel has none).
 * events_handle has masked events for us; events_preempt opens them before it returns. */
    .globl preempt_trampoline
    .hidden preempt_trampoline
    .type preempt_trampoline, @function
preempt_trampoline:
    push %rbp                       /* a frame like any other, for backtraces */
    mov %rsp, %rbp
    pushfq
    cld
    push %rax
    push %rbx
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, %rbx
    sub $512, %rsp
    and $-16, %rsp
    fxsave64 (%rsp)
    call events_preempt
    fxrstor64 (%rsp)
    mov %rbx, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rcx
    pop %rbx
    pop %rax
    popfq
    pop %rbp
    ret $128
    .size preempt_trampoline, . - preempt_trampoline

    .section .note.GNU-stack, "", @progbits
