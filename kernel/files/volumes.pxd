# Mounts what the launch configuration asks for with records `mount=TAG PATH ro|rw` (runtime/launch.py): the
# 9P device with that tag, on that path, whose directories are made.
#
# Interface: on a thread whose stack is guest memory (devices write there), after the file systems are up.
# False, after a line on the console, if one cannot be mounted.
cdef extern bint volumes_mount() noexcept nogil
