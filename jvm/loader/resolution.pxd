# Resolution of constant-pool entries (JVMS §5.4.3) with access checks (§5.4.4), and method
# selection (§5.4.6).  Results are cached in the constant pool.  They fail by returning NULL with
# t.exception set: the exception types and messages are the host JVM's.
from kernel.types cimport u16
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, Field, JavaThread, Method, Symbol

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
# A signature-polymorphic method (JVMS §2.9.3) is found as it is declared, unless the entry is linked already.
# The parts of resolution, for those who have names instead of entries; caller NULL: access is not checked.
cdef extern int check_class_access(JavaThread* t, Class* caller, Class* klass) noexcept nogil
cdef extern Field* find_field_in(JavaThread* t, Class* caller, Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil
# kind INVOKE_INTERFACE, INVOKE_VIRTUAL: the class must be an interface, must be none.
cdef extern Method* find_method_in(JavaThread* t, Class* caller, Class* klass, Symbol* name, Symbol* descriptor,
                                   int kind) noexcept nogil
cdef extern int check_field_static(JavaThread* t, Field* field, bint is_static) noexcept nogil
cdef extern int check_method_special(JavaThread* t, Class* caller, Class* klass, Method* method) noexcept nogil
# JVMS §6.5 invokespecial, §5.4.3.5: an interface whose method is named must be a direct superinterface of the caller.
cdef extern int check_direct_interface(JavaThread* t, Class* caller, Class* klass, Class* holder, Symbol* name, Symbol* descriptor) noexcept nogil
cdef extern int check_method_static(JavaThread* t, Method* method, int kind) noexcept nogil
# For resolved interface and virtual methods: the method to run for a receiver of class `actual`.  A
# method of an interface has no vtable slot, also when invokevirtual or invokespecial named it through a
# class: then select_virtual goes through the interface table.
cdef extern Method* select_interface(JavaThread* t, Class* actual, Method* resolved) noexcept nogil
cdef extern Method* select_virtual(JavaThread* t, Class* actual, Method* resolved) noexcept nogil
# AbstractMethodError for a receiver whose class leaves `resolved` without code; `selected`: what was found instead, or NULL.
cdef extern int throw_abstract_method(JavaThread* t, Class* actual, Method* resolved, Method* selected) noexcept nogil
