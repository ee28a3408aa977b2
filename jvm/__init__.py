"""The Java virtual machine: its host-side model and tools, and its guest modules."""
