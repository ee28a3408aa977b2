# java.io.FileDescriptor, FileInputStream, FileOutputStream, RandomAccessFile, Console.
#
# Objects do not move and are kept alive by the caller's frame, so the kernel reads into and writes from
# Java arrays directly, also while the collector runs.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.files.errno cimport EAGAIN, EINTR, EISDIR
from kernel.files.vfs cimport (FileStat, VFS_O_APPEND, VFS_O_CLOEXEC, VFS_O_CREAT, VFS_O_DSYNC, VFS_O_RDONLY, VFS_O_RDWR,
                               VFS_O_SYNC, VFS_O_TRUNC, VFS_O_WRONLY, VFS_S_IFCHR, VFS_S_IFDIR, VFS_S_IFMT, VFS_S_IFREG, VFS_SEEK_CUR,
                               VFS_SEEK_END, VFS_SEEK_SET, vfs_available, vfs_close, vfs_fstat, vfs_fsync, vfs_ftruncate, vfs_get_flags,
                               vfs_lseek, vfs_open, vfs_read, vfs_write)
from kernel.diagnostics.format cimport Text, text_init, text_string
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport strlen
from jvm.heap.object cimport Object, array_data, array_length, ref_load
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.descriptors cimport left_safe
from jvm.natives.support cimport (error_text, field_int, field_set_byte, field_set_int, known_field, text_of, text_release, throw_errno,
                                  throw_text)
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef enum:
    PATH_BUFFER = 512

# --- descriptors --------------------------------------------------------------------------------------

cdef u32 descriptor_fd


cdef inline u32 fd_offset() noexcept nogil:
    return known_field(&descriptor_fd, b"java/io/FileDescriptor", b"fd", b"I")


cdef public i32 descriptor_number(Object* descriptor) noexcept nogil:
    return field_int(descriptor, fd_offset()) if descriptor != NULL else -1


cdef public void descriptor_set(Object* descriptor, i32 number) noexcept nogil:
    field_set_int(descriptor, fd_offset(), number)


cdef public i64 blocking_read(JavaThread* t, i32 number, void* into, i64 size) noexcept nogil:
    cdef i64 count
    thread_enter_safe(t)
    count = vfs_read(number, into, <u64>size)
    thread_leave_safe(t)
    return count


cdef public i64 blocking_write(JavaThread* t, i32 number, const void* data, i64 size) noexcept nogil:
    cdef i64 count
    thread_enter_safe(t)
    count = vfs_write(number, data, <u64>size)
    thread_leave_safe(t)
    return count


cdef int check_range(JavaThread* t, Object* array, i32 offset, i32 length) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return -1
    if offset < 0 or length < 0 or length > array_length(array) - offset:
        throw_named(t, b"java/lang/IndexOutOfBoundsException", NULL)
        return -1
    return 0


cdef public i32 read_array(JavaThread* t, Object* descriptor, Object* array, i32 offset, i32 length) noexcept nogil:
    cdef i32 number
    cdef i64 count
    if check_range(t, array, offset, length) != 0 or length == 0:
        return 0
    number = descriptor_number(descriptor)
    if number < 0:
        throw_named(t, b"java/io/IOException", b"Stream Closed")
        return 0
    count = blocking_read(t, number, array_data(array) + offset, length)
    if count < 0:
        throw_errno(t, b"java/io/IOException", count)
    return <i32>count if count > 0 else -1


cdef public void write_array(JavaThread* t, Object* descriptor, Object* array, i32 offset, i32 length) noexcept nogil:
    if check_range(t, array, offset, length) == 0:
        write_all(t, descriptor, array_data(array) + offset, length)


cdef void write_all(JavaThread* t, Object* descriptor, const u8* data, i32 length) noexcept nogil:
    cdef i32 number
    cdef i64 count
    while length > 0:
        number = descriptor_number(descriptor)         # may be closed meanwhile
        if number < 0:
            throw_named(t, b"java/io/IOException", b"Stream Closed")
            return
        count = blocking_write(t, number, data, length)
        if count < 0:
            throw_errno(t, b"java/io/IOException", count)
            return
        data += count
        length -= <i32>count


cdef i32 read_byte(JavaThread* t, Object* descriptor) noexcept nogil:
    cdef u8 byte
    cdef i32 number = descriptor_number(descriptor)
    cdef i64 count
    if number < 0:
        throw_named(t, b"java/io/IOException", b"Stream Closed")
        return -1
    count = blocking_read(t, number, &byte, 1)
    if count < 0:
        throw_errno(t, b"java/io/IOException", count)
    return byte if count == 1 else -1


cdef void write_byte(JavaThread* t, Object* descriptor, i32 value) noexcept nogil:
    cdef u8 byte = <u8>value
    write_all(t, descriptor, &byte, 1)


