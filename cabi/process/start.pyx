# Starting programs: see start.pxd.
#
# The first stack is as the System V ABI, AMD64 supplement §3.4.1, has it: argc, argv, environment, auxiliary vector,
# then the strings.  The C library finds its thread-local storage through AT_PHDR by itself.
from kernel.types cimport i64, u8, u32, u64
from kernel.boot.config cimport config_count, config_flag, config_get, config_number
from kernel.boot.main cimport kernel_exit
from kernel.boot.bootinfo cimport MARK_MAIN
from kernel.diagnostics.format cimport Text, kprint, text_init, text_print
from kernel.diagnostics.panic cimport panic
from kernel.files.descriptors cimport FileContext, file_context_free
from kernel.files.errno cimport EACCES, EINVAL, EISDIR, EMFILE, ENOENT, ENOMEM, ENOTDIR
from kernel.files.vfs cimport (FileStat, VFS_O_CREAT, VFS_O_EXCL, VFS_O_RDONLY, VFS_O_WRONLY, VFS_S_IFMT, VFS_S_IFREG, vfs_chdir, vfs_close,
                               vfs_fstat, vfs_map, vfs_mkdir, vfs_open, vfs_read, vfs_symlink, vfs_write)
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport PAGE_SHIFT, PAGE_SIZE, pages_alloc
from kernel.memory.string cimport memcpy, memset, strlen
from kernel.platform.cpu cimport cpu_cpuid, cpu_extended
from kernel.platform.platform cimport ACCESS_WRITE, platform_mark, platform_set_event_mask, platform_set_thread_base
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.stacks cimport stack_area_take
from kernel.threads.stress cimport stress_init
from kernel.threads.thread cimport (Thread, thread_sleep, threads_expect_event, threads_set_switch_hook)
from kernel.time.clock cimport clock_monotonic
from kernel.time.entropy cimport entropy_fill
from cabi.calls.strace cimport strace_init
from cabi.calls.terminal cimport terminal_init
from cabi.loader.elf cimport elf_load
from cabi.process.memory cimport regions_add
from cabi.process.process cimport *
from cabi.process.program cimport *
from cabi.process.signals cimport faults_init, signals_init
from cabi.process.start cimport *

cdef enum:
    ENOEXEC = 8
    E2BIG = 7
    EXIT_REFUSED = 126                   # as a shell says of a file that it cannot execute
    EXIT_MISSING = 127
    ARGUMENTS_SIZE = 2097152             # bytes of arguments and environment (Linux: a quarter of the stack)
    VECTOR = 20
    X87_SSE_AVX = 0xe7                   # states in XCR0 that a switch keeps: x87, SSE, AVX, AVX-512
    TEXT = 200

# Types of the auxiliary vector (Linux, include/uapi/linux/auxvec.h).
cdef enum:
    AT_NULL = 0
    AT_PHDR = 3
    AT_PHENT = 4
    AT_PHNUM = 5
    AT_PAGESZ = 6
    AT_BASE = 7
    AT_FLAGS = 8
    AT_ENTRY = 9
    AT_UID = 11
    AT_EUID = 12
    AT_GID = 13
    AT_EGID = 14
    AT_PLATFORM = 15
    AT_HWCAP = 16
    AT_CLKTCK = 17
    AT_SECURE = 23
    AT_RANDOM = 25
    AT_EXECFN = 31
    AT_MINSIGSTKSZ = 51

cdef extern from *:
    """
    #pragma GCC visibility push(hidden)
    extern unsigned extended_size, extended_mask;
    #pragma GCC visibility pop
    """
    u32 extended_size, extended_mask


cdef extern void program_memory_init() noexcept nogil         # border.pyx


# --- the first stack ------------------------------------------------------------------------------------

cdef u64 count_of(const char** list, u64* bytes) noexcept nogil:
    cdef u64 count = 0
    while list[count] != NULL:
        bytes[0] += strlen(list[count]) + 1
        count += 1
    return count


cdef u64 push_text(u64* at, const char* text) noexcept nogil:
    cdef u64 size = strlen(text) + 1
    at[0] -= size
    memcpy(<void*>at[0], text, size)
    return at[0]


cdef u64* push_list(u64* at, const char** list, u64 count, u64* strings) noexcept nogil:
    cdef u64 i
    for i in range(count):
        at[i] = push_text(strings, list[i])
    at[count] = 0
    return at + count + 1


cdef u64* push_pair(u64* at, u64 type, u64 value) noexcept nogil:
    at[0] = type
    at[1] = value
    return at + 2


