# What programs ask of the system: names, limits, identities, random numbers; and the calls that have one answer.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.diagnostics.format cimport kprint
from kernel.files.descriptors cimport file_context
from kernel.files.vfs cimport DESCRIPTORS_MAX
from kernel.files.errno cimport EINVAL, ENOMEM, ENOSYS, EPERM
from kernel.identity cimport identity_name, identity_version
from kernel.memory.pages cimport PAGE_SIZE, PageStatistics, pages_statistics
from kernel.memory.string cimport memcpy, memset, strlen
from kernel.platform.platform cimport platform_set_thread_base
from kernel.threads.cpu cimport thread_current
from kernel.threads.thread cimport THREAD_NAME_MAX, thread_set_name
from kernel.time.clock cimport clock_since_boot
from kernel.time.entropy cimport entropy_fill
from cabi.process.process cimport process_find, process_first
from cabi.process.program cimport *

cdef enum:
    EFAULT = 14
    ESRCH = 3
    FIELD = 65                           # of struct utsname
    SECOND = 1000000000
    RLIMIT_STACK = 3
    RLIMIT_NOFILE = 7
    PR_SET_NAME = 15
    PR_GET_NAME = 16
    ARCH_SET_FS = 0x1002
    ARCH_GET_FS = 0x1003

cdef bint fork_told


cdef public i64 sys_zero() noexcept nogil:
    return 0


# Identities: there is one user and one group, and it is 0.
cdef public i64 sys_be_root(int a, int b, int c) noexcept nogil:
    return 0


cdef public i64 sys_getresuid(u32* a, u32* b, u32* c) noexcept nogil:
    if not program_may(a, 4) or not program_may(b, 4) or not program_may(c, 4):
        return -EFAULT
    a[0] = b[0] = c[0] = 0
    return 0


cdef public i64 sys_getgroups(int size, u32* list) noexcept nogil:
    if size < 0:
        return -EINVAL
    if size == 0:
        return 1
    if not program_may(list, 4):
        return -EFAULT
    list[0] = 0
    return 1


cdef public i64 sys_fork() noexcept nogil:
    global fork_told
    if not fork_told:
        fork_told = True
        kprint(b"demitasse: %s: fork is not there: one address space cannot be copied; use posix_spawn\n", program_process().path)
    return -ENOSYS


# --- groups and sessions: one of each -------------------------------------------------------------------

cdef public i64 sys_getpgrp() noexcept nogil:
    return process_first().id


cdef public i64 sys_getpgid(int id) noexcept nogil:
    return process_first().id if id == 0 or process_find(<u32>id) != NULL else -ESRCH


cdef public i64 sys_getsid(int id) noexcept nogil:
    return sys_getpgid(id)


cdef public i64 sys_setpgid(int id, int group) noexcept nogil:
    return 0 if id == 0 or process_find(<u32>id) != NULL else -ESRCH


cdef public i64 sys_setsid() noexcept nogil:
    return program_process().id if not program_process().first else -EPERM


# --- names ----------------------------------------------------------------------------------------------

cdef void put(char* into, const char* text) noexcept nogil:
    memset(into, 0, FIELD)
    memcpy(into, text, strlen(text))


cdef public i64 sys_uname(char* into) noexcept nogil:
    if not program_may(into, 6 * FIELD):
        return -EFAULT
    put(into, b"Linux")
    put(into + FIELD, identity_name())
    put(into + 2 * FIELD, identity_version())
    put(into + 3 * FIELD, b"#1")
    put(into + 4 * FIELD, b"x86_64")
    put(into + 5 * FIELD, b"(none)")
    return 0


cdef public i64 sys_prctl(int option, u64 a, u64 b, u64 c, u64 d) noexcept nogil:
    cdef char name[16]
    if option in (PR_SET_NAME, PR_GET_NAME):
        if not program_may(<void*>a, 16):
            return -EFAULT
        if option == PR_GET_NAME:
            memset(<void*>a, 0, 16)
            memcpy(<void*>a, thread_current().name, 15)
        else:
            memcpy(name, <void*>a, 15)
            name[15] = 0
            thread_set_name(thread_current(), name)
        return 0
    return -EINVAL


cdef public i64 sys_arch_prctl(int code, u64 address) noexcept nogil:
    if code == ARCH_SET_FS:
        thread_current().fs_base = address
        platform_set_thread_base(address)
        return 0
    if code == ARCH_GET_FS:
        if not program_may(<void*>address, 8):
            return -EFAULT
        (<u64*>address)[0] = thread_current().fs_base
        return 0
    return -EINVAL


cdef public i64 sys_personality(u64 persona) noexcept nogil:
    return 0 if persona == 0 or persona == <u64>0xffffffff else -EINVAL


cdef public i64 sys_getcpu(u32* cpu, u32* node, void* unused) noexcept nogil:
    if cpu != NULL:
        if not program_may(cpu, 4):
            return -EFAULT
        cpu[0] = 0
    if node != NULL:
        if not program_may(node, 4):
            return -EFAULT
        node[0] = 0
    return 0


