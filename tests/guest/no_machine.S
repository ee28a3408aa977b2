/* What the entry points and vectors of the image (kernel/boot) would define, for the test extension:
 * nothing in a test enters through them, and their absolute addresses fit no shared object.
 */
    .macro absent name
    .globl \name
    .hidden \name
\name:
    .endm
    .text
    .irp name, image_leave, pvh_entry, pvh_triple_fault, vector_flush, vector_native, vector_upward
    absent \name
    .endr
    ud2
    .bss
    .balign 16
    .irp name, boot_stack_guard, boot_stack_top, event_stack_guard, event_stack_top, pvh_idt, pvh_pool, image_start, image_end
    absent \name
    .endr
    .irp name, pvh_pool_end, pvh_tables, vector_frame, vector_path, vector_pending, vector_table
    absent \name
    .endr
    .skip 4096
    .section .note.GNU-stack, "", @progbits
