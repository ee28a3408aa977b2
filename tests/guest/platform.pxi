# Shells: one Python function for each thing a test wants to drive directly.
from kernel.boot.bootinfo cimport BootInfo

def bootinfo_size() -> int:
    """Bytes of a BootInfo as the guest sees it."""
    return sizeof(BootInfo)
