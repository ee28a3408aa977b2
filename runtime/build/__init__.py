"""Build of the guest image and of the host extensions: Cython and gcc driven by ninja."""
