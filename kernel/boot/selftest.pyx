# In-image tests: see selftest.pxd.
#
# The first group must pass; each prints "ok" or says what went wrong.  The second group must die, and
# the host checks the report (tests/boot/test_selftests.py).
from kernel.types cimport i64, u8, u32, u64
from kernel.memory.heap cimport kmalloc_check, kmalloc_statistics, KmallocStatistics, kfree, kmalloc
from kernel.memory.pages cimport (PageStatistics, pages_alloc, pages_free, pages_release_free, pages_statistics,
                                  PAGES_ZERO)
from kernel.memory.string cimport memcpy, memset, strcmp, strlen
from kernel.threads.cpu cimport events_mask, events_unmask, thread_preempt_disable, thread_preempt_enable, this_cpu, Cpu
from kernel.threads.thread cimport *
from kernel.threads.sync cimport *
from kernel.time.clock cimport clock_monotonic, clock_wall
from kernel.time.entropy cimport entropy_bits, entropy_fill
from kernel.diagnostics.format cimport kprint
from kernel.diagnostics.panic cimport panic, panic_set_java_reporter, kassert
from kernel.diagnostics.trace cimport trace_begin, trace_end, trace_instant, trace_start, trace_complete
from kernel.drivers.console cimport console_write, console_read, CONSOLE_MAIN, CONSOLE_ERROR
from kernel.files.vfs cimport *
from kernel.boot.main cimport kernel_exit
from kernel.boot.config cimport config_get

cdef enum:
    SLOW_LINES = 4096                    # of 64 bytes: more than pipe and buffers hold
    MILLISECOND = 1000000

cdef extern from *:
    """
    /* Fills SSE and general registers, spins until *stop, and counts every value that came back wrong. */
    static unsigned long selftest_registers(volatile unsigned *stop, unsigned long seed) {
        unsigned long bad = 0;
        while (!*stop) {
            unsigned long a = seed, b = seed + 1, c = seed + 2, flags;
            double x = (double)seed, y;
            __asm__ volatile(
                "movq %[x], %%xmm15\\n\\t" "mov $2000, %%ecx\\n\\t" "stc\\n\\t"
                "1: pushfq\\n\\t" "pop %%rdx\\n\\t" "lea -1(%%ecx), %%ecx\\n\\t" "jrcxz 2f\\n\\t" "jmp 1b\\n\\t"
                "2: movq %%xmm15, %[y]\\n\\t" "mov %%rdx, %[flags]"
                : [y] "=x"(y), [flags] "=r"(flags), "+r"(a), "+r"(b), "+r"(c)
                : [x] "x"(x) : "rcx", "rdx", "xmm15", "cc", "memory");
            bad += (y != x) + !(flags & 1) + (a != seed) + (b != seed + 1) + (c != seed + 2);
        }
        return bad;
    }
    static __attribute__((noinline)) unsigned long selftest_deep(unsigned long n) {
        volatile char pad[256];
        pad[0] = (char)n;
        if (n == ~0UL) return 0;
        return selftest_deep(n + 1) + pad[0];
    }
    """
    u64 selftest_registers(u32* stop, u64 seed) noexcept nogil
    u64 selftest_deep(u64 n) noexcept nogil

cdef u32 stop
cdef u32* nowhere                        # stays NULL
cdef u64 counters[4]
cdef u64 wrong
cdef Mutex lock
cdef Condition changed
cdef Parker parker
cdef Semaphore never


cdef int fail(const char* what) noexcept nogil:
    kprint(b"failed: %s\n", what)
    return 1


# --- must pass ------------------------------------------------------------------------------------

cdef int test_hello() noexcept nogil:
    console_write(CONSOLE_MAIN, b"hello from the image\n", 21)
    console_write(CONSOLE_ERROR, b"and on the error console\n", 25)
    return 0


cdef void spin_registers(void* argument) noexcept nogil:
    global wrong
    wrong += selftest_registers(&stop, <u64>argument)


