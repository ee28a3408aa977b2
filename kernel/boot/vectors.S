/* Interrupts and exceptions on a processor of our own (kvm and PVH homes; Intel SDM volume 3, ch. 6).
 *
 * vector_table holds the addresses of the stubs 0..47; each pushes (error code,) vector and goes on at
 * *vector_path, which is one of:
 *
 *   vector_native   the kernel runs in ring 0.  The stub runs with interrupts off on the event stack
 *                   (IST 1 of the TSS, 16 bytes below its top: EventFrame.address lies there).
 *
 *   vector_upward   the kernel runs in ring 3.  Ring 0 may be emulated and slow, so it does one thing:
 *                   leave for vector_upcall in ring 3, with every register untouched and RSP at what
 *                   the processor pushed.  The rest, saving registers included, happens there.
 *
 * In ring 3 interrupts cannot be turned off, so vector_busy stands for it: what arrives while it is
 * set only sets its bit in vector_pending, and the end of the running event delivers it.
 *
 * Invariant: an EventFrame in use lies on the trap stack that TSS.RSP0 does not name (RSP0 flips at
 * each delivery), so nothing overwrites it.  Between clearing vector_busy and the final iretq that would
 * not hold: an arrival in [vector_return, vector_return_end) counts as an arrival before it, and starts
 * the return again.  The return changes nothing in the frame, so it can be started again.
 */
#define WINDOW   0x100000000000
#define TSS_RSP0 (WINDOW + 0x3000 + 4)       /* control.pxd: LOW_TSS */
#define TRAP_FLIP (0x5000 ^ 0x7000)          /* LOW_TRAP_A ^ LOW_TRAP_B */
#define USER_DATA 0x1b
#define USER_CODE 0x23
#define EVENT_STACK 65536

    /* In the first page of the image, so that one comparison tells nearly all code from it. */
    .section .text.entry.vectors, "ax"

    .macro stub number
    .balign 8
vector_\number:
    /* These push an error code themselves: SDM table 6-1. */
    .if (\number != 8) && (\number != 10) && (\number != 11) && (\number != 12) && (\number != 13) && (\number != 14) && (\number != 17) && (\number != 21)
    pushq $0
    .endif
    pushq $\number
    jmp *vector_path(%rip)
    .endm

    .irp n, 0,1,2
    stub \n
    .endr
    /* Breakpoint: also the gate by which ring 3 has ring 0 forget a page.  (Some hypervisors let no
     * other software interrupt through; this one is an exception to all of them.) */
    .balign 8
vector_3:
    cmpl $(vector_flushed - WINDOW), (%rsp)
    je vector_invalidate
    pushq $0
    pushq $3
    jmp *vector_path(%rip)
    .irp n, 4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    stub \n
    .endr
    .irp n, 32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47
    stub \n
    .endr

    .macro push_registers
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %rax
    push %r8
    push %r9
    push %r10
    push %r11
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    .endm
    .macro pop_registers
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rax
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    add $16, %rsp                       /* vector, error */
    .endm

    /* --- ring 0 --- */
    .globl vector_native
    .hidden vector_native
vector_native:
    push_registers
    mov %cr2, %rax
    mov %rax, 176(%rsp)                 /* EventFrame.address */
    mov %rsp, %rdi
    cmpl $0, vector_busy(%rip)
    jne vector_fatal
    movl $1, vector_busy(%rip)
    mov %rsp, vector_frame(%rip)
    cld
    sub $520, %rsp
    and $-16, %rsp
    fxsave64 (%rsp)
    mov %rsp, %rbx
    call vector_event
    fxrstor64 (%rbx)
    mov vector_frame(%rip), %rsp
    movl $0, vector_busy(%rip)
    pop_registers
    iretq

vector_fatal:                           /* a fault inside the handler: RDI = its frame */
    lea vector_report(%rip), %rax
    movq $2, (%rax)                     /* FATAL_IN_HANDLER */
    mov %rdi, 8(%rax)
    mov vector_frame(%rip), %rcx
    mov %rcx, 16(%rax)
    mov %rax, %rdi
    and $-16, %rsp
    call vector_end
    ud2

    /* --- ring 3 --- */
    .globl vector_upward
    .hidden vector_upward
