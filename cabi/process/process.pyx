# Processes and threads of programs: see process.pxd.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.main cimport kernel_exit
from kernel.files.errno cimport EAGAIN, EFAULT, EINTR, EINVAL, ENOMEM, ENOSYS
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport pages_free
from kernel.memory.string cimport memcpy, memset, strlen
from kernel.platform.platform cimport platform_set_thread_base
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.stacks cimport stack_area_give
from kernel.threads.thread cimport *
from kernel.threads.timer cimport timer_stop
from kernel.time.clock cimport clock_monotonic
from cabi.calls.futex cimport futex_wake, robust_list_release
from cabi.loader.elf cimport elf_free
from cabi.process.memory cimport memory_unmap, regions_free
from cabi.process.process cimport *
from cabi.process.program cimport *
from cabi.process.signals cimport SIGNAL_CHILD, signal_send, signals_forget
from cabi.process.start cimport program_close

cdef enum:
    ECHILD = 10
    ESRCH = 3
    KERNEL_STACK = 65536
    FIRST_ID = 2                         # 1 is nobody
    CHILD_STACK = 24576                  # left to a child of vfork on its kernel stack, from the top
    WNOHANG = 1
    WEXITED = 4
    WNOWAIT = 0x01000000
    CLD_EXITED = 1
    CLD_KILLED = 2
    CLD_DUMPED = 3

cdef Process* processes
cdef Process* first_process
cdef u32 last_id

cdef extern void program_run(u64* leave_sp, u64 sp, u64 entry, u64 argument, int function) noexcept nogil
cdef extern void program_leave(u64 leave_sp) noexcept nogil


# --- lists (masked) -------------------------------------------------------------------------------------

cdef public Process* process_find(u32 id) noexcept nogil:
    cdef Process* process = processes
    while process != NULL and process.id != id:
        process = process.next
    return process


cdef public Process* process_first() noexcept nogil:
    return first_process


cdef public ProgramThread* process_thread(u32 id) noexcept nogil:
    cdef Process* process = processes
    cdef ProgramThread* t
    while process != NULL:
        t = process.threads
        while t != NULL:
            if t.id == id:
                return t
            t = t.next
        process = process.next
    return NULL


cdef u32 next_id() noexcept nogil:
    global last_id
    last_id += 1
    return last_id + FIRST_ID - 1


# --- processes ------------------------------------------------------------------------------------------

cdef public Process* process_make(const char* path) noexcept nogil:
    global processes, first_process
    cdef Process* process = <Process*>kcalloc(1, sizeof(Process))
    cdef u64 length = min(strlen(path), <u64>PATH_SIZE - 1)
    if process == NULL:
        return NULL
    memcpy(process.path, path, length)
    process.start_time = clock_monotonic()
    events_mask()
    process.id = next_id()
    process.first = first_process == NULL
    if process.first:
        first_process = process
    process.next = processes
    processes = process
    events_unmask()
    return process


cdef public void process_unload(Process* process) noexcept nogil:
    regions_free(process)
    elf_free(&process.image)
    stack_area_give(&process.stack)
    if process.file_memory:
        pages_free(process.file_memory, process.file_pages)
    process.file_memory = 0
    process.image.file = NULL


# Everything but the record, which its parent may still ask.
cdef void give_back(Process* process) noexcept nogil:
    cdef int i
    timer_stop(&process.alarm)
    for i in range(PROGRAM_TIMERS):
        timer_stop(&process.timers[i].timer)
    process_unload(process)
    signals_forget(&process.pending)
    program_close(process)


cdef void forget(Process* process) noexcept nogil:
    global processes
    cdef Process** place = &processes
    events_mask()
    while place[0] != process:
        place = &place[0].next
    place[0] = process.next
    events_unmask()
    kfree(process)


cdef public void process_discard(Process* process) noexcept nogil:
    give_back(process)
    forget(process)


# --- threads --------------------------------------------------------------------------------------------

# On the kernel stack, before and after the program's.
cdef void body(void* argument) noexcept nogil:
    cdef ProgramThread* t = <ProgramThread*>argument
    cdef u64 sp = t.entry_sp if t.entry_sp else (<u64>&t & ~<u64>15) - 2048
    program_run(&t.leave_sp, sp, t.entry, t.entry_argument, t.function)
    finish(<ProgramThread*>thread_current().local)


