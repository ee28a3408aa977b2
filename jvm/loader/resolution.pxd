# Resolution of constant-pool entries (JVMS §5.4.3) with access checks (§5.4.4), and method
# selection (§5.4.6).  Results are cached in the constant pool.  They fail by returning NULL with
# t.exception set: the exception types and messages are the host JVM's.
from kernel.types cimport u16, i32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, Field, JavaThread, Method

cdef enum InvokeKind:
    INVOKE_VIRTUAL = 182
    INVOKE_SPECIAL = 183
    INVOKE_STATIC = 184
    INVOKE_INTERFACE = 185

cdef extern Class* resolve_class(JavaThread* t, Class* caller, u16 index) noexcept nogil
cdef extern Object* resolve_string(JavaThread* t, Class* caller, u16 index) noexcept nogil
# opcode: getstatic 178, putstatic 179, getfield 180, putfield 181 (decides static-ness and final checks).
cdef extern Field* resolve_field(JavaThread* t, Class* caller, Method* method, u16 index, int opcode) noexcept nogil
cdef extern Method* resolve_method(JavaThread* t, Class* caller, u16 index, int kind) noexcept nogil
# For resolved interface and virtual methods: the method to run for a receiver of class `actual`.  A
# method of an interface has no vtable slot, also when invokevirtual or invokespecial named it through a
# class: then select_virtual goes through the interface table.
cdef extern Method* select_interface(JavaThread* t, Class* actual, Method* resolved) noexcept nogil
cdef extern Method* select_virtual(JavaThread* t, Class* actual, Method* resolved) noexcept nogil
# AbstractMethodError for a receiver whose class leaves `resolved` without code; `selected`: what was found instead, or NULL.
cdef extern int throw_abstract_method(JavaThread* t, Class* actual, Method* resolved, Method* selected) noexcept nogil
