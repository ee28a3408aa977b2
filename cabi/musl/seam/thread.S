/* What musl does with its thread's own stack and registers, each a function of the kernel with the same arguments. */
	.text
	.hidden __clone, __set_thread_area
	.global __clone, __set_thread_area, __unmapself
	.type __clone, @function
	.type __set_thread_area, @function
	.type __unmapself, @function
__clone:                                /* (fn, stack, flags, arg, ptid, tls, ctid) */
	jmp *cabi_clone@GOTPCREL(%rip)
	.size __clone, . - __clone
__set_thread_area:                      /* (thread pointer) */
	jmp *cabi_set_thread_area@GOTPCREL(%rip)
	.size __set_thread_area, . - __set_thread_area
__unmapself:                            /* (base, size): does not return */
	jmp *cabi_unmapself@GOTPCREL(%rip)
	.size __unmapself, . - __unmapself
	.hidden __mmap, __mmap_stack
	.global __mmap_stack
	.type __mmap_stack, @function
__mmap_stack:                           /* pthread_create's mmap, with its arguments: what it maps without access is a stack (PROT_STACK) */
	test %edx, %edx
	jnz 1f
	mov $0x40000000, %edx
1:	jmp __mmap
	.size __mmap_stack, . - __mmap_stack
	.section .note.GNU-stack, "", @progbits
