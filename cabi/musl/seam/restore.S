/* Where a signal handler returns to.  As on Linux, rsp is just behind the return address of the handler's frame. */
	.text
	nop                             /* unwinders look at the byte before */
	.hidden __restore_rt
	.global __restore_rt
	.type __restore_rt, @function
__restore_rt:
	jmp *cabi_sigreturn@GOTPCREL(%rip)
	.size __restore_rt, . - __restore_rt
	.section .note.GNU-stack, "", @progbits
