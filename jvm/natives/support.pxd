# What the native methods share: Java fields, methods and classes found by name once, object and array
# making, exceptions from error numbers, strings as C text, constant-pool entries.
#
# Interface: a `cache` is a zero-initialised module variable of the caller; two threads that fill it at
# the same time write the same value.  known_* name members that the class library surely has: a
# missing one is a panic that says which.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from jvm.heap.object cimport Object, Shape
from jvm.loader.classes cimport Class, JavaThread, Method, Slot, Symbol
from jvm.loader.parser cimport pool_symbol

cdef extern u32 known_field_slow(u32* cache, const char* klass, const char* name, const char* descriptor) noexcept nogil
cdef extern Class* known_class_slow(Class** cache, const char* name) noexcept nogil
cdef extern Method* known_method_slow(Method** cache, const char* klass, const char* name, const char* descriptor) noexcept nogil

# Offset of an instance field in its object, or of a static one in its class's mirror.
cdef inline u32 known_field(u32* cache, const char* klass, const char* name, const char* descriptor) noexcept nogil:
    return cache[0] if cache[0] != 0 else known_field_slow(cache, klass, name, descriptor)

# A class of the boot loader, linked; arrays too ("[Ljava/lang/Object;").
cdef inline Class* known_class(Class** cache, const char* name) noexcept nogil:
    return cache[0] if cache[0] != NULL else known_class_slow(cache, name)

cdef inline Method* known_method(Method** cache, const char* klass, const char* name, const char* descriptor) noexcept nogil:
    return cache[0] if cache[0] != NULL else known_method_slow(cache, klass, name, descriptor)

cdef inline i32 field_int(Object* o, u32 offset) noexcept nogil:
    return (<i32*>(<u8*>o + offset))[0]

cdef inline void field_set_int(Object* o, u32 offset, i32 value) noexcept nogil:
    (<i32*>(<u8*>o + offset))[0] = value

cdef inline i64 field_long(Object* o, u32 offset) noexcept nogil:
    return (<i64*>(<u8*>o + offset))[0]

cdef inline void field_set_long(Object* o, u32 offset, i64 value) noexcept nogil:
    (<i64*>(<u8*>o + offset))[0] = value

cdef inline u8 field_byte(Object* o, u32 offset) noexcept nogil:
    return (<u8*>o + offset)[0]

cdef inline void field_set_byte(Object* o, u32 offset, u8 value) noexcept nogil:
    (<u8*>o + offset)[0] = value

# Makers: NULL with OutOfMemoryError (or NegativeArraySizeException) thrown.
cdef extern Object* object_new(JavaThread* t, Class* klass) noexcept nogil              # not constructed
cdef extern Object* array_new(JavaThread* t, Class* array_class, i32 length) noexcept nogil
cdef extern Object* array_new_primitive(JavaThread* t, int type, i32 length) noexcept nogil     # PrimitiveType
cdef extern Object* array_new_named(JavaThread* t, Class** cache, const char* array_class, i32 length) noexcept nogil
cdef extern Object* bytes_new(JavaThread* t, const void* bytes, u32 length) noexcept nogil      # a byte[]
# new klass(argument), through the one-argument constructor with this descriptor.
cdef extern Object* object_construct(JavaThread* t, Method* constructor, Slot* arguments, int slots) noexcept nogil

# Class.getName(): NULL with OutOfMemoryError thrown.
cdef extern Object* class_name_string(JavaThread* t, Class* klass) noexcept nogil

# Exceptions: set t.exception.
cdef extern void throw_text(JavaThread* t, const char* klass, const char* text) noexcept nogil  # NULL: no message
cdef extern void throw_errno(JavaThread* t, const char* klass, i64 error) noexcept nogil        # message: error_text
cdef extern void throw_unsupported(JavaThread* t, const char* method) noexcept nogil            # a native method that is not there yet
# Text of an error number (positive or negative) as the C library words it.
cdef extern const char* error_text(i64 error) noexcept nogil

# NULL: t.exception is set (no memory).  A Java string as NUL-terminated UTF-8, in `buffer` when it
# fits, else kmalloc'ed: path_release frees it.
cdef extern char* text_of(JavaThread* t, Object* string, char* buffer, u32 capacity) noexcept nogil
cdef extern void text_release(char* text, char* buffer) noexcept nogil

# A native method that has nothing to do.
cdef extern void native_nothing(JavaThread* t, Slot* args, Slot* result) noexcept nogil

# --- constants of loaded classes (more in jvm/loader/parser.pxd) ----------------------------------------
# Utf8 entry as a symbol; NULL for index 0 or another kind.
cdef inline Symbol* pool_utf8(Class* klass, u16 index) noexcept nogil:
    return pool_symbol(&klass.pool, klass.bytes, index)

# Name and descriptor of a NameAndType entry, NULL both when it is none.
cdef extern void pool_name_and_type(Class* klass, u16 index, Symbol** name, Symbol** descriptor) noexcept nogil
# A member reference of any kind: class name, name, descriptor.
cdef extern int pool_member(Class* klass, u16 index, Symbol** owner, Symbol** name, Symbol** descriptor) noexcept nogil
# The JVMS §4.4 tag of an entry, resolved or not.
cdef extern int pool_tag(Class* klass, u16 index) noexcept nogil
