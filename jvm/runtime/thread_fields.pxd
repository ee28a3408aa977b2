# The fields and methods of java.lang.Thread that the VM reads, writes and calls, and the values of
# Thread$FieldHolder.threadStatus.
#
# Interface: found by name on the first use; by then java.lang.Thread is linked, since some object of
# it exists.  A missing member is a panic that names it.
from kernel.types cimport u32, i32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, JavaThread, Method

# JVMTI's thread-state bits, as jdk.internal.misc.VM.toThreadState and the JDK's tools read them.
cdef enum:
    ALIVE = 0x0001
    TERMINATED = 0x0002
    RUNNABLE = 0x0004
    WAITING_INDEFINITELY = 0x0010
    WAITING_WITH_TIMEOUT = 0x0020
    SLEEPING = 0x0040
    WAITING = 0x0080
    IN_OBJECT_WAIT = 0x0100
    PARKED = 0x0200
    BLOCKED_ON_MONITOR_ENTER = 0x0400

cdef enum ThreadStatus:
    STATUS_NEW = 0
    STATUS_RUNNABLE = 0x0005
    STATUS_SLEEPING = 0x00E1
    STATUS_IN_WAIT = 0x0191
    STATUS_IN_WAIT_TIMED = 0x01A1
    STATUS_PARKED = 0x0291
    STATUS_PARKED_TIMED = 0x02A1
    STATUS_BLOCKED = 0x0401
    STATUS_TERMINATED = 0x0002

cdef struct ThreadFields:
    u32 eetop
    u32 tid
    u32 park_blocker
    u32 holder
    u32 name
    u32 interrupted
    u32 holder_status
    u32 holder_daemon
    u32 holder_stack_size
    u32 holder_priority
    Method* run
    Method* exit
    Method* dispatch_uncaught

cdef extern ThreadFields* thread_fields() noexcept nogil
# Sets the status of t's Thread object and returns the old one; nothing happens while it has none.
cdef extern i32 thread_set_status(JavaThread* t, i32 status) noexcept nogil
# Is the thread interrupted?  `clear` takes the interrupt (Thread.interrupted and the VM's note of it).
cdef extern int thread_test_interrupt(JavaThread* t, int clear) noexcept nogil
