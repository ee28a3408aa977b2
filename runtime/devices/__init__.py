"""Device models: the host side of virtio, written as C-typed Cython without Python."""
