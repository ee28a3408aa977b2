# Exceptions that single instructions throw, with the host JVM's messages.
#
# Interface: the frame is saved; each sets t.exception; those that return int return -1.
from kernel.types cimport i32, u16
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, Frame, JavaThread, Method

cdef extern int fault_index(JavaThread* t, i32 index, Object* array) noexcept nogil
cdef extern int fault_division(JavaThread* t) noexcept nogil
cdef extern int fault_store(JavaThread* t, Object* value) noexcept nogil
cdef extern int fault_cast(JavaThread* t, Object* object, Class* target) noexcept nogil
cdef extern int fault_memory(JavaThread* t) noexcept nogil
cdef extern int fault_array_memory(JavaThread* t, i32 length) noexcept nogil
cdef extern int fault_negative_size(JavaThread* t, i32 length) noexcept nogil
cdef extern int fault_overflow(JavaThread* t) noexcept nogil
cdef extern int fault_opcode(JavaThread* t, Frame* frame) noexcept nogil
# An abstract method was selected; receiver may be NULL.
cdef extern int throw_abstract(JavaThread* t, Method* method, Object* receiver) noexcept nogil
cdef extern int throw_unsatisfied_link(JavaThread* t, Method* method) noexcept nogil
