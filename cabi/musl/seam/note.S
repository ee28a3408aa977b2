/* The note by which the kernel's loader knows a program of ours: owner "Demitasse", type 1, one word: the version of the ABI. */
	.section .note.demitasse, "a", @note
	.balign 4
	.long 10, 4, 1                  /* length of the name, length of the descriptor, type */
	.asciz "Demitasse"
	.balign 4
	.long 1
	.section .note.GNU-stack, "", @progbits