cdef public ProgramThread* program_thread_make(Process* process, u64 entry, u64 sp, u64 argument, bint function) noexcept nogil:
    cdef ProgramThread* t = <ProgramThread*>kcalloc(1, sizeof(ProgramThread))
    cdef const char* name = process.path
    cdef u64 i
    if t == NULL:
        return NULL
    for i in range(strlen(process.path)):
        if process.path[i] == c'/':
            name = process.path + i + 1
    t.thread = thread_create(name, body, t, KERNEL_STACK, PRIORITY_NORMAL)
    if t.thread == NULL:
        kfree(t)
        return NULL
    t.process = process
    t.entry = entry
    t.entry_sp = sp
    t.entry_argument = argument
    t.function = function
    t.thread.local = t
    events_mask()
    t.id = process.id if process.threads == NULL and process.thread_count == 0 and not process.ended else next_id()
    t.next = process.threads
    if t.next != NULL:
        t.next.previous = t
    process.threads = t
    process.thread_count += 1
    events_unmask()
    return t


cdef void unlink(ProgramThread* t) noexcept nogil:
    if t.previous != NULL:
        t.previous.next = t.next
    else:
        t.process.threads = t.next
    if t.next != NULL:
        t.next.previous = t.previous
    t.process.thread_count -= 1


cdef public void program_thread_start(ProgramThread* t) noexcept nogil:
    thread_detach(t.thread)
    thread_start(t.thread)


cdef public void program_thread_discard(ProgramThread* t) noexcept nogil:
    events_mask()
    unlink(t)
    events_unmask()
    thread_discard(t.thread)
    kfree(t)


cdef public void program_end_thread() noexcept nogil:
    program_leave(program_thread().leave_sp)


# The thread has left its program for good.
cdef void finish(ProgramThread* t) noexcept nogil:
    cdef Process* process = t.process
    cdef u64 time = thread_cpu_time(t.thread)
    cdef bint last
    events_mask()
    t.blocked = ~<u64>0
    t.thread.attention = 0
    events_unmask()
    if t.unmap_size:
        memory_unmap(process, t.unmap_base, t.unmap_size)
    if not process.ending:
        robust_list_release(t)
    if t.clear_id != NULL and program_may(t.clear_id, 4):
        t.clear_id[0] = 0
        futex_wake(t.clear_id, 1)
    events_mask()
    unlink(t)
    process.ended_time += time
    last = process.threads == NULL
    t.thread.local = NULL
    events_unmask()
    if t.vfork_parent != NULL:
        events_mask()
        process.vfork_done = True
        waitqueue_wake_all(&t.vfork_parent.changed, 0)
        events_unmask()
    signals_forget(&t.pending)
    kfree(t)
    if last:
        end_process(process)


cdef void end_process(Process* process) noexcept nogil:
    cdef Process* parent
    cdef Process* other
    cdef SignalInfo info
    if process.first:
        kernel_exit(process.status >> 8 & 255 if process.status & 127 == 0 else 128 + (process.status & 127))
    give_back(process)
    memset(&info, 0, sizeof(info))
    info.code = CLD_EXITED if process.status & 127 == 0 else (CLD_DUMPED if process.status & 128 else CLD_KILLED)
    info.fields[0] = process.id
    info.fields[1] = <u64>(process.status >> 8 & 255 if process.status & 127 == 0 else process.status & 127)
    events_mask()
    other = processes
    while other != NULL:                 # orphans are the first process's
        if other.parent == process.id:
            other.parent = first_process.id
        other = other.next
    process.ended = True
    parent = process_find(process.parent)
    if parent != NULL:
        signal_send(parent, SIGNAL_CHILD, &info)
        waitqueue_wake_all(&parent.changed, 0)
    events_unmask()
    if parent == NULL or parent.ended or parent.actions[SIGNAL_CHILD].handler == 1:
        forget(process)


