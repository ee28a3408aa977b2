/* __syscall_cp_asm(cancel, n, a, b, c, d, e, f): a kernel call that is a cancellation point.

   Between __cp_begin and __cp_end the call has had no effect yet, and the stack is as deep at every instruction as at
   __cp_cancel: the cancellation handler may send the thread there from any of them.  A kernel call that is to be restarted shows
   the handler the return address less one, which lies in the range; one that is over shows __cp_end, which does not. */
	.text
	.hidden __cp_begin, __cp_end, __cp_cancel, __cancel, __syscall_cp_asm
	.global __cp_begin, __cp_end, __cp_cancel, __syscall_cp_asm
	.type __syscall_cp_asm, @function
__syscall_cp_asm:
	.cfi_startproc
	pushq 16(%rsp)                  /* f: the seventh argument of cabi_syscall, and the stack is aligned */
	.cfi_adjust_cfa_offset 8
__cp_begin:
	mov (%rdi), %eax
	test %eax, %eax
	jnz __cp_cancel
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %rcx
	mov %r9, %r8
	mov 16(%rsp), %r9               /* e */
	call *cabi_syscall@GOTPCREL(%rip)
__cp_end:
	pop %rdx
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_adjust_cfa_offset 8
__cp_cancel:
	pop %rdx
	.cfi_adjust_cfa_offset -8
	jmp __cancel
	.cfi_endproc
	.size __syscall_cp_asm, . - __syscall_cp_asm
	.section .note.GNU-stack, "", @progbits
