# Texts of error numbers, as the C library of the host words them: they are part of the messages of Java
# exceptions ("x (No such file or directory)").  Linux x86-64 numbers (kernel/files/errno.pxd).
from kernel.types cimport i64


cdef public const char* error_text(i64 error) noexcept nogil:
    if error < 0:
        error = -error
    if error == 1:
        return b"Operation not permitted"
    elif error == 2:
        return b"No such file or directory"
    elif error == 3:
        return b"No such process"
    elif error == 4:
        return b"Interrupted system call"
    elif error == 5:
        return b"Input/output error"
    elif error == 6:
        return b"No such device or address"
    elif error == 7:
        return b"Argument list too long"
    elif error == 8:
        return b"Exec format error"
    elif error == 9:
        return b"Bad file descriptor"
    elif error == 10:
        return b"No child processes"
    elif error == 11:
        return b"Resource temporarily unavailable"
    elif error == 12:
        return b"Cannot allocate memory"
    elif error == 13:
        return b"Permission denied"
    elif error == 14:
        return b"Bad address"
    elif error == 15:
        return b"Block device required"
    elif error == 16:
        return b"Device or resource busy"
    elif error == 17:
        return b"File exists"
    elif error == 18:
        return b"Invalid cross-device link"
    elif error == 19:
        return b"No such device"
    elif error == 20:
        return b"Not a directory"
    elif error == 21:
        return b"Is a directory"
    elif error == 22:
        return b"Invalid argument"
    elif error == 23:
        return b"Too many open files in system"
    elif error == 24:
        return b"Too many open files"
    elif error == 25:
        return b"Inappropriate ioctl for device"
    elif error == 26:
        return b"Text file busy"
    elif error == 27:
        return b"File too large"
    elif error == 28:
        return b"No space left on device"
    elif error == 29:
        return b"Illegal seek"
    elif error == 30:
        return b"Read-only file system"
    elif error == 31:
        return b"Too many links"
    elif error == 32:
        return b"Broken pipe"
    elif error == 33:
        return b"Numerical argument out of domain"
    elif error == 34:
        return b"Numerical result out of range"
    elif error == 35:
        return b"Resource deadlock avoided"
    elif error == 36:
        return b"File name too long"
    elif error == 37:
        return b"No locks available"
    elif error == 38:
        return b"Function not implemented"
    elif error == 39:
        return b"Directory not empty"
    elif error == 40:
        return b"Too many levels of symbolic links"
    elif error == 42:
        return b"No message of desired type"
    elif error == 43:
        return b"Identifier removed"
    elif error == 44:
        return b"Channel number out of range"
    elif error == 45:
        return b"Level 2 not synchronized"
    elif error == 46:
        return b"Level 3 halted"
    elif error == 47:
        return b"Level 3 reset"
    elif error == 48:
        return b"Link number out of range"
    elif error == 49:
        return b"Protocol driver not attached"
    elif error == 50:
        return b"No CSI structure available"
    elif error == 51:
        return b"Level 2 halted"
    elif error == 52:
        return b"Invalid exchange"
    elif error == 53:
        return b"Invalid request descriptor"
    elif error == 54:
        return b"Exchange full"
    elif error == 55:
        return b"No anode"
    elif error == 56:
        return b"Invalid request code"
    elif error == 57:
        return b"Invalid slot"
    elif error == 59:
        return b"Bad font file format"
    elif error == 60:
        return b"Device not a stream"
    elif error == 61:
        return b"No data available"
    elif error == 62:
        return b"Timer expired"
    elif error == 63:
        return b"Out of streams resources"
    elif error == 64:
        return b"Machine is not on the network"
    elif error == 65:
        return b"Package not installed"
    elif error == 66:
        return b"Object is remote"
    elif error == 67:
        return b"Link has been severed"
    elif error == 68:
        return b"Advertise error"
    elif error == 69:
        return b"Srmount error"
    elif error == 70:
        return b"Communication error on send"
    elif error == 71:
        return b"Protocol error"
    elif error == 72:
        return b"Multihop attempted"
    elif error == 73:
        return b"RFS specific error"
    elif error == 74:
        return b"Bad message"
    elif error == 75:
        return b"Value too large for defined data type"
    elif error == 76:
        return b"Name not unique on network"
    elif error == 77:
        return b"File descriptor in bad state"
    elif error == 78:
        return b"Remote address changed"
    elif error == 79:
        return b"Can not access a needed shared library"
    elif error == 80:
        return b"Accessing a corrupted shared library"
    elif error == 81:
        return b".lib section in a.out corrupted"
    elif error == 82:
        return b"Attempting to link in too many shared libraries"
    elif error == 83:
        return b"Cannot exec a shared library directly"
    elif error == 84:
        return b"Invalid or incomplete multibyte or wide character"
    elif error == 85:
        return b"Interrupted system call should be restarted"
    elif error == 86:
        return b"Streams pipe error"
    elif error == 87:
        return b"Too many users"
    elif error == 88:
        return b"Socket operation on non-socket"
    elif error == 89:
        return b"Destination address required"
    elif error == 90:
        return b"Message too long"
    elif error == 91:
        return b"Protocol wrong type for socket"
    elif error == 92:
        return b"Protocol not available"
    elif error == 93:
        return b"Protocol not supported"
    elif error == 94:
        return b"Socket type not supported"
    elif error == 95:
        return b"Operation not supported"
    elif error == 96:
        return b"Protocol family not supported"
    elif error == 97:
        return b"Address family not supported by protocol"
    elif error == 98:
        return b"Address already in use"
    elif error == 99:
        return b"Cannot assign requested address"
    elif error == 100:
        return b"Network is down"
    elif error == 101:
        return b"Network is unreachable"
    elif error == 102:
        return b"Network dropped connection on reset"
    elif error == 103:
        return b"Software caused connection abort"
    elif error == 104:
        return b"Connection reset by peer"
    elif error == 105:
        return b"No buffer space available"
    elif error == 106:
        return b"Transport endpoint is already connected"
    elif error == 107:
        return b"Transport endpoint is not connected"
    elif error == 108:
        return b"Cannot send after transport endpoint shutdown"
    elif error == 109:
        return b"Too many references: cannot splice"
    elif error == 110:
        return b"Connection timed out"
    elif error == 111:
        return b"Connection refused"
    elif error == 112:
        return b"Host is down"
    elif error == 113:
        return b"No route to host"
    elif error == 114:
        return b"Operation already in progress"
    elif error == 115:
        return b"Operation now in progress"
    return b"Unknown error"