cdef int build_stack(Process* process, const char** arguments, const char** environment, u64* sp) noexcept nogil:
    cdef u64 bytes = strlen(process.path) + 64
    cdef u64 argument_count = count_of(arguments, &bytes), environment_count = count_of(environment, &bytes)
    cdef u64 strings = process.stack.middle, random, platform, name
    cdef u64* at
    cdef u32 features[4]
    bytes += (argument_count + environment_count + 3 + 2 * VECTOR) * 8
    if bytes > ARGUMENTS_SIZE:
        return -E2BIG
    at = <u64*>((strings - bytes) & ~<u64>15)
    sp[0] = <u64>at
    strings -= 16
    random = strings
    entropy_fill(<void*>random, 16)
    platform = push_text(&strings, b"x86_64")
    name = push_text(&strings, process.path)
    at[0] = argument_count
    at = push_list(at + 1, arguments, argument_count, &strings)
    at = push_list(at, environment, environment_count, &strings)
    cpu_cpuid(1, 0, features)
    at = push_pair(at, AT_PHDR, process.image.headers)
    at = push_pair(at, AT_PHENT, 56)
    at = push_pair(at, AT_PHNUM, process.image.header_count)
    at = push_pair(at, AT_PAGESZ, PAGE_SIZE)
    at = push_pair(at, AT_BASE, 0)
    at = push_pair(at, AT_FLAGS, 0)
    at = push_pair(at, AT_ENTRY, process.image.entry)
    at = push_pair(at, AT_UID, 0)
    at = push_pair(at, AT_EUID, 0)
    at = push_pair(at, AT_GID, 0)
    at = push_pair(at, AT_EGID, 0)
    at = push_pair(at, AT_PLATFORM, platform)
    at = push_pair(at, AT_HWCAP, features[3])
    at = push_pair(at, AT_CLKTCK, 100)
    at = push_pair(at, AT_SECURE, 0)
    at = push_pair(at, AT_RANDOM, random)
    at = push_pair(at, AT_EXECFN, name)
    at = push_pair(at, AT_MINSIGSTKSZ, 4096 + extended_size)
    push_pair(at, AT_NULL, 0)
    return 0


# --- the file -------------------------------------------------------------------------------------------

# The bytes of the file: in place if it is a boot module, or read into memory of the process.
cdef int read_file(Process* process, const u8** file, u64* size) noexcept nogil:
    cdef FileStat status
    cdef void* place = NULL
    cdef u64 done = 0
    cdef i64 got
    cdef int fd = vfs_open(process.path, VFS_O_RDONLY, 0), error
    if fd < 0:
        return fd
    error = vfs_fstat(fd, &status)
    if error == 0 and status.mode & VFS_S_IFMT != VFS_S_IFREG:
        error = -EACCES
    if error == 0 and vfs_map(fd, &place, size) == 0:
        file[0] = <const u8*>place
    elif error == 0:
        process.file_pages = (status.size + PAGE_SIZE) >> PAGE_SHIFT
        process.file_memory = pages_alloc(process.file_pages, 1, 0)
        if process.file_memory == 0:
            error = -ENOMEM
        while error == 0 and done < status.size:
            got = vfs_read(fd, <void*>(process.file_memory + done), status.size - done)
            if got < 0:
                error = <int>got
            if got <= 0:
                break
            done += <u64>got
        file[0] = <const u8*>process.file_memory
        size[0] = done
    vfs_close(fd)
    return error


cdef const char* wording(int error) noexcept nogil:
    if error == -ENOENT or error == -ENOTDIR:
        return b"there is no such file"
    if error == -EACCES or error == -EISDIR:
        return b"not a regular file"
    if error == -ENOMEM:
        return b"too little memory"
    if error == -E2BIG:
        return b"too many arguments"
    return b"it cannot be read"


cdef public int program_load(Process* process, const char** arguments, const char** environment, u64* sp, Text* why) noexcept nogil:
    cdef const u8* file = NULL
    cdef u64 size = 0
    cdef u32 i
    cdef int error = read_file(process, &file, &size)
    if error == 0:
        error = elf_load(file, size, &process.image, why)
        if error != 0:
            return error
    for i in range(process.image.segment_count):
        if error == 0:
            error = regions_add(process, process.image.segments[i].start, process.image.segments[i].end,
                                <u32>process.image.segments[i].access, REGION_IMAGE, 0)
    if error == 0 and not stack_area_take(&process.stack, PROGRAM_STACK, 0):
        error = -ENOMEM
    if error == 0:
        error = regions_add(process, process.stack.low, process.stack.middle, ACCESS_WRITE, REGION_STACK, 0)
    if error == 0:
        error = build_stack(process, arguments, environment, sp)
    if error != 0:
        text_print(why, b"%s", wording(error))
    return error


cdef public void program_close(Process* process) noexcept nogil:
    file_context_free(<FileContext*>process.descriptors)
    process.descriptors = NULL


# --- the first program ----------------------------------------------------------------------------------

cdef void switched(Thread* previous, Thread* next) noexcept nogil:
    if next.fs_base:
        platform_set_thread_base(next.fs_base)


