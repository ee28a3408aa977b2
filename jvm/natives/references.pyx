# java.lang.ref: Reference, PhantomReference, Finalizer.
#
# The collector is stop-the-world and does not move, so a referent may be read and cleared without a
# barrier.
from kernel.types cimport u8, u32
from jvm.heap.heap cimport heap_has_pending
from jvm.heap.object cimport Object, ref, ref_encode, ref_store
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.support cimport known_field
from jvm.runtime.threads cimport reference_pending_take, reference_pending_wait

cdef u32 referent_offset


cdef inline u32 referent() noexcept nogil:
    return known_field(&referent_offset, b"java/lang/ref/Reference", b"referent", b"Ljava/lang/Object;")


cdef public void native_reference_refers_to(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    # Compared as they lie in the heap: a referent that was read would stay behind in registers and on the stack, and
    # the next collection would find it there.
    result.i = (<ref*>(<u8*>args[0].a + referent()))[0] == ref_encode(args[1].a)


cdef public void native_reference_clear(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    ref_store(args[0].a, referent(), NULL)


cdef public void native_reference_take_pending(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = reference_pending_take(t)


cdef public void native_reference_has_pending(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = heap_has_pending() != 0


cdef public void native_reference_wait_pending(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    reference_pending_wait(t)


cdef public void native_true(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 1