# Preemption at arbitrary instructions keeps every register, the flags and the SSE state.
cdef int test_preemption() noexcept nogil:
    global stop, wrong
    cdef Thread* threads[4]
    cdef u32 i
    cdef u64 before = this_cpu().switches
    cdef u64 end
    for i in range(4):
        threads[i] = thread_create(b"spinner", spin_registers, <void*>(<u64>1000 * (i + 1)), 0, PRIORITY_NORMAL)
        thread_start(threads[i])
    thread_sleep(clock_monotonic() + 300 * MILLISECOND)
    # A time slice that ends while preemption is disabled: the thread goes on, the others wait.
    thread_preempt_disable()
    end = clock_monotonic() + 20 * MILLISECOND
    while clock_monotonic() < end:
        pass
    thread_preempt_enable()
    stop = 1
    for i in range(4):
        thread_join(threads[i], NULL, 0)
    if wrong:
        return fail(b"a register changed under preemption")
    if this_cpu().switches - before < 12:
        return fail(b"the spinning threads were not preempted")
    return 0


cdef void count(void* argument) noexcept nogil:
    cdef u64* counter = <u64*>argument
    cdef u32 i
    for i in range(20000):
        mutex_lock(&lock)
        counters[0] += 1
        mutex_unlock(&lock)
        counter[0] += 1
        if i % 64 == 0:
            thread_yield()


cdef int test_threads() noexcept nogil:
    cdef Thread* threads[3]
    cdef u32 i
    for i in range(3):
        threads[i] = thread_create(b"counter", count, &counters[i + 1], 0, PRIORITY_NORMAL)
        thread_start(threads[i])
    for i in range(3):
        if thread_join(threads[i], NULL, 0) != 0:
            return fail(b"join")
    if counters[0] != 60000:
        return fail(b"a mutex let two threads in")
    return 0


cdef int test_time() noexcept nogil:
    cdef u64 start = clock_monotonic()
    cdef u64 slept
    thread_sleep(start + 20 * MILLISECOND)
    slept = clock_monotonic() - start
    if slept < 20 * MILLISECOND or slept > 2000 * <u64>MILLISECOND:
        return fail(b"sleep")
    if parker_park(&parker, clock_monotonic() + 5 * MILLISECOND) == 0:
        return fail(b"park")
    if clock_wall() < <u64>1600000000 * 1000000000:
        return fail(b"the wall clock is before this code was written")
    return 0


cdef int test_memory() noexcept nogil:
    cdef void* blocks[256]
    cdef u32 i
    cdef u64 seed = 1, j, pages
    cdef PageStatistics before, after
    pages_statistics(&before)
    for i in range(256):
        seed = seed * <u64>6364136223846793005ULL + <u64>1442695040888963407ULL
        blocks[i] = kmalloc(seed >> 51)
        if blocks[i] == NULL:
            return fail(b"kmalloc")
        memset(blocks[i], <int>i, seed >> 51)
    if not kmalloc_check():
        return fail(b"kmalloc_check")
    for i in range(256):
        kfree(blocks[i])
    pages = pages_alloc(1024, 1, PAGES_ZERO)
    for j in range(1024 * 512):
        if (<u64*>pages)[j]:
            return fail(b"a zero page is not")
    memset(<void*>pages, 0xEE, 1024 * 4096)
    pages_free(pages, 1024)
    pages_release_free()
    pages = pages_alloc(1024, 1, PAGES_ZERO)
    for j in range(1024 * 512):
        if (<u64*>pages)[j]:
            return fail(b"a page that was used before is not zeroed")
    pages_free(pages, 1024)
    pages_statistics(&after)
    if after.free + (2 << 20) < before.free:
        return fail(b"pages are lost")
    return 0


cdef int test_files() noexcept nogil:
    cdef char buffer[64]
    cdef int fd
    cdef i64 n
    cdef void* address
    cdef u64 size
    if vfs_mkdir(b"/tmp/a", 0o755) != 0:
        return fail(b"mkdir")
    fd = vfs_open(b"/tmp/a/b", VFS_O_RDWR | VFS_O_CREAT, 0o644)
    if fd < 3 or vfs_write(fd, b"hello", 5) != 5 or vfs_lseek(fd, 1, VFS_SEEK_SET) != 1:
        return fail(b"write")
    n = vfs_read(fd, buffer, 64)
    if n != 4 or buffer[0] != c'e' or vfs_close(fd) != 0:
        return fail(b"read")
    fd = vfs_open(b"/boot/data", VFS_O_RDONLY, 0)
    if fd >= 0:
        if vfs_map(fd, &address, &size) != 0:
            return fail(b"map")
        vfs_write(1, address, size)
        vfs_close(fd)
    return 0


