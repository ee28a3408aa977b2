"""The table of system calls: every x86-64 number that musl 1.2.5 knows, and what becomes of it.

The one place for numbers, names and arguments.  It generates the dispatcher and the names that programs
bind (`cabi/generate.py`: assembly), the texts of `demitasse run --strace`, the page SYSTEM_CALLS.md and
the C library's `syscall_arch.h`.

Invariant: numbers are unique and rising; a row without a function is "none", and one that is "none" has a
function only to say so on stderr; what is not "done" has a reason; a direct row has a function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["done", "partly", "none"]

#: How an argument is shown: see `_kind`.
Kind = Literal["fd", "path", "pointer", "int", "unsigned", "hex", "octal", "signal"]


@dataclass(frozen=True)
class Argument:
    """One argument: its C type as C programs pass it, its name, and how a trace shows it."""

    type: str
    name: str
    kind: Kind


@dataclass(frozen=True)
class SystemCall:
    """One row.  function: the kernel's; direct: programs may bind `cabi_<name>` and call it themselves."""

    number: int
    name: str
    arguments: tuple[Argument, ...]
    function: str | None
    state: State
    reason: str
    direct: bool


def _kind(type_: str, name: str) -> Kind:
    if type_ == "int" and (name == "fd" or name.endswith("_fd")):
        return "fd"
    if type_ == "const char *":
        return "path"
    if type_.endswith("*"):
        return "pointer"
    if name == "signal":
        return "signal"
    if name in ("mode", "mask") and type_ in ("int", "unsigned"):
        return "octal"
    if name in ("flags", "protection", "request", "address", "events"):
        return "hex"
    return "unsigned" if type_ in ("unsigned", "size_t", "unsigned long") else "int"


def _arguments(text: str) -> tuple[Argument, ...]:
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        at = part.rfind("*") + 1 or part.rfind(" ") + 1
        type_, name = part[:at].strip(), part[at:].strip()
        found.append(Argument(type_, name, _kind(type_, name)))
    return tuple(found)


def _call(number: int, name: str, arguments: str = "", *, function: str | None = None, partly: str = "",
          direct: bool = False) -> SystemCall:
    return SystemCall(number, name, _arguments(arguments), function or f"sys_{name}", "partly" if partly else "done",
                      partly, direct)


def _none(number: int, name: str, reason: str, arguments: str = "") -> SystemCall:
    return SystemCall(number, name, _arguments(arguments), None, "none", reason, False)


_FORK = "one address space: a copy of it cannot be made; start another program with posix_spawn"
_IPC = "System V IPC joins processes that share no memory; here threads and files do"
_MQ = "message queues are not there; use a pipe or a socket pair"
_OLD = "obsolete on Linux, too"
_ADMIN = "administration of a machine that this is not"
_MODULES = "the kernel is one image; there are no modules"
_XATTR = "names in user. only; kept in memory with files of the guest's own, not in folders of -v"
_NUMA = "one node of memory"
_KEYS = "there is no key store"
_AIO = "there is no asynchronous interface to disks; use threads"
_TRACE = "programs are not traced from inside; see demitasse run --strace"
_NAMESPACE = "one program, one namespace"
_SECURITY = "there are no privileges to give up"
_MOUNT = "mounts are made by demitasse run -v"
_NEWER = "newer than what the C library uses; it has another way"
_SPLICE = "there is nothing to gain: every transfer is a copy in one address space; use read and write"
_USER = "there is one user, root"