vector_upward:
    cmpl $0, vector_busy(%rip)
    jne vector_nested
    cmpl $(vector_return_end - WINDOW), 16(%rsp)
    jb vector_maybe_return
vector_deliver:
    cmpl $14, (%rsp)
    je vector_note_address
vector_leave:
    movl $1, vector_busy(%rip)
    xorq $TRAP_FLIP, vector_rsp0(%rip)
    pushq $USER_DATA
    pushq %rsp
    pushq $0x202
    pushq $USER_CODE
    pushq vector_upcall_address(%rip)
    iretq

vector_note_address:
    push %rax
    mov %cr2, %rax
    mov %rax, 64(%rsp)                  /* EventFrame.address, behind SS */
    pop %rax
    jmp vector_leave

vector_maybe_return:
    cmpl $(vector_return - WINDOW), 16(%rsp)
    jb vector_deliver
    cmpl $(WINDOW >> 32), 20(%rsp)
    jne vector_deliver
    movl $1, vector_busy(%rip)
vector_nested:
    cmpl $32, (%rsp)
    jb vector_nested_fault
    push %rax
    mov 8(%rsp), %rax
    bts %rax, vector_pending(%rip)
    pop %rax
    cmpl $(vector_return - WINDOW), 16(%rsp)
    jb 1f
    cmpl $(vector_return_end - WINDOW), 16(%rsp)
    jae 1f
    cmpl $(WINDOW >> 32), 20(%rsp)
    jne 1f
    push %rax
    lea vector_finish(%rip), %rax
    mov %rax, 24(%rsp)
    pop %rax
1:  add $16, %rsp
    iretq

vector_nested_fault:
    push_registers
    mov %cr2, %rax
    mov %rax, 176(%rsp)
    mov %rsp, %rdi
    jmp vector_fatal

    /* Ring 3 again: RSP is 8 bytes below `vector`, every other register as it was interrupted. */
vector_upcall:
    add $8, %rsp
    push_registers
    mov %rsp, %rdi
    mov %rsp, vector_frame(%rip)
    lea event_stack_top - 528(%rip), %rsp
    cld
    fxsave64 (%rsp)
    call vector_event
vector_finish:
    lea event_stack_top - 528(%rip), %rsp
    cld
    call vector_drain
    fxrstor64 (%rsp)
vector_return:
    cmpq $0, vector_pending(%rip)
    jne vector_finish
    movl $0, vector_busy(%rip)
    mov vector_frame(%rip), %rsp
    pop_registers
    iretq
vector_return_end:

vector_invalidate:                      /* RDI 0: all pages */
    test %rdi, %rdi
    jz 1f
    invlpg (%rdi)
    iretq
1:  push %rax
    mov %cr3, %rax
    mov %rax, %cr3
    pop %rax
    iretq

    /* vector_flush_all(): forgets all translations, from ring 3. */
    .globl vector_flush_all
    .hidden vector_flush_all
vector_flush_all:
    xor %edi, %edi

    /* vector_flush(address): forgets the translation of a page, from ring 3. */
    .globl vector_flush
    .hidden vector_flush
vector_flush:
    int3
vector_flushed:
    ret

    .section .data.vectors, "aw"
    .balign 8
    .globl vector_table
    .hidden vector_table
vector_table:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    .quad vector_\n
    .endr
    .irp n, 32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47
    .quad vector_\n
    .endr
vector_upcall_address:
    .quad vector_upcall

    .section .bss.vectors, "aw", @nobits
    .balign 4096
    .globl event_stack_guard, event_stack_top
    .hidden event_stack_guard, event_stack_top
event_stack_guard:
    .skip 4096
    .skip EVENT_STACK
event_stack_top:
    .globl vector_path, vector_frame, vector_pending, vector_busy
    .hidden vector_path, vector_frame, vector_pending, vector_busy
vector_path:
    .skip 8
vector_frame:
    .skip 8
vector_pending:
    .skip 8
vector_busy:
    .skip 8
vector_report:
    .skip 24

    .set vector_rsp0, TSS_RSP0
    .section .note.GNU-stack, "", @progbits