cdef public i64 sys_getrandom(void* buffer, u64 count, u32 flags) noexcept nogil:
    if flags & ~<u32>7:
        return -EINVAL
    if not program_may(buffer, count):
        return -EFAULT
    count = min(count, <u64>0x1ffffff)
    entropy_fill(buffer, count)
    return <i64>count


cdef public i64 sys_sysinfo(u64* into) noexcept nogil:
    cdef PageStatistics pages
    if not program_may(into, 112):
        return -EFAULT
    pages_statistics(&pages)
    memset(into, 0, 112)
    into[0] = clock_since_boot() // SECOND
    into[4] = pages.total
    into[5] = pages.free
    into[10] = 1                         # processes, in the low 16 bits
    (<u32*>into)[26] = 1                 # the unit of memory
    return 0


cdef public i64 sys_membarrier(int command, u32 flags, int cpu) noexcept nogil:
    if command == 0:                     # MEMBARRIER_CMD_QUERY
        return 0x1f
    return 0 if command > 0 else -EINVAL


# --- limits ---------------------------------------------------------------------------------------------

cdef u64 default_limit(int resource, bint hard) noexcept nogil:
    if resource == RLIMIT_STACK:
        return ~<u64>0 if hard else <u64>PROGRAM_STACK
    if resource == RLIMIT_NOFILE:
        return 65536
    return ~<u64>0


# 0 in the record means the default, so that a record begins as zeros; 0 as a limit is kept as 1 of them less than it can be.
cdef u64 limit_of(Process* process, int resource, bint hard) noexcept nogil:
    cdef u64 kept = process.limits[resource][hard]
    return default_limit(resource, hard) if kept == 0 else kept - 1


cdef public i64 sys_prlimit64(int id, int resource, const u64* limit, u64* old) noexcept nogil:
    cdef Process* process = process_find(<u32>id) if id else program_process()
    cdef u64 soft, hard
    if resource < 0 or resource >= LIMITS:
        return -EINVAL
    if process == NULL:
        return -ESRCH
    if (limit != NULL and not program_may(limit, 16)) or (old != NULL and not program_may(old, 16)):
        return -EFAULT
    soft = limit_of(process, resource, False)
    hard = limit_of(process, resource, True)
    if limit != NULL:
        if limit[0] > limit[1]:
            return -EINVAL
        process.limits[resource][0] = limit[0] + 1
        process.limits[resource][1] = limit[1] + 1
        if resource == RLIMIT_NOFILE and process == program_process():
            file_context().limit = max(1, <int>min(limit[0], <u64>DESCRIPTORS_MAX))
    if old != NULL:
        old[0] = soft
        old[1] = hard
    return 0


cdef public i64 sys_getrlimit(int resource, u64* limit) noexcept nogil:
    return sys_prlimit64(0, resource, NULL, limit)


cdef public i64 sys_setrlimit(int resource, const u64* limit) noexcept nogil:
    return sys_prlimit64(0, resource, limit, NULL)


# --- scheduling -----------------------------------------------------------------------------------------

cdef public i64 sys_getpriority(int which, int who) noexcept nogil:
    if which < 0 or which > 2:
        return -EINVAL
    return 20 - program_process().nice


cdef public i64 sys_setpriority(int which, int who, int priority) noexcept nogil:
    if which < 0 or which > 2:
        return -EINVAL
    program_process().nice = max(-20, min(priority, 19))
    return 0


cdef public i64 sys_sched_getparam(int id, i32* into) noexcept nogil:
    if not program_may(into, 4):
        return -EFAULT
    into[0] = 0
    return 0


cdef public i64 sys_sched_setparam(int id, const i32* parameters) noexcept nogil:
    if not program_may(parameters, 4):
        return -EFAULT
    return 0 if parameters[0] == 0 else -EINVAL


cdef public i64 sys_sched_setscheduler(int id, int policy, const i32* parameters) noexcept nogil:
    if not program_may(parameters, 4):
        return -EFAULT
    if policy in (1, 2):                 # SCHED_FIFO, SCHED_RR
        return -EPERM
    return 0 if policy in (0, 3, 5) and parameters[0] == 0 else -EINVAL


cdef public i64 sys_sched_get_priority_max(int policy) noexcept nogil:
    return 99 if policy in (1, 2) else (0 if policy in (0, 3, 5) else -EINVAL)


cdef public i64 sys_sched_get_priority_min(int policy) noexcept nogil:
    return 1 if policy in (1, 2) else (0 if policy in (0, 3, 5) else -EINVAL)


cdef public i64 sys_sched_rr_get_interval(int id, i64* into) noexcept nogil:
    if not program_may(into, 16):
        return -EFAULT
    into[0] = 0
    into[1] = 5000000                    # TIME_SLICE_NS of kernel/threads/thread.pxd
    return 0


cdef public i64 sys_sched_getaffinity(int id, u64 size, u64* mask) noexcept nogil:
    if size < 8:
        return -EINVAL
    if not program_may(mask, 8):
        return -EFAULT
    mask[0] = 1
    return 8


cdef public i64 sys_sched_setaffinity(int id, u64 size, const u64* mask) noexcept nogil:
    if size < 8 or not program_may(mask, 8):
        return -EFAULT
    return 0 if mask[0] & 1 else -EINVAL
