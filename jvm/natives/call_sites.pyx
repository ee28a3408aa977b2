# See call_sites.pxd.
from kernel.types cimport u16
from jvm.interpreter.polymorphic cimport link_new
from jvm.loader.classes cimport ACC_FINAL, ACC_NATIVE, ACC_STATIC, METHOD_HIDDEN, METHOD_LAMBDA_FORM
from jvm.loader.descriptors cimport method_argument_slots, method_return_type
from jvm.loader.wellknown cimport wk


cdef public Link* native_link(JavaThread* t, Class* caller, Method* method, Symbol* name, Symbol* descriptor,
                              void (*native)(JavaThread* t, Slot* args, Slot* result) noexcept nogil) noexcept nogil:
    cdef Link* link
    method.holder = wk.java_lang_invoke_MethodHandle
    method.name = name
    method.descriptor = descriptor
    method.native = native
    method.access_flags = ACC_STATIC | ACC_FINAL | ACC_NATIVE
    # Like the lambda form that it stands for: in no trace, and nobody's caller.
    method.flags = METHOD_HIDDEN | METHOD_LAMBDA_FORM
    method.argument_slots = <u16>method_argument_slots(descriptor)
    method.max_locals = method.argument_slots
    method.return_type = method_return_type(descriptor)
    method.vtable_index = -1
    method.itable_index = -1
    link = link_new(t, caller)
    if link != NULL:
        link.method = method
    return link
