"""musl for guests: its source out of a pinned package, the seam to the kernel, the built library."""
