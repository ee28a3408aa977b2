# sun.nio.ch: FileChannel's natives on the kernel's VFS.  Sockets, pipes and selectors are in net_channels.pyx.
#
# Addresses are raw memory.  Negative results are IOStatus codes; errors are IOExceptions.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.files.errno cimport ENODEV, ENOMEM
from kernel.files.mapping cimport MAPPING_PRIVATE, MAPPING_READ, MAPPING_WRITE, mapping_remove, mapping_sync
from kernel.files.vfs cimport (DESCRIPTORS_MAX, FileStat, VFS_O_NONBLOCK, VFS_S_IFDIR, VFS_S_IFMT, VFS_S_IFREG, VFS_SEEK_CUR, VFS_SEEK_SET,
                               vfs_available, vfs_close, vfs_fstat, vfs_fsync, vfs_ftruncate, vfs_get_flags, vfs_lseek, vfs_map, vfs_map_part, vfs_pread,
                               vfs_pwrite, vfs_set_flags)
from kernel.time.entropy cimport entropy_fill
from jvm.heap.object cimport Object, array_data, array_data_wide, array_length
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.descriptors cimport blocking_read, blocking_write, descriptor_number, descriptor_set, left_safe
from jvm.natives.io_status cimport *
from jvm.natives.support cimport throw_errno, throw_text, throw_unsupported
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef enum:
    IOV_MAX = 1024


# --- sun.nio.ch.IOUtil, NativeThread, FileKey ----------------------------------------------------------

