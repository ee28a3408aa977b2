# jdk.internal.misc.ScopedMemoryAccess: closing an arena that several threads use.
#
# Every access to the memory of such an arena runs in a method of that class, which first looks whether the session is still
# alive.  The session is marked closed before closeScope0 is called, so accesses that begin later fail; those that have
# looked already are in a frame of that class with the session among its locals.  They are let through: closeScope0 returns
# when no thread is in such a frame any more.  (The host JVM makes such an access fail instead; which of the two an access meets
# is a race for the program in any case.)
#
# Invariant: when closeScope0 returns, no thread touches the session's memory, or will.
from kernel.types cimport u16
from kernel.threads.thread cimport thread_sleep
from kernel.time.clock cimport clock_monotonic
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, Frame, JavaThread, Slot
from jvm.natives.support cimport known_class
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe
from jvm.runtime.threads cimport java_threads_for_each, java_threads_resume_others, java_threads_stop_others

cdef enum:
    PAUSE = 1000000                      # ns between two looks

# Of the look under way; the other threads are stopped meanwhile, so there is only one.
cdef Object* closing
cdef JavaThread* closer
cdef bint in_use

cdef Class* accesses


cdef bint holds(Frame* frame, Object* session) noexcept nogil:
    cdef u16 i
    for i in range(frame.method.max_locals):
        if frame.locals[i].a == session:
            return True
    return False


cdef void look(JavaThread* t) noexcept nogil:
    global in_use
    cdef Frame* frame = t.frame
    if t == closer:
        return
    while frame != NULL:
        if frame.method != NULL and frame.method.holder == accesses and holds(frame, closing):
            in_use = True
            return
        frame = frame.previous


# closeScope0(MemorySessionImpl session, ScopedAccessError error)
cdef public void native_scoped_memory_close(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global closing, closer, in_use
    cdef Object* session = args[1].a
    cdef bint again = True
    known_class(&accesses, b"jdk/internal/misc/ScopedMemoryAccess")
    while again:
        java_threads_stop_others()
        closing = session
        closer = t
        in_use = False
        java_threads_for_each(look)
        again = in_use
        closing = NULL
        java_threads_resume_others()
        if again:
            thread_enter_safe(t)
            thread_sleep(clock_monotonic() + PAUSE)
            thread_leave_safe(t)
