/* First instructions of the image, and the way back to a monitor that called it.
 *
 * image_entry(RDI = BootInfo*): called by the process home as a C function, jumped to by the kvm
 * home.  Runs kernel_main on the boot stack.  image_leave(code) returns to the caller of
 * image_entry with the exit code, from any stack: only the process home uses it.
 */
    .section .text.entry, "ax"
    .globl image_entry
    .hidden image_entry
    .type image_entry, @function
image_entry:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, host_stack(%rip)
    lea boot_stack_top(%rip), %rsp
    xor %ebp, %ebp
    cld
    call kernel_main
    mov $125, %edi                      /* kernel_main does not return */
    jmp image_leave
    .size image_entry, . - image_entry

    .globl image_leave
    .hidden image_leave
    .type image_leave, @function
image_leave:
    mov %edi, %eax
    mov host_stack(%rip), %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
    .size image_leave, . - image_leave

    .section .bss.boot_stack, "aw", @nobits
    .balign 4096
    .globl boot_stack_guard, boot_stack, boot_stack_top
    .hidden boot_stack_guard, boot_stack, boot_stack_top
boot_stack_guard:                       /* made inaccessible by platform_init */
    .skip 4096
boot_stack:
    .skip 65536
boot_stack_top:
    .balign 8
host_stack:
    .skip 8

    /* XEN_ELFNOTE_PHYS32_ENTRY: Xen's public/elfnote.h, read by QEMU, Firecracker and Xen. */
    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 8, 18
    .asciz "Xen"
    .quad pvh_entry - 0x100000000000

    .section .note.GNU-stack, "", @progbits