TABLE: tuple[SystemCall, ...] = (
    _call(0, "read", "int fd, void *buffer, size_t count", direct=True),
    _call(1, "write", "int fd, const void *buffer, size_t count", direct=True),
    _call(2, "open", "const char *path, int flags, unsigned mode"),
    _call(3, "close", "int fd", direct=True),
    _call(4, "stat", "const char *path, void *status"),
    _call(5, "fstat", "int fd, void *status", direct=True),
    _call(6, "lstat", "const char *path, void *status"),
    _call(7, "poll", "void *requests, unsigned long count, int timeout"),
    _call(8, "lseek", "int fd, long offset, int whence", direct=True),
    _call(9, "mmap", "void *address, size_t length, int protection, int flags, int fd, long offset", direct=True,
          partly="MAP_FIXED only over the program's own mappings and free memory; a file with MAP_SHARED is a copy that is kept "
                 "equal at each call (kernel/files/mapping.pxd); memory counts when it is mapped, but for 4 MiB and more with PROT_NONE in the homes process and kvm"),
    _call(10, "mprotect", "void *address, size_t length, int protection", direct=True),
    _call(11, "munmap", "void *address, size_t length", direct=True,
          partly="a pointer into memory that was given back is not caught: the page may serve someone else by then"),
    _call(12, "brk", "void *address", partly="grows up to 16 MiB behind a place of its own"),
    _call(13, "rt_sigaction", "int signal, const void *action, void *old, size_t size"),
    _call(14, "rt_sigprocmask", "int how, const void *set, void *old, size_t size", direct=True),
    _call(15, "rt_sigreturn", "", function="sys_rt_sigreturn",
          partly="handlers return to the kernel by themselves; who calls this gets EINVAL"),
    _call(16, "ioctl", "int fd, unsigned long request, void *argument",
          partly="FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TIOCGWINSZ and the terminal's attributes"),
    _call(17, "pread64", "int fd, void *buffer, size_t count, long offset", direct=True),
    _call(18, "pwrite64", "int fd, const void *buffer, size_t count, long offset", direct=True),
    _call(19, "readv", "int fd, const void *parts, int count", direct=True),
    _call(20, "writev", "int fd, const void *parts, int count", direct=True),
    _call(21, "access", "const char *path, int mode"),
    _call(22, "pipe", "int *ends"),
    _call(23, "select", "int count, void *readable, void *writable, void *exceptional, void *timeout"),
    _call(24, "sched_yield", "", direct=True),
    _call(25, "mremap", "void *old, size_t old_length, size_t length, int flags, void *address",
          partly="not with MREMAP_DONTUNMAP, not for shared mappings of files"),
    _call(26, "msync", "void *address, size_t length, int flags"),
    _call(27, "mincore", "void *address, size_t length, unsigned char *residency"),
    _call(28, "madvise", "void *address, size_t length, int advice", direct=True,
          partly="MADV_DONTNEED clears; the rest is advice that is not needed"),
    _none(29, "shmget", _IPC), _none(30, "shmat", _IPC), _none(31, "shmctl", _IPC),
    _call(32, "dup", "int fd"),
    _call(33, "dup2", "int fd, int target_fd"),
    _call(34, "pause"),
    _call(35, "nanosleep", "const void *request, void *remaining"),
    _call(36, "getitimer", "int which, void *value", partly="ITIMER_REAL only"),
    _call(37, "alarm", "unsigned seconds"),
    _call(38, "setitimer", "int which, const void *value, void *old", partly="ITIMER_REAL only"),
    _call(39, "getpid", "", direct=True),
    _call(40, "sendfile", "int out_fd, int in_fd, long *offset, size_t count"),
    _call(41, "socket", "int family, int type, int protocol",
          partly="streams and datagrams of IPv4 and IPv6 over the loopback interface, and those and records of AF_UNIX"),
    _call(42, "connect", "int fd, const void *address, unsigned length"),
    _call(43, "accept", "int fd, void *address, unsigned *length"),
    _call(44, "sendto", "int fd, const void *buffer, size_t count, int flags, const void *address, unsigned length"),
    _call(45, "recvfrom", "int fd, void *buffer, size_t count, int flags, void *address, unsigned *length"),
    _call(46, "sendmsg", "int fd, const void *message, int flags", partly="no ancillary data"),
    _call(47, "recvmsg", "int fd, void *message, int flags", partly="no ancillary data"),
    _call(48, "shutdown", "int fd, int how"),
    _call(49, "bind", "int fd, const void *address, unsigned length"),
    _call(50, "listen", "int fd, int backlog"),
    _call(51, "getsockname", "int fd, void *address, unsigned *length"),
    _call(52, "getpeername", "int fd, void *address, unsigned *length"),
    _call(53, "socketpair", "int family, int type, int protocol, int *pair"),
    _call(54, "setsockopt", "int fd, int level, int name, const void *value, unsigned length"),
    _call(55, "getsockopt", "int fd, int level, int name, void *value, unsigned *length"),
    _call(56, "clone", "unsigned long flags, void *stack, int *parent_tid, int *child_tid, void *tls",
          function="sys_clone", partly="threads, by cabi_clone, and what posix_spawn needs; see fork"),
    SystemCall(57, "fork", (), "sys_fork", "none", _FORK, False),
    SystemCall(58, "vfork", (), "sys_fork", "none", _FORK, False),
    _call(59, "execve", "const char *path, void *arguments, void *environment",
          partly="in a child of posix_spawn; a program does not replace itself"),
    _call(60, "exit", "int code"),
    _call(61, "wait4", "int process, int *status, int options, void *usage"),
    _call(62, "kill", "int process, int signal"),
    _call(63, "uname", "void *name"),
    _none(64, "semget", _IPC), _none(65, "semop", _IPC), _none(66, "semctl", _IPC), _none(67, "shmdt", _IPC),
    _none(68, "msgget", _IPC), _none(69, "msgsnd", _IPC), _none(70, "msgrcv", _IPC), _none(71, "msgctl", _IPC),
    _call(72, "fcntl", "int fd, int command, unsigned long argument",
          partly="duplicates, flags and record locks; no leases, no owners"),
    _call(73, "flock", "int fd, int operation", partly="one program's locks never exclude each other"),
    _call(74, "fsync", "int fd"),
    _call(75, "fdatasync", "int fd", function="sys_fsync"),
    _call(76, "truncate", "const char *path, long size"),
    _call(77, "ftruncate", "int fd, long size"),
    _none(78, "getdents", _OLD + ": getdents64"),
    _call(79, "getcwd", "char *buffer, size_t size"),
    _call(80, "chdir", "const char *path"),
    _call(81, "fchdir", "int fd"),
    _call(82, "rename", "const char *path, const char *target"),
    _call(83, "mkdir", "const char *path, unsigned mode"),
    _call(84, "rmdir", "const char *path"),
    _call(85, "creat", "const char *path, unsigned mode"),
    _call(86, "link", "const char *path, const char *target"),
    _call(87, "unlink", "const char *path"),
    _call(88, "symlink", "const char *contents, const char *path"),
    _call(89, "readlink", "const char *path, char *buffer, size_t size"),
    _call(90, "chmod", "const char *path, unsigned mode"),
    _call(91, "fchmod", "int fd, unsigned mode"),
    _call(92, "chown", "const char *path, int user, int group"),
    _call(93, "fchown", "int fd, int user, int group"),
    _call(94, "lchown", "const char *path, int user, int group"),
    _call(95, "umask", "unsigned mask"),
    _call(96, "gettimeofday", "void *time, void *zone"),
    _call(97, "getrlimit", "int resource, void *limit"),
    _call(98, "getrusage", "int who, void *usage", partly="times, and the peak of the guest's memory"),
    _call(99, "sysinfo", "void *information"),
    _call(100, "times", "void *times"),
    _none(101, "ptrace", _TRACE),
    _call(102, "getuid", function="sys_zero"),
    _none(103, "syslog", "the kernel's log goes to stderr: demitasse run --log"),
    _call(104, "getgid", function="sys_zero"),
    _call(105, "setuid", "int user", function="sys_be_root", partly=_USER),
    _call(106, "setgid", "int group", function="sys_be_root", partly=_USER),
    _call(107, "geteuid", function="sys_zero"),
    _call(108, "getegid", function="sys_zero"),
    _call(109, "setpgid", "int process, int group", partly="there is one process group"),
    _call(110, "getppid"),
    _call(111, "getpgrp"),
    _call(112, "setsid", partly="there is one session"),
    _call(113, "setreuid", "int real, int effective", function="sys_be_root", partly=_USER),
    _call(114, "setregid", "int real, int effective", function="sys_be_root", partly=_USER),
    _call(115, "getgroups", "int size, int *list"),
    _call(116, "setgroups", "size_t size, const int *list", function="sys_zero", partly=_USER),
    _call(117, "setresuid", "int real, int effective, int saved", function="sys_be_root", partly=_USER),
    _call(118, "getresuid", "int *real, int *effective, int *saved"),
    _call(119, "setresgid", "int real, int effective, int saved", function="sys_be_root", partly=_USER),
    _call(120, "getresgid", "int *real, int *effective, int *saved", function="sys_getresuid"),
    _call(121, "getpgid", "int process"),
    _call(122, "setfsuid", "int user", function="sys_zero", partly=_USER),
    _call(123, "setfsgid", "int group", function="sys_zero", partly=_USER),
    _call(124, "getsid", "int process"),
    _none(125, "capget", _SECURITY), _none(126, "capset", _SECURITY),
    _call(127, "rt_sigpending", "void *set, size_t size"),
    _call(128, "rt_sigtimedwait", "const void *set, void *information, const void *timeout, size_t size"),
    _call(129, "rt_sigqueueinfo", "int process, int signal, const void *information"),
    _call(130, "rt_sigsuspend", "const void *set, size_t size"),
    _call(131, "sigaltstack", "const void *stack, void *old"),
    _call(132, "utime", "const char *path, const void *times"),
    _call(133, "mknod", "const char *path, unsigned mode, unsigned long device",
          partly="regular files; no device files, no named pipes"),
    _none(134, "uselib", _OLD),
    _call(135, "personality", "unsigned long persona", partly="Linux's default, which cannot be changed"),
    _none(136, "ustat", _OLD),
    _call(137, "statfs", "const char *path, void *status"),
    _call(138, "fstatfs", "int fd, void *status"),
    _none(139, "sysfs", _OLD),
    _call(140, "getpriority", "int which, int who"),
    _call(141, "setpriority", "int which, int who, int priority", partly="kept and shown; all threads run at one level"),
    _call(142, "sched_setparam", "int process, const void *parameters", partly="priority 0 of SCHED_OTHER only"),
    _call(143, "sched_getparam", "int process, void *parameters"),
    _call(144, "sched_setscheduler", "int process, int policy, const void *parameters", partly="SCHED_OTHER only"),
    _call(145, "sched_getscheduler", "int process", function="sys_zero"),
    _call(146, "sched_get_priority_max", "int policy"),
    _call(147, "sched_get_priority_min", "int policy"),
    _call(148, "sched_rr_get_interval", "int process, void *interval"),
    _call(149, "mlock", "const void *address, size_t length", function="sys_zero"),
    _call(150, "munlock", "const void *address, size_t length", function="sys_zero"),
    _call(151, "mlockall", "int flags", function="sys_zero"),
    _call(152, "munlockall", function="sys_zero"),
    _none(153, "vhangup", _ADMIN), _none(154, "modify_ldt", _OLD), _none(155, "pivot_root", _MOUNT),
    _none(156, "_sysctl", _OLD),
    _call(157, "prctl", "int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d",
          partly="the thread's name"),
    _call(158, "arch_prctl", "int code, void *address", partly="ARCH_SET_FS and ARCH_GET_FS; GS is the kernel's"),
    _none(159, "adjtimex", "the host keeps the time"),
    _call(160, "setrlimit", "int resource, const void *limit",
          partly="kept and shown; RLIMIT_NOFILE alone is enforced"),
    _none(161, "chroot", _NAMESPACE),
    _call(162, "sync"),
    _none(163, "acct", _ADMIN), _none(164, "settimeofday", "the host keeps the time"), _none(165, "mount", _MOUNT),
    _none(166, "umount2", _MOUNT), _none(167, "swapon", _ADMIN), _none(168, "swapoff", _ADMIN),
    _none(169, "reboot", _ADMIN), _none(170, "sethostname", _ADMIN), _none(171, "setdomainname", _ADMIN),
    _none(172, "iopl", "ports belong to the kernel"), _none(173, "ioperm", "ports belong to the kernel"),
    _none(174, "create_module", _MODULES), _none(175, "init_module", _MODULES), _none(176, "delete_module", _MODULES),
    _none(177, "get_kernel_syms", _MODULES), _none(178, "query_module", _MODULES), _none(179, "quotactl", _ADMIN),
    _none(180, "nfsservctl", _OLD), _none(181, "getpmsg", _OLD), _none(182, "putpmsg", _OLD),
    _none(183, "afs_syscall", _OLD), _none(184, "tuxcall", _OLD), _none(185, "security", _OLD),
    _call(186, "gettid", "", direct=True),
    _call(187, "readahead", "int fd, long offset, size_t count", function="sys_zero"),
    _call(188, "setxattr", "const char *path, const char *name, const void *value, size_t size, int flags", partly=_XATTR),
    _call(189, "lsetxattr", "const char *path, const char *name, const void *value, size_t size, int flags", partly=_XATTR),
    _call(190, "fsetxattr", "int fd, const char *name, const void *value, size_t size, int flags", partly=_XATTR),
    _call(191, "getxattr", "const char *path, const char *name, void *value, size_t size", partly=_XATTR),
    _call(192, "lgetxattr", "const char *path, const char *name, void *value, size_t size", partly=_XATTR),
    _call(193, "fgetxattr", "int fd, const char *name, void *value, size_t size", partly=_XATTR),
    _call(194, "listxattr", "const char *path, char *list, size_t size", partly=_XATTR),
    _call(195, "llistxattr", "const char *path, char *list, size_t size", partly=_XATTR),
    _call(196, "flistxattr", "int fd, char *list, size_t size", partly=_XATTR),
    _call(197, "removexattr", "const char *path, const char *name", partly=_XATTR),
    _call(198, "lremovexattr", "const char *path, const char *name", partly=_XATTR),
    _call(199, "fremovexattr", "int fd, const char *name", partly=_XATTR),
    _call(200, "tkill", "int thread, int signal"),
    _call(201, "time", "long *time"),
    _call(202, "futex", "int *word, int operation, int value, const void *timeout, int *other, int value3", direct=True,
          partly="no FUTEX_FD; priorities are not inherited"),
    _call(203, "sched_setaffinity", "int process, size_t size, const void *mask", partly="one processor"),
    _call(204, "sched_getaffinity", "int process, size_t size, void *mask"),
    _none(205, "set_thread_area", "32-bit programs' own"), _none(206, "io_setup", _AIO), _none(207, "io_destroy", _AIO),
    _none(208, "io_getevents", _AIO), _none(209, "io_submit", _AIO), _none(210, "io_cancel", _AIO),
    _none(211, "get_thread_area", "32-bit programs' own"), _none(212, "lookup_dcookie", _OLD),
    _call(213, "epoll_create", "int size"),
    _none(214, "epoll_ctl_old", _OLD), _none(215, "epoll_wait_old", _OLD), _none(216, "remap_file_pages", _OLD),
    _call(217, "getdents64", "int fd, void *entries, size_t size"),
    _call(218, "set_tid_address", "int *address"),
    _none(219, "restart_syscall", "calls restart by themselves"), _none(220, "semtimedop", _IPC),
    _call(221, "fadvise64", "int fd, long offset, long length, int advice"),
    _call(222, "timer_create", "int clock, const void *event, int *timer"),
    _call(223, "timer_settime", "int timer, int flags, const void *value, void *old"),
    _call(224, "timer_gettime", "int timer, void *value"),
    _call(225, "timer_getoverrun", "int timer"),
    _call(226, "timer_delete", "int timer"),
    _none(227, "clock_settime", "the host keeps the time"),
    _call(228, "clock_gettime", "int clock, void *time", direct=True),
    _call(229, "clock_getres", "int clock, void *time"),
    _call(230, "clock_nanosleep", "int clock, int flags, const void *request, void *remaining"),
    _call(231, "exit_group", "int code"),
    _call(232, "epoll_wait", "int epoll_fd, void *events, int count, int timeout"),
    _call(233, "epoll_ctl", "int epoll_fd, int operation, int fd, void *event"),
    _call(234, "tgkill", "int process, int thread, int signal"),
    _call(235, "utimes", "const char *path, const void *times"),
    _none(236, "vserver", _OLD), _none(237, "mbind", _NUMA), _none(238, "set_mempolicy", _NUMA),
    _none(239, "get_mempolicy", _NUMA), _none(240, "mq_open", _MQ), _none(241, "mq_unlink", _MQ),
    _none(242, "mq_timedsend", _MQ), _none(243, "mq_timedreceive", _MQ), _none(244, "mq_notify", _MQ),
    _none(245, "mq_getsetattr", _MQ), _none(246, "kexec_load", _ADMIN),
    _call(247, "waitid", "int kind, int process, void *information, int options, void *usage"),
    _none(248, "add_key", _KEYS), _none(249, "request_key", _KEYS), _none(250, "keyctl", _KEYS),
    _none(251, "ioprio_set", _ADMIN), _none(252, "ioprio_get", _ADMIN),
    _none(253, "inotify_init", "directories are not watched for C programs"),
    _none(254, "inotify_add_watch", "directories are not watched for C programs"),
    _none(255, "inotify_rm_watch", "directories are not watched for C programs"),
    _none(256, "migrate_pages", _NUMA),
    _call(257, "openat", "int at_fd, const char *path, int flags, unsigned mode", partly="O_TMPFILE is missing"),
    _call(258, "mkdirat", "int at_fd, const char *path, unsigned mode"),
    _call(259, "mknodat", "int at_fd, const char *path, unsigned mode, unsigned long device",
          partly="regular files; no device files, no named pipes"),
    _call(260, "fchownat", "int at_fd, const char *path, int user, int group, int flags"),
    _call(261, "futimesat", "int at_fd, const char *path, const void *times"),
    _call(262, "newfstatat", "int at_fd, const char *path, void *status, int flags"),
    _call(263, "unlinkat", "int at_fd, const char *path, int flags"),
    _call(264, "renameat", "int at_fd, const char *path, int target_fd, const char *target"),
    _call(265, "linkat", "int at_fd, const char *path, int target_fd, const char *target, int flags"),
    _call(266, "symlinkat", "const char *contents, int at_fd, const char *path"),
    _call(267, "readlinkat", "int at_fd, const char *path, char *buffer, size_t size"),
    _call(268, "fchmodat", "int at_fd, const char *path, unsigned mode"),
    _call(269, "faccessat", "int at_fd, const char *path, int mode"),
    _call(270, "pselect6", "int count, void *readable, void *writable, void *exceptional, const void *timeout, const void *set"),
    _call(271, "ppoll", "void *requests, unsigned long count, const void *timeout, const void *set, size_t size"),
    _none(272, "unshare", _NAMESPACE),
    _call(273, "set_robust_list", "void *head, size_t size"),
    _call(274, "get_robust_list", "int thread, void *head, void *size"),
    _none(275, "splice", _SPLICE), _none(276, "tee", _SPLICE),
    _call(277, "sync_file_range", "int fd, long offset, long length, unsigned flags", function="sys_fsync"),
    _none(278, "vmsplice", _SPLICE), _none(279, "move_pages", _NUMA),
    _call(280, "utimensat", "int at_fd, const char *path, const void *times, int flags"),
    _call(281, "epoll_pwait", "int epoll_fd, void *events, int count, int timeout, const void *set, size_t size"),
    _none(282, "signalfd", "signals are not read from descriptors; use sigwaitinfo in a thread"),
    _call(283, "timerfd_create", "int clock, int flags"),
    _call(284, "eventfd", "unsigned value"),
    _call(285, "fallocate", "int fd, int mode, long offset, long length", partly="mode 0 only"),
    _call(286, "timerfd_settime", "int fd, int flags, const void *value, void *old"),
    _call(287, "timerfd_gettime", "int fd, void *value"),
    _call(288, "accept4", "int fd, void *address, unsigned *length, int flags"),
    _none(289, "signalfd4", "signals are not read from descriptors; use sigwaitinfo in a thread"),
    _call(290, "eventfd2", "unsigned value, int flags", partly="EFD_SEMAPHORE is missing"),
    _call(291, "epoll_create1", "int flags"),
    _call(292, "dup3", "int fd, int target_fd, int flags"),
    _call(293, "pipe2", "int *ends, int flags"),
    _none(294, "inotify_init1", "directories are not watched for C programs"),
    _call(295, "preadv", "int fd, const void *parts, int count, long offset"),
    _call(296, "pwritev", "int fd, const void *parts, int count, long offset"),
    _call(297, "rt_tgsigqueueinfo", "int process, int thread, int signal, const void *information"),
    _none(298, "perf_event_open", _TRACE),
    _none(299, "recvmmsg", "one message at a time: recvmsg"),
    _none(300, "fanotify_init", "files are not watched for C programs"),
    _none(301, "fanotify_mark", "files are not watched for C programs"),
    _call(302, "prlimit64", "int process, int resource, const void *limit, void *old",
          partly="kept and shown; RLIMIT_NOFILE alone is enforced"),
    _none(303, "name_to_handle_at", "files are opened by their names"),
    _none(304, "open_by_handle_at", "files are opened by their names"),
    _none(305, "clock_adjtime", "the host keeps the time"),
    _call(306, "syncfs", "int fd", function="sys_fsync"),
    _none(307, "sendmmsg", "one message at a time: sendmsg"),
    _none(308, "setns", _NAMESPACE),
    _call(309, "getcpu", "unsigned *cpu, unsigned *node, void *unused"),
    _none(310, "process_vm_readv", _TRACE), _none(311, "process_vm_writev", _TRACE), _none(312, "kcmp", _TRACE),
    _none(313, "finit_module", _MODULES), _none(314, "sched_setattr", _NEWER), _none(315, "sched_getattr", _NEWER),
    _call(316, "renameat2", "int at_fd, const char *path, int target_fd, const char *target, unsigned flags",
          partly="RENAME_NOREPLACE; no RENAME_EXCHANGE"),
    _none(317, "seccomp", _SECURITY),
    _call(318, "getrandom", "void *buffer, size_t count, unsigned flags"),
    _call(319, "memfd_create", "const char *name, unsigned flags", partly="no seals"),
    _none(320, "kexec_file_load", _ADMIN), _none(321, "bpf", _TRACE),
    _none(322, "execveat", "a program is started by posix_spawn"), _none(323, "userfaultfd", _NEWER),
    _call(324, "membarrier", "int command, unsigned flags, int cpu", partly="one processor: every command is done at once"),
    _call(325, "mlock2", "const void *address, size_t length, unsigned flags", function="sys_zero"),
    _none(326, "copy_file_range", _SPLICE),
    _call(327, "preadv2", "int fd, const void *parts, int count, long offset, long high, int flags", partly="no flags"),
    _call(328, "pwritev2", "int fd, const void *parts, int count, long offset, long high, int flags", partly="no flags"),
    _none(329, "pkey_mprotect", "there are no protection keys"), _none(330, "pkey_alloc", "there are no protection keys"),
    _none(331, "pkey_free", "there are no protection keys"),
    _call(332, "statx", "int at_fd, const char *path, int flags, unsigned mask, void *status"),
    _none(333, "io_pgetevents", _AIO), _none(334, "rseq", "one processor: nothing is won"),
    _none(424, "pidfd_send_signal", _NEWER), _none(425, "io_uring_setup", _AIO), _none(426, "io_uring_enter", _AIO),
    _none(427, "io_uring_register", _AIO), _none(428, "open_tree", _MOUNT), _none(429, "move_mount", _MOUNT),
    _none(430, "fsopen", _MOUNT), _none(431, "fsconfig", _MOUNT), _none(432, "fsmount", _MOUNT), _none(433, "fspick", _MOUNT),
    _none(434, "pidfd_open", _NEWER), _none(435, "clone3", _NEWER), _none(436, "close_range", _NEWER),
    _none(437, "openat2", _NEWER), _none(438, "pidfd_getfd", _NEWER),
    _call(439, "faccessat2", "int at_fd, const char *path, int mode, int flags"),
    _none(440, "process_madvise", _NEWER), _none(441, "epoll_pwait2", _NEWER), _none(442, "mount_setattr", _MOUNT),
    _none(444, "landlock_create_ruleset", _SECURITY), _none(445, "landlock_add_rule", _SECURITY),
    _none(446, "landlock_restrict_self", _SECURITY), _none(447, "memfd_secret", _NEWER),
    _none(448, "process_mrelease", _NEWER), _none(449, "futex_waitv", _NEWER),
    _none(450, "set_mempolicy_home_node", _NUMA), _none(451, "cachestat", _NEWER),
    _call(452, "fchmodat2", "int at_fd, const char *path, unsigned mode, int flags"),
)

#: What programs bind beside `cabi_<name>` of the direct rows: name and C prototype.
SEAM: tuple[tuple[str, str], ...] = (
    ("cabi_syscall", "long cabi_syscall(long number, long a, long b, long c, long d, long e, long f);"),
    ("cabi_set_thread_area", "int cabi_set_thread_area(void *base);"),
    ("cabi_clone", "int cabi_clone(int (*function)(void *), void *stack, int flags, void *argument, int *parent_tid, "
                   "void *tls, int *child_tid);"),
    ("cabi_unmapself", "void cabi_unmapself(void *base, unsigned long size);"),
    ("cabi_sigreturn", "void cabi_sigreturn(void);"),
)

#: Every name that a program may bind.
EXPORTS: tuple[str, ...] = tuple(name for name, _ in SEAM) + tuple(f"cabi_{row.name}" for row in TABLE if row.direct)
