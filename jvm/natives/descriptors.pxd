# java.io.FileDescriptor and the kernel's descriptors; reads and writes of Java arrays.
#
# Interface: the functions throw what the host's natives throw and then return -1 (or do nothing).
from kernel.types cimport u8, i32, i64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread
from jvm.runtime.thread cimport thread_leave_safe

# The kernel's number in a FileDescriptor object; -1: closed, or the object is null.
cdef extern i32 descriptor_number(Object* descriptor) noexcept nogil
cdef extern void descriptor_set(Object* descriptor, i32 number) noexcept nogil
# Around kernel calls that may block: the thread is safe meanwhile.  A negative errno on failure.
cdef extern i64 blocking_read(JavaThread* t, i32 number, void* into, i64 size) noexcept nogil
cdef extern i64 blocking_write(JavaThread* t, i32 number, const void* data, i64 size) noexcept nogil
# After thread_enter_safe, around a kernel call that may sleep: the thread is Java's again; gives `result` back.
cdef inline i64 left_safe(JavaThread* t, i64 result) noexcept nogil:
    thread_leave_safe(t)
    return result
# read(byte[], off, len) with the checks and results of InputStream.read: -1 at the end.
cdef extern i32 read_array(JavaThread* t, Object* descriptor, Object* array, i32 offset, i32 length) noexcept nogil
cdef extern void write_array(JavaThread* t, Object* descriptor, Object* array, i32 offset, i32 length) noexcept nogil
# Opens `path` for a stream object: FileNotFoundException "path (text)" on failure.  The number, or -1.
cdef extern i32 open_for_stream(JavaThread* t, Object* path, int flags) noexcept nogil
