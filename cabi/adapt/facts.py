"""What differs from Linux, as data: the one table behind `demitasse adapt` and the guide's tables.

A fact hangs on something that can be seen in source text or in an object: a function, a header, a constant, a path.  What a
system call does not do stands in the table of system calls; here is only by which functions programs meet it, and what to
write instead.

Invariant: a function whose system call is "none" there is found here with the reason that stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from demitasse.cabi import syscalls

#: blocks: it fails, and a program that needs it does not work.  differs: it works in part, or fails where programs have another
#: way.  note: only rare uses differ.
LEVELS = ("blocks", "differs", "note")


@dataclass(frozen=True)
class Fact:
    """One difference: what it is about, how grave it is, why, and what to write instead."""

    subject: str
    level: str
    why: str
    instead: str


#: Functions of the C library by which programs reach a system call of another name.
FUNCTIONS_OF = {
    "fork": ("fork", "_Fork", "forkpty", "daemon"),
    "vfork": ("vfork",),
    "execve": ("execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle", "fexecve"),
    "io_setup": ("io_setup", "io_queue_init"),
    "io_uring_setup": ("io_uring_setup", "io_uring_queue_init", "io_uring_queue_init_params"),
    "syslog": ("klogctl",),
    "umount2": ("umount", "umount2"),
    "clock_settime": ("clock_settime",),
    "settimeofday": ("settimeofday", "stime"),
    "semop": ("semop", "semtimedop"),
    "ptrace": ("ptrace",),
    "signalfd4": ("signalfd",),
    "mq_timedsend": ("mq_timedsend", "mq_send"),
    "mq_timedreceive": ("mq_timedreceive", "mq_receive"),
    "mq_getsetattr": ("mq_getattr", "mq_setattr"),
    "inotify_init1": ("inotify_init1",),
    "brk": ("brk", "sbrk"),
    "setuid": ("setuid", "seteuid"),
    "setgid": ("setgid", "setegid"),
    "setitimer": ("setitimer", "ualarm"),
    "mknod": ("mknod", "mkfifo"),
    "mknodat": ("mknodat", "mkfifoat"),
    "setpriority": ("setpriority", "nice"),
    "sched_setscheduler": ("sched_setscheduler", "pthread_setschedparam"),
    "sched_setaffinity": ("sched_setaffinity", "pthread_setaffinity_np"),
    "fallocate": ("fallocate", "posix_fallocate"),
    "prlimit64": ("prlimit",),
    "rt_sigqueueinfo": ("sigqueue",),
    "setpgid": ("setpgid", "setpgrp", "tcsetpgrp"),
}

#: Calls that fail although programs live without them: they try, and have another way.
SOFT = frozenset((
    "adjtimex", "clock_adjtime", "close_range", "copy_file_range", "epoll_pwait2", "get_mempolicy", "ioprio_get", "ioprio_set", "mbind",
    "migrate_pages", "move_pages", "openat2", "perf_event_open", "pidfd_open", "pkey_alloc", "pkey_free", "pkey_mprotect", "recvmmsg",
    "rseq", "sched_getattr", "sched_setattr", "seccomp", "sendmmsg", "set_mempolicy", "splice", "tee", "vmsplice",
    "capget", "capset"))
#: Calls that work but for what programs seldom ask; where it matters, CONSTANTS says so.
RARE = frozenset((
    "mmap", "mprotect", "ioctl", "mremap", "madvise", "socket", "sendmsg", "recvmsg", "fcntl", "getrusage", "futex", "openat", "prctl",
    "arch_prctl", "personality", "rt_sigreturn", "clone", "eventfd2", "membarrier", "preadv2", "pwritev2", "memfd_create", "renameat2",
    "setrlimit", "prlimit64", "fallocate", "getitimer", "setitimer", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "socketpair", "flock",
    "setpriority", "sched_setparam", "setgroups", "setfsuid", "setfsgid", "mknodat"))
#: More than the C library's functions: names too common to be taken for calls, and calls that have no function.
#: musl's sendmmsg and getdents do not make the calls of their names.
NOT_FUNCTIONS = frozenset(("clone", "futex", "get_thread_area", "getdents", "restart_syscall", "security", "sendmmsg", "set_thread_area")) | {
    row.name for row in syscalls.TABLE if row.reason.startswith("obsolete")}

#: What to write instead, by the call.
INSTEAD = {
    "fork": "posix_spawn for another program, pthread_create for the same one", "vfork": "posix_spawn",
    "execve": "posix_spawn, then waitpid and exit", "execveat": "posix_spawn",
    "shmget": "a variable: threads share all memory", "semget": "sem_init or sem_open",
    "msgget": "a queue with a mutex and a condition, or a pipe",
    "mq_open": "a queue with a mutex and a condition, or a pipe", "ptrace": "demitasse run --strace from outside",
    "inotify_init": "stat() from time to time", "inotify_init1": "stat() from time to time", "fanotify_init": "stat() from time to time",
    "signalfd": "a thread with sigwaitinfo() and a pipe", "signalfd4": "a thread with sigwaitinfo() and a pipe",
    "io_setup": "pread and pwrite in threads", "io_uring_setup": "pread and pwrite in threads, or poll",
    "mount": "demitasse run -v HOST:GUEST", "umount2": "demitasse run -v HOST:GUEST", "chroot": "openat() with a directory's descriptor",
    "pivot_root": "demitasse run -v HOST:GUEST", "unshare": "another guest", "setns": "another guest",
    "settimeofday": "set the host's clock", "clock_settime": "set the host's clock", "sethostname": "keep the name in a variable",
    "process_vm_readv": "memcpy: there is one address space", "process_vm_writev": "memcpy: there is one address space",
    "brk": "malloc or mmap", "setuid": "nothing: the program is alone", "setgid": "nothing: the program is alone",
    "setsid": "nothing: there is one session",
    "splice": "read and write", "tee": "read and write", "vmsplice": "write", "copy_file_range": "read and write, or sendfile",
    "recvmmsg": "recvmsg in a loop", "sendmmsg": "sendmsg in a loop", "mknod": "pipe() for threads, an ordinary file else",
    "sched_setscheduler": "nothing: one level", "sched_setaffinity": "nothing: one processor",
    "userfaultfd": "mprotect and a handler for SIGSEGV", "iopl": "a virtio device", "ioperm": "a virtio device",
    "init_module": "a driver in kernel/drivers", "seccomp": "nothing: there is no kernel to be kept from",
    "capset": "nothing: there are no privileges",
    "getxattr": "a file beside the file, where it must last", "setxattr": "a file beside the file, where it must last", "reboot": "exit()",
}

#: Functions of other C libraries, or that are more than a call.
_LIBRARY = (
    Fact("system", "blocks", "it starts /bin/sh, and a guest has no shell",
         "posix_spawn of a program that was loaded with -v, or the work itself"),
    Fact("popen", "blocks", "it starts /bin/sh, and a guest has no shell", "posix_spawn with a pipe"),
    Fact("wordexp", "blocks", "it starts /bin/sh, and a guest has no shell", "glob(), or the work itself"),
    Fact("dlopen", "blocks", "programs are linked whole; no library is loaded at run time", "link the library in, and a table of its functions"),
    Fact("dlsym", "differs", "programs are linked whole: it finds nothing", "a table of functions"),
    Fact("getaddrinfo", "differs",
         "names come from /etc/hosts in the guest; there is no name server unless /etc/resolv.conf names one and there is a network",
         "numeric addresses, or a hosts file with -v"),
    Fact("gethostbyname", "differs", "names come from /etc/hosts in the guest", "numeric addresses, or a hosts file with -v"),
    Fact("getpwnam", "differs", "users come from /etc/passwd in the guest, and there is root alone", "nothing, or a file with -v"),
    Fact("getlogin", "differs", "nobody has logged in", "getuid(), or a variable of the environment (--env)"),
    Fact("syslog", "differs", "nobody listens at /dev/log; only LOG_PERROR's copy on stderr is seen", "fprintf(stderr, …)"),
    Fact("openpty", "blocks", "there are no pseudo-terminals", "a socket pair"),
    Fact("posix_openpt", "blocks", "there are no pseudo-terminals", "a socket pair"),
    Fact("shm_open", "differs", "it is a file under /dev/shm of this guest; no other guest and no host process sees it",
         "a variable, or a file of -v"),
    Fact("pthread_atfork", "note", "there is no fork, so the handlers are never called", "nothing"),
    Fact("getcontext", "blocks", "musl has no ucontext functions", "threads, or a small library of coroutines with its own switch"),
    Fact("makecontext", "blocks", "musl has no ucontext functions", "threads, or a small library of coroutines with its own switch"),
    Fact("swapcontext", "blocks", "musl has no ucontext functions", "threads, or a small library of coroutines with its own switch"),
    Fact("backtrace", "blocks", "glibc's own", "_Unwind_Backtrace(); a fault in a guest prints a backtrace by itself"),
    Fact("backtrace_symbols", "blocks", "glibc's own", "nothing: the guest prints names by itself"),
    Fact("mallinfo", "blocks", "glibc's own", "count in your own wrappers"),
    Fact("mallinfo2", "blocks", "glibc's own", "count in your own wrappers"),
    Fact("malloc_trim", "blocks", "glibc's own", "nothing"),
    Fact("mallopt", "blocks", "glibc's own", "nothing"),
    Fact("argp_parse", "blocks", "glibc's own", "getopt_long"),
    Fact("error_at_line", "blocks", "glibc's own", "warn() of err.h"),
    Fact("fts_open", "blocks", "not in musl", "nftw()"),
    Fact("canonicalize_file_name", "blocks", "glibc's own", "realpath(name, 0)"),
    Fact("gnu_get_libc_version", "blocks", "glibc's own", "nothing"),
    Fact("fcloseall", "blocks", "glibc's own", "fclose() of each"),
    Fact("register_printf_function", "blocks", "glibc's own", "a function that formats"),
    Fact("mtrace", "blocks", "glibc's own", "a debugging allocator in the program"),
    Fact("getaddrinfo_a", "blocks", "glibc's own", "getaddrinfo in a thread"),
    Fact("pthread_mutexattr_setprioceiling", "blocks", "not in musl", "nothing: one level of priority"),
)

#: What functions of the C library that work are made of: in a linked program, nobody else need have called these.
BEHIND = {"posix_spawn": ("execve",), "posix_spawnp": ("execvp", "execvpe")}

#: Why a name is missing that the C library has not at all: a program in which it is defined brought it.
OF_OTHER_LIBRARIES = frozenset(("glibc's own", "not in musl"))

CONSTANTS = {fact.subject: fact for fact in (
    Fact("MAP_SHARED", "differs", "a shared mapping of a file is a copy that is kept equal at each call, not at each store",
         "msync() before others look; threads need no file"),
    Fact("MAP_FIXED", "note", "only over the program's own mappings and free memory", "let the kernel choose, or reserve a range with PROT_NONE first"),
    Fact("MAP_32BIT", "differs", "there is no memory there", "pointers of 64 bits"),
    Fact("MAP_HUGETLB", "differs", "memory is in large pages anyway", "nothing"),
    Fact("SIGSTOP", "differs", "nobody can stop or continue a guest's only program", "a condition that threads wait for"),
    Fact("SIGTSTP", "differs", "there is no job control", "a condition that threads wait for"),
    Fact("SIGCONT", "differs", "there is no job control", "a condition that threads wait for"),
    Fact("SIGTTIN", "note", "there is no job control: it never comes", "nothing"),
    Fact("SIGTTOU", "note", "there is no job control: it never comes", "nothing"),
    Fact("SIGPROF", "differs", "ITIMER_PROF and ITIMER_VIRTUAL are not there", "demitasse run --stats"),
    Fact("ITIMER_VIRTUAL", "differs", "only ITIMER_REAL is there", "timer_create with CLOCK_MONOTONIC"),
    Fact("ITIMER_PROF", "differs", "only ITIMER_REAL is there", "timer_create with CLOCK_MONOTONIC"),
    Fact("AF_PACKET", "blocks", "sockets are IPv4 and IPv6", "UDP"),
    Fact("PF_PACKET", "blocks", "sockets are IPv4 and IPv6", "UDP"),
    Fact("AF_NETLINK", "blocks", "there is no Linux to be asked", "getifaddrs() and the like where they work"),
    Fact("SOCK_RAW", "blocks", "streams and datagrams only", "UDP"),
    Fact("AF_UNIX", "differs", "between programs and threads of one guest; messages carry no descriptors (SCM_RIGHTS)", "a descriptor's number: threads share them all"),
    Fact("AF_LOCAL", "differs", "between programs and threads of one guest; messages carry no descriptors (SCM_RIGHTS)", "a descriptor's number: threads share them all"),
    Fact("SCM_RIGHTS", "blocks", "messages carry no descriptors", "threads share all descriptors"),
    Fact("SCM_CREDENTIALS", "blocks", "messages carry no credentials", "nothing: there is one user"),
    Fact("CLONE_NEWNS", "blocks", "one program, one namespace", "another guest"),
    Fact("CLONE_NEWPID", "blocks", "one program, one namespace", "another guest"),
    Fact("CLONE_NEWNET", "blocks", "one program, one namespace", "another guest"),
    Fact("CLONE_NEWUSER", "blocks", "one program, one namespace", "another guest"),
    Fact("__BEGIN_DECLS", "blocks", "a macro of sys/cdefs.h, which is not in musl", "-D__BEGIN_DECLS= in CFLAGS"),
    Fact("__END_DECLS", "blocks", "a macro of sys/cdefs.h, which is not in musl", "-D__END_DECLS= in CFLAGS"),
    Fact("RTLD_NEXT", "blocks", "there are no libraries in a row", "the linker's --wrap"),
    Fact("PR_SET_PDEATHSIG", "differs", "prctl knows the thread's name only", "nothing"),
    Fact("O_TMPFILE", "differs", "not there", "mkstemp() and unlink()"),
    Fact("EFD_SEMAPHORE", "differs", "not there", "sem_init"),
    Fact("MADV_FREE", "note", "advice that is not needed", "nothing"),
)}

#: Headers that are not there: a prefix that ends in / stands for the whole folder.
HEADERS = {fact.subject: fact for fact in (
    Fact("linux/", "blocks", "a header of the Linux kernel, not of the C library",
         "the C library's header (sys/…), or the constants themselves"),
    Fact("asm/", "blocks", "a header of the Linux kernel, not of the C library", "the C library's header (sys/…)"),
    Fact("asm-generic/", "blocks", "a header of the Linux kernel, not of the C library", "the C library's header (sys/…)"),
    Fact("execinfo.h", "blocks", "glibc's own", "_Unwind_Backtrace(), or nothing: a fault prints a backtrace"),
    Fact("argp.h", "blocks", "glibc's own", "getopt.h"),
    Fact("error.h", "blocks", "glibc's own", "err.h"),
    Fact("obstack.h", "blocks", "glibc's own", "malloc"),
    Fact("fts.h", "blocks", "not in musl", "ftw.h"),
    Fact("gnu/libc-version.h", "blocks", "glibc's own", "nothing"),
    Fact("sys/cdefs.h", "blocks", "not in musl",
         "plain C: extern \"C\" by #ifdef __cplusplus"),
    Fact("sys/queue.h", "blocks", "not in musl", "a copy of the header in the program"),
    Fact("sys/tree.h", "blocks", "not in musl",
         "a copy of the header in the program"),
    Fact("mcheck.h", "blocks", "glibc's own", "nothing"),
    Fact("printf.h", "blocks", "glibc's own", "a function that formats"),
    Fact("sys/sysctl.h", "blocks", "the call is gone from Linux, too", "sysconf()"),
    Fact("sys/capability.h", "blocks",
         "another library's; there are no privileges", "nothing"),
    Fact("libaio.h", "blocks", "another library's; there is no asynchronous interface to disks", "threads"),
    Fact("liburing.h", "blocks", "another library's; there is no asynchronous interface to disks", "threads"),
    Fact("numa.h", "blocks", "another library's; one node of memory", "nothing"),
    Fact("rpc/", "blocks", "not in musl",
         "a copy of the library in the program"),
)}

#: Paths in strings: the longest prefix tells.  None: such a file is there.
PATHS: tuple[tuple[str, Fact | None], ...] = (
    ("/proc/self/exe", None),
    ("/proc/self/fd", Fact("/proc/self/fd", "differs", "/proc/self/fd/N can be opened, but not listed", "fcntl(fd, F_GETFD)")),
    ("/proc/self/maps", Fact("/proc/self/maps", "differs", "there is no /proc but self/exe and self/fd/N", "pthread_getattr_np(), dl_iterate_phdr()")),
    ("/proc/self/status", Fact("/proc/self/status", "differs", "there is no /proc but self/exe and self/fd/N", "getrusage()")),
    ("/proc/self/stat", Fact("/proc/self/stat", "differs", "there is no /proc but self/exe and self/fd/N", "getrusage()")),
    ("/proc/self/cmdline", Fact("/proc/self/cmdline", "differs", "there is no /proc but self/exe and self/fd/N", "argv")),
    ("/proc/cpuinfo", Fact("/proc/cpuinfo", "differs", "there is no /proc but self/exe and self/fd/N", "sysconf(), the instruction cpuid")),
    ("/proc/meminfo", Fact("/proc/meminfo", "differs", "there is no /proc but self/exe and self/fd/N", "sysinfo()")),
    ("/proc", Fact("/proc", "differs", "there is no /proc but self/exe and self/fd/N", "the C library's functions")),
    ("/sys/", Fact("/sys", "differs", "there is no /sys", "sysconf()")),
    ("/dev/null", None), ("/dev/zero", None), ("/dev/full", None), ("/dev/tty", None),
    ("/dev/stdin", None), ("/dev/stdout", None), ("/dev/stderr", None), ("/dev/fd", None), ("/dev/random", None), ("/dev/urandom", None), ("/dev/console", None), ("/dev/shm", None),
    ("/dev/log", Fact("/dev/log", "differs", "nobody listens there", "stderr")),
    ("/dev/ptmx", Fact("/dev/ptmx", "blocks", "there are no pseudo-terminals", "a socket pair")),
    ("/dev/", Fact("/dev", "differs", "the only devices are null, zero, full, random, urandom, console and tty", "a virtio device, or a file of -v")),
    ("/bin/", Fact("/bin", "differs", "there are no other programs unless -v brings them",
     "the work itself, or posix_spawn of a program of yours")),
    ("/usr/bin/", Fact("/usr/bin", "differs", "there are no other programs unless -v brings them",
     "the work itself, or posix_spawn of a program of yours")),
)

INSTRUCTION = Fact("a system call by instruction", "blocks", "there is no kernel behind a trap: the kernel is a library that is called",
                   "the C library's function, or syscall()")
DYNAMIC = Fact("a dynamic linker", "blocks", "programs are linked whole, and this one was linked against this machine's libraries",
"build it from its source with demitasse cc")
OTHER_LIBRARY = Fact("glibc", "blocks", "made for another C library", "compile it with demitasse cc")
FIXED_ADDRESS = Fact("code at a fixed address", "blocks", "programs lie where there is room",
"compile it with demitasse cc (position-independent)")
FOREIGN = Fact("code for another machine", "blocks", "guests are x86-64", "compile it with demitasse cc")
LINUX_PROGRAM = Fact("a program for Linux", "blocks", "it has no note of ours: it calls Linux, not our kernel",
"build it from its source with demitasse cc")


def of_calls() -> dict[str, Fact]:
    """Facts of functions, by name: those of the table of system calls, then the library's own."""
    found: dict[str, Fact] = {}
    for row in syscalls.TABLE:
        if row.state == "done":
            continue
        fact = of_system_call(row)
        for name in FUNCTIONS_OF.get(row.name, (row.name,)):
            if name not in NOT_FUNCTIONS:
                found[name] = Fact(name, fact.level, fact.why, fact.instead)
    found.update((fact.subject, fact) for fact in _LIBRARY)
    return found


def of_system_call(row: syscalls.SystemCall) -> Fact:
    """The fact of a row that is not done."""
    if row.state == "none":
        level = "differs" if row.name in SOFT else "blocks"
    else:
        level = "blocks" if row.name == "execve" else "note" if row.name in RARE else "differs"
    return Fact(row.name, level, row.reason, INSTEAD.get(row.name, ""))


def of_header(name: str) -> Fact | None:
    """The fact of an #include <name>."""
    folder = name.partition("/")[0] + "/"
    return HEADERS.get(name) or HEADERS.get(folder)


def of_path(text: str) -> Fact | None:
    """The fact of a string that begins as a path."""
    for prefix, fact in PATHS:
        if text.startswith(prefix) and (prefix.endswith("/") or text[len(prefix):len(prefix) + 1] in ("", "/")):
            return fact
    return None


def worst(facts: Iterable[Fact]) -> str:
    """The gravest level of some facts, or an empty text."""
    levels = {fact.level for fact in facts}
    return next((level for level in LEVELS if level in levels), "")