cdef public void native_channel_fd_limit(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = DESCRIPTORS_MAX


cdef public void native_channel_iov_max(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = IOV_MAX


cdef public void native_channel_writev_max(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = 0x7FFFFFFF


cdef public void native_channel_fd_value(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = descriptor_number(args[0].a)


cdef public void native_channel_set_fd_value(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    descriptor_set(args[0].a, args[1].i)


cdef public void native_channel_random_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    entropy_fill(array_data(args[0].a), <u64>array_length(args[0].a))
    result.i = 1


cdef public void native_channel_configure_blocking(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = descriptor_number(args[0].a)
    cdef i64 flags = io_handled(t, vfs_get_flags(number))
    if flags >= 0:
        io_handled(t, vfs_set_flags(number, <u32>flags & ~<u32>VFS_O_NONBLOCK if args[1].i != 0 else <u32>flags | VFS_O_NONBLOCK))


cdef public void native_channel_unsupported(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_named(t, b"java/io/IOException", b"Direct input and output are not supported by this machine")


# FileKey.init(FileDescriptor, long[2]): device and inode.
cdef public void native_channel_file_key(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    thread_enter_safe(t)
    if io_handled(t, left_safe(t, vfs_fstat(descriptor_number(args[0].a), &status))) == 0:
        (<u64*>array_data_wide(args[1].a))[0] = status.device
        (<u64*>array_data_wide(args[1].a))[1] = status.inode


# --- sun.nio.ch.UnixFileDispatcherImpl ----------------------------------------------------------------

cdef public void native_channel_read(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>io_transferred(t, blocking_read(t, descriptor_number(args[0].a), <void*>args[1].raw, args[3].i), 1)


cdef public void native_channel_write(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>io_transferred(t, blocking_write(t, descriptor_number(args[0].a), <void*>args[1].raw, args[3].i), 0)


cdef public void native_channel_pread(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 count
    cdef i32 number = descriptor_number(args[0].a)
    thread_enter_safe(t)
    count = vfs_pread(number, <void*>args[1].raw, <u64>args[3].i, args[4].raw)
    thread_leave_safe(t)
    result.i = <i32>io_transferred(t, count, 1)


cdef public void native_channel_pwrite(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 count
    cdef i32 number = descriptor_number(args[0].a)
    thread_enter_safe(t)
    count = vfs_pwrite(number, <void*>args[1].raw, <u64>args[3].i, args[4].raw)
    thread_leave_safe(t)
    result.i = <i32>io_transferred(t, count, 0)


# An iovec of `count` (address, length) pairs: until one is not filled or written as a whole.
cdef i64 vector(JavaThread* t, i32 number, u64* pairs, i32 count, int reading) noexcept nogil:
    cdef i64 total = 0
    cdef i64 part
    cdef i32 i
    for i in range(count):
        if pairs[2 * i + 1] == 0:
            continue
        if reading:
            part = blocking_read(t, number, <void*>pairs[2 * i], <i64>pairs[2 * i + 1])
        else:
            part = blocking_write(t, number, <void*>pairs[2 * i], <i64>pairs[2 * i + 1])
        if part < 0:
            return total if total > 0 else part
        total += part
        if <u64>part != pairs[2 * i + 1]:
            break
    return total


cdef public void native_channel_readv(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = io_transferred(t, vector(t, descriptor_number(args[0].a), <u64*>args[1].raw, args[3].i, 1), 1)


cdef public void native_channel_writev(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = io_transferred(t, vector(t, descriptor_number(args[0].a), <u64*>args[1].raw, args[3].i, 0), 0)


cdef public void native_channel_seek(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    # A negative offset asks for the position.
    if args[1].l < 0:
        thread_enter_safe(t)
        result.l = io_handled(t, left_safe(t, vfs_lseek(descriptor_number(args[0].a), 0, VFS_SEEK_CUR)))
    else:
        thread_enter_safe(t)
        result.l = io_handled(t, left_safe(t, vfs_lseek(descriptor_number(args[0].a), args[1].l, VFS_SEEK_SET)))


cdef public void native_channel_force(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    result.i = <i32>io_handled(t, left_safe(t, vfs_fsync(descriptor_number(args[0].a))))


cdef public void native_channel_truncate(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    result.i = <i32>io_handled(t, left_safe(t, vfs_ftruncate(descriptor_number(args[0].a), args[1].raw)))


cdef public void native_channel_size(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    thread_enter_safe(t)
    result.l = io_handled(t, left_safe(t, vfs_fstat(descriptor_number(args[0].a), &status)))
    if result.l == 0:
        result.l = <i64>status.size


cdef public void native_channel_available(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 count
    thread_enter_safe(t)
    count = io_handled(t, left_safe(t, vfs_available(descriptor_number(args[0].a))))
    result.i = <i32>count if count < 0x7FFFFFFF else 0x7FFFFFFF


cdef public void native_channel_is_other(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    thread_enter_safe(t)
    if io_handled(t, left_safe(t, vfs_fstat(descriptor_number(args[0].a), &status))) == 0:
        result.i = status.mode & VFS_S_IFMT != VFS_S_IFREG and status.mode & VFS_S_IFMT != VFS_S_IFDIR


cdef public void native_channel_close(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = descriptor_number(args[0].a)
    if number > 2:
        thread_enter_safe(t)
        io_handled(t, left_safe(t, vfs_close(number)))


cdef public void native_channel_close_number(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].i > 2:
        thread_enter_safe(t)
        io_handled(t, left_safe(t, vfs_close(args[0].i)))


cdef public void native_channel_unsupported_status(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = IO_UNSUPPORTED            # the caller copies by reading and writing


cdef public void native_channel_granularity(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = 4096


# --- mapping ------------------------------------------------------------------------------------------

# map0(FileDescriptor, int protection, long position, long length, boolean isSync); protection: MAP_RO, MAP_RW, MAP_PV.
cdef public void native_channel_map(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 number = descriptor_number(args[0].a)
    cdef i64 position = args[2].l
    cdef i64 length = args[4].l
    cdef void* place
    cdef u64 size
    cdef u64 address = 0
    cdef int error
    result.l = 0
    # A boot module is mapped where it lies.
    if args[1].i == 0 and vfs_map(number, &place, &size) == 0 and <u64>position <= size and <u64>length <= size - <u64>position:
        result.raw = <u64>place + <u64>position
        return
    thread_enter_safe(t)
    error = vfs_map_part(number, <u64>position, <u64>length, MAPPING_READ if args[1].i == 0 else MAPPING_WRITE if args[1].i == 1
                         else MAPPING_PRIVATE, &address)
    thread_leave_safe(t)
    if error == -ENOMEM:
        # FileChannelImpl collects, which unmaps what nobody uses any more, and tries again.
        throw_named(t, b"java/lang/OutOfMemoryError", b"Map failed")
    elif error != 0:
        throw_errno(t, b"java/io/IOException", error)
    else:
        result.raw = address


cdef public void native_channel_unmap(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    mapping_remove(args[0].raw)          # a boot module's is none
    thread_leave_safe(t)
    result.i = 0


# MappedMemoryUtils.force0(FileDescriptor, long address, long length)
cdef public void native_mapped_force(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int error
    thread_enter_safe(t)
    error = mapping_sync(args[1].raw)
    thread_leave_safe(t)
    if error != 0:
        throw_errno(t, b"java/io/IOException", error)
