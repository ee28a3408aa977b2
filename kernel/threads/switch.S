/* Context switch and the preemption trampoline.
 *
 * Invariant: a thread that is not running has on its stack, from `saved_sp` upwards, its callee-saved
 * registers and floating-point control words (System V ABI, AMD64 supplement §3.2.1); one that was
 * preempted has all its integer registers, flags and the FXSAVE area there as well.  The kernel and Java
 * use no AVX state, so FXSAVE is all of it; C programs may: extended_size is not 0 while there are any on a
 * processor that has more, and the XSAVE area takes its place (Intel SDM volume 1, ch. 13).
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
    mov extended_size(%rip), %r12d
    test %r12d, %r12d
    jnz 1f
    sub $512, %rsp
    and $-16, %rsp
    fxsave64 (%rsp)
    mov %rbx, %rdi
    mov %rsp, %rsi
    call events_preempt
    fxrstor64 (%rsp)
    jmp 2f
1:  sub %r12, %rsp
    and $-64, %rsp
    xor %eax, %eax                  /* the header must be zero (§13.10) */
    mov %rax, 512(%rsp)
    mov %rax, 520(%rsp)
    mov %rax, 528(%rsp)
    mov %rax, 536(%rsp)
    mov %rax, 544(%rsp)
    mov %rax, 552(%rsp)
    mov %rax, 560(%rsp)
    mov %rax, 568(%rsp)
    mov extended_mask(%rip), %eax
    xor %edx, %edx
    xsave64 (%rsp)
    mov %rbx, %rdi
    mov %rsp, %rsi
    call events_preempt
    mov extended_mask(%rip), %eax
    xor %edx, %edx
    xrstor64 (%rsp)
2:  mov %rbx, %rsp
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

    .section .bss.extended, "aw", @nobits
    .balign 4
    .globl extended_size, extended_mask
    .hidden extended_size, extended_mask
extended_size:
    .skip 4
extended_mask:
    .skip 4

    .section .note.GNU-stack, "", @progbits