cdef public void process_end(i32 status) noexcept nogil:
    cdef Process* process = program_process()
    cdef ProgramThread* self = program_thread()
    cdef ProgramThread* t
    events_mask()
    if not process.ending:
        process.ending = True
        process.status = status
        t = process.threads
        while t != NULL:
            if t != self:
                t.thread.attention |= ATTENTION_END
                thread_interrupt(t.thread)
            t = t.next
    events_unmask()
    if process.first:                    # the others do not run any more: nothing of the guest does
        kernel_exit(status >> 8 & 255 if status & 127 == 0 else 128 + (status & 127))
    program_end_thread()


# What clone's function returned is the code of its end.
cdef public void program_returned(int code) noexcept nogil:
    sys_exit(code)


# --- calls ----------------------------------------------------------------------------------------------

cdef public i64 sys_exit(int code) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    events_mask()
    if t.process.thread_count == 1 and not t.process.ending:
        t.process.status = (code & 255) << 8
    events_unmask()
    program_end_thread()
    return 0


cdef public i64 sys_exit_group(int code) noexcept nogil:
    process_end((code & 255) << 8)
    return 0


cdef public i64 sys_getpid() noexcept nogil:
    return program_process().id


cdef public i64 sys_getppid() noexcept nogil:
    return program_process().parent


cdef public i64 sys_gettid() noexcept nogil:
    return program_thread().id


cdef public i64 sys_set_tid_address(u32* address) noexcept nogil:
    program_thread().clear_id = address
    return program_thread().id


cdef public int cabi_set_thread_area(u64 base) noexcept nogil:
    thread_current().fs_base = base
    platform_set_thread_base(base)
    return 0


cdef public void cabi_unmapself(u64 base, u64 size) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    t.unmap_base = base
    t.unmap_size = size
    program_end_thread()


cdef public void cabi_sigreturn() noexcept nogil:
    pass


# A child that is to be told of: 0 none has ended yet, 1 found, -ECHILD there is none.
cdef int find_child(Process* self, int id, Process** found) noexcept nogil:
    cdef Process* process = processes
    cdef int result = -ECHILD
    while process != NULL:
        if process.parent == self.id and process != self and (id <= 0 or process.id == <u32>id):
            if process.ended:
                found[0] = process
                return 1
            result = 0
        process = process.next
    return result


# 1: `found` has ended; 0: WNOHANG; or a negative errno.
cdef int await_child(int id, int options, Process** found) noexcept nogil:
    cdef Process* self = program_process()
    cdef bint interrupted = False
    cdef int result
    events_mask()
    while True:
        result = find_child(self, id, found)
        if result != 0 or options & WNOHANG:
            break
        if interrupted:                  # a child that has ended is found even so: its end may be the signal
            result = -RESTART
            break
        interrupted = thread_block_interruptible(&self.changed, 0, b"wait for a child", self) < 0
    events_unmask()
    return result


cdef public i64 sys_wait4(int id, i32* status, int options, void* usage) noexcept nogil:
    cdef Process* child = NULL
    cdef int result = await_child(id, options, &child)
    cdef u32 number
    if result <= 0:
        return result
    number = child.id
    if status != NULL:
        if not program_may(status, 4):
            return -EFAULT
        status[0] = child.status
    if usage != NULL:
        if not program_may(usage, 144):
            return -EFAULT
        memset(usage, 0, 144)
        (<u64*>usage)[0] = child.ended_time // 1000000000
        (<u64*>usage)[1] = child.ended_time % 1000000000 // 1000
    forget(child)
    return number


cdef public i64 sys_waitid(int kind, int id, SignalInfo* info, int options, void* usage) noexcept nogil:
    cdef Process* child = NULL
    cdef int result
    if options & WEXITED == 0 or (info != NULL and not program_may(info, sizeof(SignalInfo))):
        return -EINVAL
    result = await_child(id if kind == 1 else -1, options, &child)
    if result < 0:
        return result
    if info != NULL:
        memset(info, 0, sizeof(SignalInfo))
        if result > 0:
            info.number = SIGNAL_CHILD
            info.code = CLD_EXITED if child.status & 127 == 0 else (CLD_DUMPED if child.status & 128 else CLD_KILLED)
            info.fields[0] = child.id
            info.fields[1] = <u64>(child.status >> 8 & 255 if child.status & 127 == 0 else child.status & 127)
    if result > 0 and options & WNOWAIT == 0:
        forget(child)
    return 0