# What a switch has to keep beyond SSE's state (Intel SDM volume 1, ch. 13).
cdef void find_extended_state() noexcept nogil:
    global extended_size, extended_mask
    cdef u32 out[4]
    cdef u32 mask, size = 576, i
    cpu_cpuid(1, 0, out)
    if not out[2] >> 27 & 1:             # OSXSAVE
        return
    mask = <u32>cpu_extended() & X87_SSE_AVX
    if mask & ~<u32>3 == 0:
        return
    for i in range(2, 8):
        if mask >> i & 1:
            cpu_cpuid(13, i, out)
            size = max(size, out[0] + out[1])
    extended_mask = mask
    extended_size = (size + 63) & ~<u32>63


cdef void close_mask() noexcept nogil:
    events_mask()


cdef void open_mask() noexcept nogil:
    events_unmask()


cdef void init() noexcept nogil:
    cdef Thread* self = thread_current()
    if <u64>&self.attention - <u64>self != 24:
        panic(b"entry.S: a member of Thread has moved")
    platform_set_event_mask(close_mask, open_mask)
    program_memory_init()
    find_extended_state()
    threads_set_switch_hook(switched)
    threads_expect_event(1)              # a program that waits for ever does so, as on Linux
    signals_init()
    faults_init()
    strace_init()
    terminal_init()
    stress_init(config_number(b"preempt-every", 0), config_number(b"preempt-seed", 0), config_flag(b"preempt-kernel"),
                config_number(b"preempt-slice", 0))


cdef const char** config_list(const char* key, const char* first) noexcept nogil:
    cdef u64 count = config_count(key), i, skip = 1 if first != NULL else 0
    cdef const char** list = <const char**>kcalloc(count + 2, sizeof(char*))
    if list != NULL:
        if first != NULL:
            list[0] = first
        for i in range(count):
            list[i + skip] = config_get(key, i)
    return list


# A file that programs take for granted, unless a folder of the host has it.
cdef void provide(const char* path, const char* text) noexcept nogil:
    cdef int fd = vfs_open(path, VFS_O_WRONLY | VFS_O_CREAT | VFS_O_EXCL, 0o644)
    if fd >= 0:
        vfs_write(fd, text, strlen(text))
        vfs_close(fd)


# (/etc/hosts is the kernel's: kernel/net/names.pyx.)
cdef void furnish(const char* program) noexcept nogil:
    vfs_mkdir(b"/dev/shm", 0o1777)
    provide(b"/etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    provide(b"/etc/group", b"root:x:0:\n")
    provide(b"/etc/services", b"domain 53/tcp\ndomain 53/udp\nhttp 80/tcp\nntp 123/udp\nhttps 443/tcp\n")
    provide(b"/etc/resolv.conf", b"# There is no name server.\noptions timeout:1 attempts:1\n")
    vfs_mkdir(b"/proc", 0o555)
    vfs_mkdir(b"/proc/self", 0o555)
    vfs_symlink(program, b"/proc/self/exe")


cdef public int program_main() noexcept nogil:
    cdef char text[TEXT]
    cdef Text why
    cdef const char* path = config_get(b"main", 0)
    cdef const char* name = config_get(b"name", 0)
    cdef const char* folder = config_get(b"workdir", 0)
    cdef const char** arguments
    cdef const char** environment
    cdef Process* process
    cdef ProgramThread* t = NULL
    cdef u64 sp = 0
    cdef int error
    init()
    if path == NULL:
        kprint(b"demitasse: no program is named\n")
        return EXIT_MISSING
    arguments = config_list(b"arg", name if name != NULL else path)
    environment = config_list(b"env", NULL)
    process = process_make(path)
    text_init(&why, text, TEXT)
    if arguments == NULL or environment == NULL or process == NULL:
        kprint(b"demitasse: %s: too little memory\n", path)
        return EXIT_REFUSED
    furnish(path)
    if folder != NULL:
        error = vfs_chdir(folder)
        if error != 0:
            kprint(b"demitasse: -w %s: there is no such directory in the guest\n", folder)
            return EXIT_REFUSED
    error = program_load(process, arguments, environment, &sp, &why)
    if error == 0:
        t = program_thread_make(process, process.image.entry, sp, 0, False)
    if t == NULL:
        if error == 0:
            text_print(&why, b"too little memory")
        kprint(b"demitasse: %s: %s\n", name if name != NULL else path, &text[0])
        process_discard(process)
        return EXIT_MISSING if error == -ENOENT else EXIT_REFUSED
    kfree(arguments)
    kfree(environment)
    platform_mark(MARK_MAIN)
    program_thread_start(t)
    while True:                          # the program ends the guest
        thread_sleep(clock_monotonic() + (<u64>1 << 50))
    return 0
