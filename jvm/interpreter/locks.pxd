# Monitors that frames hold by monitorenter: a stack of records for each thread.
#
# Invariant: records are in frame order, youngest last; a frame with records has FRAME_MONITORS set.
# So monitorexit, returning and unwinding can enforce structured locking (JVMS §2.11.10) as HotSpot
# does, and no monitor outlives its frame.
# Interface: the objects in the records are roots: locks_scan is called for each thread by the
# collector's client.
from kernel.types cimport u32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Frame, JavaThread

cdef struct LockRecord:
    Object* object
    Frame* frame

cdef extern int frame_lock(JavaThread* t, Frame* frame, Object* object) noexcept nogil     # monitorenter
cdef extern int frame_unlock(JavaThread* t, Frame* frame, Object* object) noexcept nogil   # monitorexit
# Unlocks whatever the frame still holds; returns how many there were.
cdef extern int frame_unlock_all(JavaThread* t, Frame* frame) noexcept nogil
cdef extern void locks_scan(JavaThread* t) noexcept nogil
cdef extern void locks_release(JavaThread* t) noexcept nogil                               # the thread ends