# Copies standard input to standard output.
cdef int test_cat() noexcept nogil:
    cdef char buffer[512]
    cdef i64 n
    while True:
        n = vfs_read(0, buffer, 512)
        if n <= 0:
            return 0 if n == 0 else fail(b"read of standard input")
        vfs_write(1, buffer, <u64>n)


cdef void pour(void* argument) noexcept nogil:
    cdef u32 i
    for i in range(SLOW_LINES):
        console_write(CONSOLE_MAIN, b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n", 64)


# One thread writes more than its reader takes; the others go on meanwhile.
cdef int test_slow() noexcept nogil:
    cdef Thread* writer = thread_create(b"writer", pour, NULL, 0, PRIORITY_NORMAL)
    cdef u32 i
    thread_start(writer)
    for i in range(5):
        thread_sleep(clock_monotonic() + 40 * MILLISECOND)
        console_write(CONSOLE_ERROR, b"still here\n", 11)
    thread_join(writer, NULL, 0)
    return 0


cdef int test_trace() noexcept nogil:
    cdef u64 start = trace_start()
    trace_begin(b"outer", 7)
    trace_instant(b"point", 42)
    trace_end(b"outer")
    trace_complete(b"whole", 1, start)
    return 0


cdef int test_entropy() noexcept nogil:
    cdef u64 a[4]
    cdef u64 b[4]
    entropy_fill(a, 32)
    entropy_fill(b, 32)
    if a[0] == b[0] or a[3] == b[3]:
        return fail(b"the generator repeats itself")
    kprint(b"entropy: %u bits\n", entropy_bits())
    return 0


cdef void leave(void* argument) noexcept nogil:
    thread_yield()
    kernel_exit(<int><u64>argument)


# Several threads end the guest at once; the first one's code counts.
cdef int test_exit() noexcept nogil:
    cdef u32 i
    for i in range(4):
        thread_start(thread_create(b"leaver", leave, <void*>7, 0, PRIORITY_NORMAL))
    thread_sleep(clock_monotonic() + 1000 * <u64>MILLISECOND)
    return 1


cdef void measured(const char* what, u64 count, u64 start) noexcept nogil:
    cdef u64 time = (clock_monotonic() - start) * 10 // count
    kprint(b"%-24s %5u.%u ns\n", what, time // 10, time % 10)


cdef void yielder(void* argument) noexcept nogil:
    cdef u64 i
    for i in range(<u64>argument):
        thread_yield()


cdef Parker ping, pong


cdef void answer(void* argument) noexcept nogil:
    cdef u64 i
    for i in range(<u64>argument):
        parker_park(&ping, 0)
        parker_unpark(&pong)


# What the kernel's hot services cost.
cdef int test_bench() noexcept nogil:
    cdef u64 n = 200000, i, start
    cdef Thread* other
    cdef void* memory
    cdef u8* large
    cdef FileStat stat
    cdef char byte[8]
    cdef int fd
    start = clock_monotonic()
    for i in range(n):
        clock_monotonic()
    measured(b"clock", n, start)
    start = clock_monotonic()
    for i in range(n):
        events_mask()
        events_unmask()
    measured(b"mask and unmask", n, start)
    start = clock_monotonic()
    for i in range(n):
        mutex_lock(&lock)
        mutex_unlock(&lock)
    measured(b"mutex, free", n, start)
    start = clock_monotonic()
    for i in range(n):
        memory = kmalloc(64)
        kfree(memory)
    measured(b"kmalloc and kfree", n, start)
    start = clock_monotonic()
    for i in range(n):
        pages_free(pages_alloc(1, 1, 0), 1)
    measured(b"a page and back", n, start)
    other = thread_create(b"yielder", yielder, <void*>n, 0, PRIORITY_NORMAL)
    thread_start(other)
    start = clock_monotonic()
    for i in range(n):
        thread_yield()
    measured(b"switch by yield", 2 * n, start)
    thread_join(other, NULL, 0)
    other = thread_create(b"answer", answer, <void*>n, 0, PRIORITY_NORMAL)
    thread_start(other)
    start = clock_monotonic()
    for i in range(n):
        parker_unpark(&ping)
        parker_park(&pong, 0)
    measured(b"park and unpark", 2 * n, start)
    thread_join(other, NULL, 0)
    start = clock_monotonic()
    for i in range(1000):
        other = thread_create(b"short", yielder, NULL, 0, PRIORITY_NORMAL)
        thread_start(other)
        thread_join(other, NULL, 0)
    measured(b"thread, whole life", 1000, start)
    start = clock_monotonic()
    for i in range(n):
        vfs_stat(b"/dev/console", &stat)
    measured(b"stat", n, start)
    fd = vfs_open(b"/dev/zero", VFS_O_RDONLY, 0)
    start = clock_monotonic()
    for i in range(n):
        vfs_read(fd, byte, 1)
    measured(b"read of one byte", n, start)
    large = <u8*>pages_alloc(512, 1, PAGES_ZERO)
    memset(large, 1, 512 * 4096)
    start = clock_monotonic()
    for i in range(200):
        memcpy(large, large + 256 * 4096, 256 * 4096)
    measured(b"copy of 1 MiB", 200, start)
    start = clock_monotonic()
    for i in range(n):
        memcpy(large, large + 256 * 4096, 100 + (i & 63))
    measured(b"copy of 100-163 bytes", n, start)
    return 0


# --- must die -------------------------------------------------------------------------------------

cdef int test_null() noexcept nogil:
    nowhere[0] = 1
    return 1


cdef int test_stack() noexcept nogil:
    return <int>selftest_deep(0)


cdef int test_readonly() noexcept nogil:
    (<u8*>&kernel_exit)[0] = 0
    return 1


cdef int test_panic() noexcept nogil:
    panic(b"this is a test")
    return 1


cdef int test_assertion() noexcept nogil:
    kassert(stop != 0, b"stop is not 0")
    kprint(b"assertions are off\n")
    return 0


cdef void hold(void* argument) noexcept nogil:
    mutex_lock(&lock)
    semaphore_wait(&never, 0)


cdef int test_deadlock() noexcept nogil:
    thread_start(thread_create(b"holder", hold, NULL, 0, PRIORITY_NORMAL))
    thread_yield()
    mutex_lock(&lock)
    return 1


cdef int test_doublefree() noexcept nogil:
    cdef u64 pages = pages_alloc(1, 1, 0)
    pages_free(pages, 1)
    pages_free(pages, 1)
    return 1


cdef void faulting_reporter() noexcept nogil:
    nowhere[0] = 1


# A second fault while the first is reported.
cdef int test_nested() noexcept nogil:
    panic_set_java_reporter(faulting_reporter)
    panic(b"the first")
    return 1


cdef int run(const char* name) noexcept nogil:
    if strcmp(name, b"hello") == 0:
        return test_hello()
    if strcmp(name, b"preemption") == 0:
        return test_preemption()
    if strcmp(name, b"threads") == 0:
        return test_threads()
    if strcmp(name, b"time") == 0:
        return test_time()
    if strcmp(name, b"memory") == 0:
        return test_memory()
    if strcmp(name, b"files") == 0:
        return test_files()
    if strcmp(name, b"cat") == 0:
        return test_cat()
    if strcmp(name, b"slow") == 0:
        return test_slow()
    if strcmp(name, b"trace") == 0:
        return test_trace()
    if strcmp(name, b"entropy") == 0:
        return test_entropy()
    if strcmp(name, b"exit") == 0:
        return test_exit()
    if strcmp(name, b"bench") == 0:
        return test_bench()
    if strcmp(name, b"null") == 0:
        return test_null()
    if strcmp(name, b"stack") == 0:
        return test_stack()
    if strcmp(name, b"readonly") == 0:
        return test_readonly()
    if strcmp(name, b"panic") == 0:
        return test_panic()
    if strcmp(name, b"assertion") == 0:
        return test_assertion()
    if strcmp(name, b"deadlock") == 0:
        return test_deadlock()
    if strcmp(name, b"doublefree") == 0:
        return test_doublefree()
    if strcmp(name, b"nested") == 0:
        return test_nested()
    return 2


cdef public int selftest_run(const char* name) noexcept nogil:
    cdef int result = run(name) if name != NULL else 2
    if result == 0 and strcmp(name, b"cat") != 0:
        kprint(b"%s: ok\n", name)
    elif result == 2:
        kprint(b"no such test: %s\n", name)
    return result
