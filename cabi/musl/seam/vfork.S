/* vfork: there is no second address space and no copy of the stack, so it fails as fork does, in the same words. */
	.text
	.global vfork
	.hidden __syscall_ret
	.type vfork, @function
vfork:
	push %rbp
	mov $58, %edi                   /* SYS_vfork */
	call *cabi_syscall@GOTPCREL(%rip)
	pop %rbp
	mov %rax, %rdi
	jmp __syscall_ret
	.size vfork, . - vfork
	.section .note.GNU-stack, "", @progbits
