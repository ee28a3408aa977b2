/* vfork: there is no second address space and no copy of the stack, so it fails as fork does. */
	.text
	.global vfork
	.hidden __syscall_ret
	.type vfork, @function
vfork:
	mov $-38, %rdi                  /* -ENOSYS */
	jmp __syscall_ret
	.size vfork, . - vfork
	.section .note.GNU-stack, "", @progbits
