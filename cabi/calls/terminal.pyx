# What programs ask of a terminal: whether there is one, its size, its settings.
#
# The monitor's standard streams are the guest's console.  Which of them are terminals, and of what size when the program started,
# says the record "terminal=<in><out><error> <rows> <columns>" (runtime/launch.py); without one, none is.  (Deliberate: settings are
# shown as those of a terminal that edits lines, and cannot be changed; the host's terminal does the editing.)
from kernel.types cimport i32, i64, u8, u16, u32, u64
from kernel.boot.config cimport config_get
from kernel.files.errno cimport EBADF, ENOTTY, EOPNOTSUPP, EPERM
from kernel.files.vfs cimport VFS_O_ACCMODE, VFS_O_RDONLY, Vnode, vfs_get_flags, vfs_vnode, vnode_put
from kernel.memory.string cimport memcmp, memcpy, memset
from cabi.calls.terminal cimport *
from cabi.process.program cimport *

cdef enum:
    EFAULT = 14
    CONSOLE = 5 << 8 | 1                 # device numbers: kernel/files/devices.pyx
    CONSOLE_ERROR = 5 << 8 | 2
    # <asm-generic/ioctls.h>
    TCGETS = 0x5401
    TCSETS = 0x5402
    TCSETSF = 0x5404
    TIOCGPGRP = 0x540f
    TIOCSPGRP = 0x5410
    TIOCGWINSZ = 0x5413
    TIOCSWINSZ = 0x5414

cdef struct Settings:                    # the kernel's struct termios
    u32 input, output, control, local
    u8 line
    u8 characters[19]

cdef bint there[3]
cdef u16 rows, columns
cdef Settings settings


cdef u16 number(const char** at) noexcept nogil:
    cdef u16 value = 0
    while at[0][0] == c' ':
        at[0] += 1
    while c'0' <= at[0][0] <= c'9':
        value = value * 10 + <u16>(at[0][0] - c'0')
        at[0] += 1
    return value


cdef public void terminal_init() noexcept nogil:
    global rows, columns
    cdef const char* told = config_get(b"terminal", 0)
    cdef int i
    memset(there, 0, sizeof(there))
    if told == NULL:
        return
    for i in range(3):
        if told[0] == 0:
            return
        there[i] = told[0] == c'1'
        told += 1
    rows = number(&told)
    columns = number(&told)
    settings.input = 0x4500              # ICRNL, IXON, IUTF8
    settings.output = 5                  # OPOST, ONLCR
    settings.control = 0xbf              # B38400, CS8, CREAD
    settings.local = 0x8a3b              # ISIG, ICANON, ECHO, ECHOE, ECHOK, ECHOCTL, ECHOKE, IEXTEN
    memcpy(settings.characters, b"\x03\x1c\x7f\x15\x04\x00\x01\x00\x11\x13\x1a\x00\x12\x0f\x17\x16\x00\x00\x00", 19)


# Which standard stream the descriptor is: 0 to 2; -1: no console.
cdef int stream_of(int fd) noexcept nogil:
    cdef Vnode* node = vfs_vnode(fd)
    cdef int stream = -1, flags = vfs_get_flags(fd)
    if node == NULL:
        return -1
    if node.rdevice == CONSOLE_ERROR:
        stream = 2
    elif node.rdevice == CONSOLE:
        stream = 0 if flags & VFS_O_ACCMODE == VFS_O_RDONLY or not there[1] else 1
    vnode_put(node)
    return stream


cdef public i64 terminal_control(int fd, u64 request, void* argument) noexcept nogil:
    cdef int stream = stream_of(fd)
    cdef u16* size = <u16*>argument
    if stream < 0 or not there[stream]:
        return -ENOTTY
    if request in (TIOCGWINSZ, TIOCGPGRP, TIOCSPGRP, TCGETS) and not program_may(argument, sizeof(Settings) if request == TCGETS else 8):
        return -EFAULT
    if request == TIOCGWINSZ:
        size[0] = rows
        size[1] = columns
        size[2] = size[3] = 0
        return 0
    if request == TCGETS:
        memcpy(argument, &settings, sizeof(Settings))
        return 0
    if TCSETS <= request <= TCSETSF:
        if not program_may(argument, sizeof(Settings)):
            return -EFAULT
        return 0 if memcmp(argument, &settings, sizeof(Settings)) == 0 else -EOPNOTSUPP
    if request == TIOCGPGRP:
        (<i32*>argument)[0] = <i32>program_process().id
        return 0
    if request == TIOCSPGRP:
        return 0
    return -EPERM if request == TIOCSWINSZ else -ENOTTY