cdef public i32 open_for_stream(JavaThread* t, Object* path, int flags) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char* text
    cdef FileStat status
    cdef int number
    if path == NULL:
        throw_null_pointer(t)
        return -1
    text = text_of(t, path, buffer, sizeof(buffer))
    if text == NULL:
        return -1
    thread_enter_safe(t)
    number = vfs_open(text, <u32>flags | VFS_O_CLOEXEC, 0o666)
    # A directory can be opened for reading but is no stream, as the host's handleOpen has it.
    if number >= 0 and vfs_fstat(number, &status) == 0 and status.mode & VFS_S_IFMT == VFS_S_IFDIR:
        vfs_close(number)
        number = -EISDIR
    thread_leave_safe(t)
    if number < 0:
        throw_not_found(t, text, number)
        number = -1
    text_release(text, buffer)
    return number


cdef void throw_not_found(JavaThread* t, const char* path, int error) noexcept nogil:
    cdef u64 size = strlen(path) + 128
    cdef char* buffer = <char*>kmalloc(size)
    cdef Text text
    if buffer == NULL:
        throw_out_of_memory(t, b"file name")
        return
    text_init(&text, buffer, size)
    text_string(&text, path)
    text_string(&text, b" (")
    text_string(&text, error_text(error))
    text_string(&text, b")")
    throw_named(t, b"java/io/FileNotFoundException", buffer)
    kfree(buffer)


cdef void close_descriptor(JavaThread* t, Object* descriptor) noexcept nogil:
    cdef i32 number = descriptor_number(descriptor)
    cdef int error
    if number < 0:
        return
    descriptor_set(descriptor, -1)
    # The standard streams stay open underneath, so that late reports have somewhere to go.
    if number <= 2:
        return
    thread_enter_safe(t)
    error = <int>left_safe(t, vfs_close(number))
    if error < 0 and error != -EINTR:
        throw_errno(t, b"java/io/IOException", error)


