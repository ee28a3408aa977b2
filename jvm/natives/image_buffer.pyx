# jdk.internal.jimage.NativeImageBuffer: the class library's container, for code that reads resources
# of modules through it (ImageReader).  It is mapped already, so the buffer is a view, not a copy.
from kernel.types cimport i64, u64
from jvm.loader.classes cimport Class, JavaThread, Method, Slot
from jvm.loader.jimage cimport jimage_address
from jvm.loader.loader cimport class_initialize, class_named_method, loader_load_boot
from jvm.loader.symbols cimport symbol_from
from jvm.natives.support cimport object_construct


cdef public void native_image_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    """getNativeMap(path): a direct buffer over the mapped file; null where it is another file or too
    large for a buffer, and the caller then maps it itself."""
    cdef Slot arguments[4]
    cdef u64 size = 0
    cdef const void* address = jimage_address(&size)
    cdef Class* klass
    cdef Method* constructor
    result.a = NULL
    if address == NULL or size > 0x7FFFFFFF:
        return
    klass = loader_load_boot(t, symbol_from(b"java/nio/DirectByteBuffer"))
    if klass == NULL or class_initialize(t, klass) != 0:
        return
    constructor = class_named_method(klass, b"<init>", b"(JJ)V")
    if constructor == NULL:
        return
    arguments[0].l = <i64>address
    arguments[2].l = <i64>size
    result.a = object_construct(t, constructor, arguments, 4)
