/* PVH entry: 32-bit protected mode, paging off, EBX = hvm_start_info (Xen's public/arch-x86/hvm/start_info.h). */
    .section .text.entry, "ax"
    .code32
    .globl pvh_entry
    .hidden pvh_entry
pvh_entry:
    cli
1:  hlt
    jmp 1b
    .section .note.GNU-stack, "", @progbits
