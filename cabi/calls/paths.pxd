# Paths of programs.  See paths.pyx.
# A path as the VFS takes it, or NULL with `error`.  `buffer`: to be freed with kfree, or NULL.
cdef extern const char* path_at(int at_fd, const char* path, char** buffer, int* error) noexcept nogil
