# What the native methods share: Java fields, methods and classes found by name once, object and array
# making, exceptions from error numbers, strings as C text, attributes of class files.
#
# Interface: a `cache` is a zero-initialised module variable of the caller; two threads that fill it at
# the same time write the same value.  known_* name members that the class library surely has: a
# missing one is a panic that says which.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from jvm.heap.object cimport Object, Shape
from jvm.loader.classes cimport Class, JavaThread, Method, Slot, Symbol

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

# --- class files: attributes and constants of loaded classes ------------------------------------------
cdef inline u16 read_u2(const u8* p) noexcept nogil:
    return <u16>(<u32>p[0] << 8 | p[1])

cdef inline u32 read_u4(const u8* p) noexcept nogil:
    return <u32>p[0] << 24 | <u32>p[1] << 16 | <u32>p[2] << 8 | p[3]

# Bytes of an attribute's contents (JVMS §4.7) and their length, or NULL.  `attributes` is the offset
# of an attributes_count in klass.bytes; 0 has none.
cdef extern const u8* attribute_find(Class* klass, u32 attributes, const char* name, u32* length) noexcept nogil
# Constant-pool entries that may or may not be resolved.  0 as index gives NULL.
cdef extern Symbol* pool_utf8(Class* klass, u16 index) noexcept nogil
cdef extern const u8* pool_utf8_bytes(Class* klass, u16 index, u32* length) noexcept nogil
cdef extern Symbol* pool_class_name(Class* klass, u16 index) noexcept nogil
cdef extern void pool_name_and_type(Class* klass, u16 index, Symbol** name, Symbol** descriptor) noexcept nogil
# A member reference of any kind: class name, name, descriptor.
cdef extern int pool_member(Class* klass, u16 index, Symbol** owner, Symbol** name, Symbol** descriptor) noexcept nogil
# The JVMS §4.4 tag of an entry, resolved or not.
cdef extern int pool_tag(Class* klass, u16 index) noexcept nogil
