"""C programs: system-call table, ELF loader, musl build."""
