/* Stand-ins, for the test extension, of what the image's own assembly and linker script define
 * (kernel/boot/{entry,vectors,pvh}.S, image.lds): those are bound to the link address and cannot be in
 * a shared object.  Weak: a test may bring its own.  What none brings ends at once when it is reached.
 */
    .macro stand_in name
    .weak \name
    .hidden \name
\name:
    .endm

    .text
    .weak image_leave               /* kernel_host.pxi has a better one */
    stand_in image_leave
    stand_in vector_native
    stand_in vector_upward
    stand_in vector_flush
    stand_in vector_flush_all
    stand_in pvh_triple_fault
    ud2

    .bss
    .balign 4096
    stand_in boot_stack_guard
    stand_in event_stack_guard
    .skip 4096
    stand_in event_stack_top
    stand_in vector_table
    stand_in vector_path
    stand_in vector_pending
    stand_in vector_frame
    .skip 48 * 8
    stand_in pvh_tables
    stand_in pvh_idt
    stand_in pvh_pool
    stand_in pvh_pool_end
    stand_in image_start
    stand_in image_text_end
    stand_in image_rodata_end
    stand_in image_end
    .skip 4096

    .section .note.GNU-stack, "", @progbits
