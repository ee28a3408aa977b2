# clone and execve: threads, and the start of other programs as posix_spawn does it.
#
# musl's posix_spawn makes a child that shares its memory (CLONE_VM | CLONE_VFORK) and runs one function there, which
# arranges descriptors and signals and then executes the program; the parent waits until it has.  In one address space
# that child is a process with descriptors of its own and one thread, which runs on its kernel stack (the stack
# that musl offers is small); execve gives it a program and a thread to run it.
from kernel.types cimport i32, i64, u32, u64
from kernel.diagnostics.format cimport Text, kprint, text_init
from kernel.files.descriptors cimport FileContext, file_context_copy, file_context_exec, file_context_free
from kernel.files.errno cimport EACCES, EINVAL, ENOMEM, ENOSYS
from kernel.files.vfs cimport VFS_X_OK, vfs_access
from kernel.memory.string cimport memcmp, memcpy, memset, strlen
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.thread cimport thread_block, waitqueue_wake_all
from cabi.calls.paths cimport path_at
from cabi.loader.elf cimport elf_is
from cabi.process.process cimport *
from cabi.process.program cimport *
from cabi.process.start cimport program_load
from kernel.memory.heap cimport kfree

cdef enum:
    ENOEXEC = 8
    EFAULT = 14
    E2BIG = 7
    EAGAIN = 11
    CLONE_VM = 0x100
    CLONE_VFORK = 0x4000
    CLONE_THREAD = 0x10000
    CLONE_SETTLS = 0x80000
    CLONE_PARENT_SETTID = 0x100000
    CLONE_CHILD_CLEARTID = 0x200000
    CLONE_CHILD_SETTID = 0x1000000
    TEXT = 200
    LIST_MAX = 65536


cdef i64 make_thread(u64 function, u64 stack, u32 flags, u64 argument, u32* parent_id, u64 tls, u32* child_id) noexcept nogil:
    cdef ProgramThread* self = program_thread()
    cdef ProgramThread* t
    cdef u32 id
    if not program_may(<void*>(stack - 16), 16):
        return -EINVAL
    if self.process.ending:
        return -EAGAIN
    t = program_thread_make(self.process, function, stack & ~<u64>15, argument, True)
    if t == NULL:
        return -EAGAIN
    id = t.id
    t.blocked = self.blocked
    t.thread.files = thread_current().files
    if flags & CLONE_SETTLS:
        t.thread.fs_base = tls
    else:
        t.thread.fs_base = thread_current().fs_base
    if flags & CLONE_CHILD_CLEARTID:
        t.clear_id = child_id
    if flags & CLONE_PARENT_SETTID and program_may(parent_id, 4):
        parent_id[0] = id
    if flags & CLONE_CHILD_SETTID and program_may(child_id, 4):
        child_id[0] = id
    program_thread_start(t)
    return id


cdef i64 make_child(u64 function, u64 argument) noexcept nogil:
    cdef ProgramThread* self = program_thread()
    cdef Process* parent = self.process
    cdef Process* child
    cdef ProgramThread* t
    cdef FileContext* files = file_context_copy()
    cdef u32 id
    child = process_make(parent.path) if files != NULL else NULL
    if child == NULL:
        file_context_free(files)
        return -ENOMEM
    child.descriptors = files
    child.parent = parent.id
    memcpy(child.actions, parent.actions, sizeof(parent.actions))
    memcpy(child.limits, parent.limits, sizeof(parent.limits))
    child.nice = parent.nice
    t = program_thread_make(child, function, 0, argument, True)
    if t == NULL:
        process_discard(child)
        return -EAGAIN
    id = child.id
    t.blocked = self.blocked
    t.thread.files = files
    t.thread.fs_base = thread_current().fs_base
    t.vfork_parent = parent
    events_mask()
    program_thread_start(t)
    while True:                          # the child may be gone when this wakes: it is looked for by its number
        child = process_find(id)
        if child == NULL or child.vfork_done or child.ended:
            break
        thread_block(&parent.changed, 0, b"a child that has not yet begun", parent)
    events_unmask()
    return id


cdef public i64 cabi_clone(u64 function, u64 stack, int flags, u64 argument, u32* parent_id, u64 tls, u32* child_id) noexcept nogil:
    if flags & CLONE_VM and flags & CLONE_THREAD:
        return make_thread(function, stack, <u32>flags, argument, parent_id, tls, child_id)
    if flags & CLONE_VM and flags & CLONE_VFORK:
        return make_child(function, argument)
    return sys_fork()


cdef extern i64 sys_fork() noexcept nogil


# A thread needs a function to run: see cabi_clone.
cdef public i64 sys_clone(u64 flags, void* stack, u32* parent_id, u32* child_id, u64 tls) noexcept nogil:
    return -EINVAL if flags & CLONE_THREAD else sys_fork()


# --- execve ---------------------------------------------------------------------------------------------

cdef int check_list(const char** list) noexcept nogil:
    cdef u64 i
    if list == NULL:                     # as Linux takes it: no arguments
        return 0
    for i in range(LIST_MAX):
        if not program_may(&list[i], 8):
            return -EFAULT
        if list[i] == NULL:
            return 0
        if not program_may(list[i], 1):
            return -EFAULT
    return -E2BIG


cdef public i64 sys_execve(const char* path, const char** arguments, const char** environment) noexcept nogil:
    cdef char bytes[TEXT]
    cdef Text why
    cdef ProgramThread* self = program_thread()
    cdef ProgramThread* t
    cdef Process* process = self.process
    cdef Process* parent = self.vfork_parent
    cdef const char* name
    cdef char* buffer = NULL
    cdef const char* nothing = NULL
    cdef u64 sp = 0
    cdef int error, i
    if check_list(arguments) != 0 or check_list(environment) != 0:
        return -EFAULT
    name = path_at(-100, path, &buffer, &error)
    if name == NULL:
        return error
    if parent == NULL:
        kprint(b"demitasse: %s: a program does not replace itself: start the other with posix_spawn\n", process.path)
        return -ENOSYS
    if strlen(name) >= PATH_SIZE:
        return -E2BIG
    if name != process.path:             # /proc/self/exe
        memset(process.path, 0, PATH_SIZE)
        memcpy(process.path, name, strlen(name))
    text_init(&why, bytes, TEXT)
    # Boot modules have no execute bits: they are programs if they are named.
    error = vfs_access(process.path, VFS_X_OK) if memcmp(process.path, b"/boot/", 6) != 0 else 0
    if error == 0:
        error = program_load(process, arguments if arguments != NULL else &nothing, environment if environment != NULL else &nothing, &sp, &why)
    kfree(buffer)
    if error == -ENOEXEC and elf_is(process.image.file, process.image.file_size):
        kprint(b"demitasse: %s: %s\n", process.path, &bytes[0])
    if error != 0:
        process_unload(process)
        return error
    t = program_thread_make(process, process.image.entry, sp, 0, False)
    if t == NULL:
        process_unload(process)
        return -ENOMEM
    t.id = process.id
    t.blocked = self.blocked
    t.thread.files = process.descriptors
    file_context_exec(<FileContext*>process.descriptors)
    for i in range(1, SIGNALS):          # handlers were the parent's code
        if process.actions[i].handler > 1:
            memset(&process.actions[i], 0, sizeof(SignalAction))
    self.id = 0
    self.clear_id = NULL
    self.robust_list = 0
    program_thread_start(t)
    program_end_thread()                 # its end wakes the parent
    return 0
