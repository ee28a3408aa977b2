/* PVH entry: 32-bit protected mode, paging off, EBX = physical address of hvm_start_info
 * (Xen's public/arch-x86/hvm/start_info.h).  Builds the window over the first 4 GiB with 2 MiB pages,
 * enters long mode and goes on in pvh_main (kernel/boot/pvh.pyx) on the boot stack.
 *
 * Symbols are linked in the window; minus WINDOW they are the physical addresses used until paging is on.
 */
#define WINDOW 0x100000000000
#define PHYSICAL(symbol) (symbol - WINDOW)
#define WINDOW_SLOT 32                       /* PML4 index of WINDOW */
#define CODE 0x08                            /* control.pxd: SELECTOR_* */
#define DATA 0x10
#define TSS 0x28

    .section .text.entry, "ax"
    .code32
    .globl pvh_entry
    .hidden pvh_entry
pvh_entry:
    cli
    cld
    /* Four page directories: 2 MiB pages over 4 GiB, writable, not executable but for the image.
     * The last GiB holds device registers: uncached. */
    mov $PHYSICAL(pvh_directories), %edi
    xor %eax, %eax                          /* physical address */
1:  mov %eax, %edx
    or $0x87, %edx                          /* present, writable, user, large */
    cmp $0xc0000000, %eax
    jb 2f
    or $0x18, %edx                          /* PCD, PWT */
2:  mov %edx, (%edi)
    mov $0x80000000, %edx                   /* NX */
    cmp $0x200000, %eax
    jb 3f
    cmp $(PHYSICAL(image_end) - 1), %eax
    ja 3f
    xor %edx, %edx
3:  mov %edx, 4(%edi)
    add $8, %edi
    add $0x200000, %eax
    jnz 1b
    mov $PHYSICAL(pvh_pointers), %edi
    mov $(PHYSICAL(pvh_directories) + 7), %eax
    mov $4, %ecx
4:  mov %eax, (%edi)
    add $8, %edi
    add $4096, %eax
    loop 4b
    /* The window, and the same at 0 for the way there. */
    mov $(PHYSICAL(pvh_pointers) + 7), %eax
    mov %eax, PHYSICAL(pvh_tables)
    mov %eax, PHYSICAL(pvh_tables) + 8 * WINDOW_SLOT

    mov $0x620, %eax                        /* CR4: OSXMMEXCPT OSFXSR PAE */
    mov %eax, %cr4
    mov $PHYSICAL(pvh_tables), %eax
    mov %eax, %cr3
    mov $0xc0000080, %ecx                   /* EFER: LME NXE */
    rdmsr
    or $0x900, %eax
    wrmsr
    mov $0x80010033, %eax                   /* CR0: PG WP NE ET MP PE */
    mov %eax, %cr0
    lgdt PHYSICAL(pvh_gdt_low)
    ljmp $CODE, $PHYSICAL(pvh_long)

    .code64
pvh_long:
    movabs $pvh_high, %rax
    jmp *%rax
pvh_high:
    lgdt pvh_gdt_high(%rip)
    mov $DATA, %eax
    mov %eax, %ss
    mov %eax, %ds
    mov %eax, %es
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    lea boot_stack_top(%rip), %rsp
    /* Nothing is at 0 any more: a null pointer faults. */
    movq $0, pvh_tables(%rip)
    mov %cr3, %rax
    mov %rax, %cr3
    /* The TSS is only for its IST 1, the event stack. */
    lea event_stack_top - 16(%rip), %rax
    mov %rax, pvh_tss + 36(%rip)
    lea pvh_tss(%rip), %rax
    mov %ax, pvh_gdt + TSS + 2(%rip)
    shr $16, %rax
    mov %al, pvh_gdt + TSS + 4(%rip)
    mov %ah, pvh_gdt + TSS + 7(%rip)
    shr $16, %rax
    mov %eax, pvh_gdt + TSS + 8(%rip)
    mov $TSS, %eax
    ltr %ax
    lidt pvh_idt_pointer(%rip)
    fninit
    pushq $0x1f80
    ldmxcsr (%rsp)
    add $8, %rsp
    mov %ebx, %edi
    xor %ebp, %ebp
    call pvh_main
5:  hlt
    jmp 5b

    /* pvh_triple_fault(): ends a machine that knows no other way. */
    .globl pvh_triple_fault
    .hidden pvh_triple_fault
pvh_triple_fault:
    lidt pvh_no_idt(%rip)
    ud2

    .section .data.pvh, "aw"
    .balign 16
pvh_gdt:
    .quad 0
    .quad 0x00af9b000000ffff                /* ring 0 code */
    .quad 0x00cf93000000ffff                /* ring 0 data */
    .quad 0x00cff3000000ffff
    .quad 0x00affb000000ffff
    .quad 0x0000890000000067                /* TSS: its base is put in above */
    .quad 0
pvh_gdt_end:
    .balign 4
pvh_gdt_low:
    .word pvh_gdt_end - pvh_gdt - 1
    .long PHYSICAL(pvh_gdt)
    .balign 4
pvh_gdt_high:
    .word pvh_gdt_end - pvh_gdt - 1
    .quad pvh_gdt
pvh_idt_pointer:
    .word 4095
    .quad pvh_idt
pvh_no_idt:
    .word 0
    .quad 0

    .section .bss.pvh, "aw", @nobits
    .balign 4096
    .globl pvh_tables, pvh_idt, pvh_pool, pvh_pool_end
    .hidden pvh_tables, pvh_idt, pvh_pool, pvh_pool_end
pvh_tables:
    .skip 4096
pvh_pointers:
    .skip 4096
pvh_directories:
    .skip 4 * 4096
pvh_idt:
    .skip 4096
pvh_pool:                                   /* tables for large pages that are split */
    .skip 128 * 4096
pvh_pool_end:
pvh_tss:
    .skip 104

    .section .note.GNU-stack, "", @progbits
