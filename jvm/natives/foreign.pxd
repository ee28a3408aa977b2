# Foreign functions: which of the libraries has any.

cdef enum:
    LIBRARY_FUNCTIONS = 2                # NativeLibrary's handle of the one whose functions can be called