cdef public void native_descriptor_close(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    close_descriptor(t, args[0].a)


cdef public void native_descriptor_get_handle(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = -1                        # Windows' handles; none here


cdef public void native_descriptor_get_append(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int flags = vfs_get_flags(args[0].i)
    result.i = flags >= 0 and flags & VFS_O_APPEND != 0


cdef public void native_descriptor_sync(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int error
    thread_enter_safe(t)
    error = <int>left_safe(t, vfs_fsync(descriptor_number(args[0].a)))
    if error < 0:
        throw_named(t, b"java/io/SyncFailedException", b"sync failed")


# FileCleanable.cleanupClose0(int fd, long handle): the cleaner's, after the stream became unreachable.
cdef public void native_cleanable_close(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int error
    if args[0].i > 2:
        thread_enter_safe(t)
        error = <int>left_safe(t, vfs_close(args[0].i))
        if error < 0 and error != -EINTR:
            throw_errno(t, b"java/io/IOException", error)


# --- java.io.FileInputStream --------------------------------------------------------------------------

cdef u32 input_fd


cdef Object* input(Object* stream) noexcept nogil:
    return ref_load(stream, known_field(&input_fd, b"java/io/FileInputStream", b"fd", b"Ljava/io/FileDescriptor;"))


cdef void opened(JavaThread* t, Object* descriptor, i32 number) noexcept nogil:
    if t.exception == NULL:
        descriptor_set(descriptor, number)


cdef public void native_input_open(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    opened(t, input(args[0].a), open_for_stream(t, args[1].a, VFS_O_RDONLY))


cdef public void native_input_read(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = read_byte(t, input(args[0].a))


cdef public void native_input_read_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = read_array(t, input(args[0].a), args[1].a, args[2].i, args[3].i)


# The number of an open stream's descriptor, or -1 with "Stream Closed" thrown.
cdef i32 open_number(JavaThread* t, Object* descriptor) noexcept nogil:
    cdef i32 number = descriptor_number(descriptor)
    if number < 0:
        throw_named(t, b"java/io/IOException", b"Stream Closed")
    return number


cdef i64 checked(JavaThread* t, i64 value) noexcept nogil:
    if value < 0:
        throw_errno(t, b"java/io/IOException", value)
    return value


cdef public void native_input_available(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, input(args[0].a))
    cdef i64 count
    if number < 0:
        return
    thread_enter_safe(t)
    count = checked(t, left_safe(t, vfs_available(number)))
    result.i = <i32>count if count < 0x7FFFFFFF else 0x7FFFFFFF


cdef public void native_input_skip(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, input(args[0].a))
    cdef i64 before
    cdef i64 after
    if number < 0:
        return
    thread_enter_safe(t)
    before = checked(t, left_safe(t, vfs_lseek(number, 0, VFS_SEEK_CUR)))
    if before < 0:
        return
    thread_enter_safe(t)
    after = checked(t, left_safe(t, vfs_lseek(number, args[1].l, VFS_SEEK_CUR)))
    result.l = after - before


cdef i64 length_of(JavaThread* t, i32 number) noexcept nogil:
    cdef FileStat status
    cdef int error
    thread_enter_safe(t)
    error = <int>left_safe(t, vfs_fstat(number, &status))
    if error < 0:
        return checked(t, error)
    return <i64>status.size


cdef public void native_input_length(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, input(args[0].a))
    if number >= 0:
        result.l = length_of(t, number)


cdef public void native_input_position(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, input(args[0].a))
    if number >= 0:
        thread_enter_safe(t)
        result.l = checked(t, left_safe(t, vfs_lseek(number, 0, VFS_SEEK_CUR)))


# isRegularFile0(this, FileDescriptor)
cdef public void native_input_is_regular(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    cdef i32 number = open_number(t, args[1].a)
    if number >= 0:
        thread_enter_safe(t)
        result.i = left_safe(t, vfs_fstat(number, &status)) == 0 and status.mode & VFS_S_IFMT == VFS_S_IFREG


# --- java.io.FileOutputStream -------------------------------------------------------------------------

cdef u32 output_fd


cdef Object* output(Object* stream) noexcept nogil:
    return ref_load(stream, known_field(&output_fd, b"java/io/FileOutputStream", b"fd", b"Ljava/io/FileDescriptor;"))


cdef public void native_output_open(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int flags = VFS_O_WRONLY | VFS_O_CREAT | (VFS_O_APPEND if args[2].i != 0 else VFS_O_TRUNC)
    opened(t, output(args[0].a), open_for_stream(t, args[1].a, flags))


# The boolean `append` of write and writeBytes says nothing here: the descriptor has O_APPEND.
cdef public void native_output_write(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    write_byte(t, output(args[0].a), args[1].i)


cdef public void native_output_write_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    write_array(t, output(args[0].a), args[1].a, args[2].i, args[3].i)


# --- java.io.RandomAccessFile -------------------------------------------------------------------------

cdef u32 random_fd

# RandomAccessFile's own flags.
cdef enum:
    RANDOM_RDONLY = 1
    RANDOM_RDWR = 2
    RANDOM_SYNC = 4
    RANDOM_DSYNC = 8
    RANDOM_TEMPORARY = 16


cdef Object* random(Object* file) noexcept nogil:
    return ref_load(file, known_field(&random_fd, b"java/io/RandomAccessFile", b"fd", b"Ljava/io/FileDescriptor;"))


cdef public void native_random_open(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int flags = VFS_O_RDONLY
    if args[2].i & RANDOM_RDWR:
        flags = VFS_O_RDWR | VFS_O_CREAT
        if args[2].i & RANDOM_SYNC:
            flags |= VFS_O_SYNC
        elif args[2].i & RANDOM_DSYNC:
            flags |= VFS_O_DSYNC
    opened(t, random(args[0].a), open_for_stream(t, args[1].a, flags))


cdef public void native_random_read(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = read_byte(t, random(args[0].a))


cdef public void native_random_read_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = read_array(t, random(args[0].a), args[1].a, args[2].i, args[3].i)


cdef public void native_random_write(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    write_byte(t, random(args[0].a), args[1].i)


cdef public void native_random_write_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    write_array(t, random(args[0].a), args[1].a, args[2].i, args[3].i)


cdef public void native_random_get_pointer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, random(args[0].a))
    if number >= 0:
        thread_enter_safe(t)
        result.l = checked(t, left_safe(t, vfs_lseek(number, 0, VFS_SEEK_CUR)))


cdef public void native_random_seek(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, random(args[0].a))
    if number < 0:
        return
    if args[1].l < 0:
        throw_named(t, b"java/io/IOException", b"Negative seek offset")
        return
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_lseek(number, args[1].l, VFS_SEEK_SET)))


cdef public void native_random_length(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, random(args[0].a))
    if number >= 0:
        result.l = length_of(t, number)


# setLength0: a position behind the new end moves to it.
cdef public void native_random_set_length(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = open_number(t, random(args[0].a))
    cdef i64 position
    if number < 0:
        return
    thread_enter_safe(t)
    position = checked(t, left_safe(t, vfs_lseek(number, 0, VFS_SEEK_CUR)))
    if position < 0:
        return
    thread_enter_safe(t)
    if checked(t, left_safe(t, vfs_ftruncate(number, args[1].raw))) < 0:
        return
    if position > args[1].l:
        thread_enter_safe(t)
        checked(t, left_safe(t, vfs_lseek(number, 0, VFS_SEEK_END)))


# --- java.io.Console ----------------------------------------------------------------------------------

cdef public void native_console_istty(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 0                         # input and output are streams, never a terminal
