# Character devices: /dev/console (0 in, 1 out, 2 error output), /dev/null, /dev/zero, /dev/urandom.
cdef extern int devices_init() noexcept nogil                           # makes them and opens descriptors 0, 1, 2
