"""Guest kernel sources and what the host needs to know of them."""
