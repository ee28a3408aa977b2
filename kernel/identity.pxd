# Who the machine says it is, to C programs (uname) and to Java (os.version, the name of the local host).

cdef inline const char* identity_name() noexcept nogil:
    return b"demitasse"

# A version of Linux, whose calls C programs make here, for whoever takes it apart.
cdef inline const char* identity_version() noexcept nogil:
    return b"6.1.0-demitasse"
