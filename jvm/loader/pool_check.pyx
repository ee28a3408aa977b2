# See pool_check.pxd.
from kernel.types cimport u8, u16, u32
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (
    CONSTANT_Class, CONSTANT_Dynamic, CONSTANT_Fieldref, CONSTANT_InterfaceMethodref, CONSTANT_InvokeDynamic,
    CONSTANT_MethodHandle, CONSTANT_MethodType, CONSTANT_Methodref, CONSTANT_Module, CONSTANT_NameAndType,
    CONSTANT_Package, CONSTANT_String, CONSTANT_Utf8, ConstantPool, JavaThread, Symbol)
from jvm.loader.descriptors cimport class_name_ok, field_descriptor_ok, method_descriptor_ok, modified_utf8_ok, unqualified_name_ok
from jvm.loader.messages cimport LoaderText, message_add, message_init, message_number, message_symbol, message_throw
from jvm.loader.parser cimport ParsedClass, pool_symbol
from jvm.loader.symbols cimport symbol_matches

cdef struct Check:
    JavaThread* t
    ConstantPool* pool
    const u8* bytes
    Symbol* label

cdef int bad_index(Check* c, const char* text, u32 index) noexcept nogil:
    cdef LoaderText m
    message_init(&m, text)
    message_number(&m, index)
    message_add(&m, b" in class file ")
    message_symbol(&m, c.label)
    return message_throw(c.t, b"java/lang/ClassFormatError", &m)

cdef int bad_handle(Check* c, u32 index, const char* why) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Invalid constant pool index ")
    message_number(&m, index)
    message_add(&m, b" in class file ")
    message_symbol(&m, c.label)
    message_add(&m, why)
    return message_throw(c.t, b"java/lang/ClassFormatError", &m)

cdef int bad_text(Check* c, const char* before, Symbol* text, const char* after) noexcept nogil:
    cdef LoaderText m
    message_init(&m, before)
    if text != NULL:
        message_symbol(&m, text)
    message_add(&m, after)
    message_symbol(&m, c.label)
    return message_throw(c.t, b"java/lang/ClassFormatError", &m)

cdef inline const u8* body(Check* c, u32 index) noexcept nogil:
    return c.bytes + c.pool.offsets[index]

cdef inline u8 tag_of(Check* c, u32 index) noexcept nogil:
    return c.pool.tags[index] if index > 0 and index < c.pool.count else 0

cdef inline Symbol* text_at(Check* c, u32 index) noexcept nogil:
    return pool_symbol(c.pool, c.bytes, <u16>index)

cdef int check_utf8(Check* c, u32 index) noexcept nogil:
    cdef const u8* at = body(c, index)
    if not modified_utf8_ok(at + 2, bytes_u2(at)):
        return bad_text(c, b"Illegal UTF8 string in constant pool", NULL, b" in class file ")
    return 0

cdef int check_one(Check* c, u32 index, u8 wanted) noexcept nogil:
    """The u2 at the start of the entry names an entry of that kind."""
    cdef u32 other = bytes_u2(body(c, index))
    if tag_of(c, other) != wanted:
        return bad_index(c, b"Invalid constant pool index ", other)
    return 0

cdef Symbol* member_part(Check* c, u32 index, u32 offset) noexcept nogil:
    """Name (offset 0) or descriptor (2) of a NameAndType whose parts were checked."""
    return text_at(c, bytes_u2(body(c, index) + offset))

cdef int check_name_and_type(Check* c, u32 index) noexcept nogil:
    """JVMS §4.4.6: a field's name and type, or a method's."""
    cdef Symbol* name = member_part(c, index, 0)
    cdef Symbol* descriptor = member_part(c, index, 2)
    cdef bint method = descriptor != NULL and descriptor.length > 0 and descriptor.text[0] == c'('
    if descriptor == NULL or descriptor.length == 0:
        return empty_entry(c, bytes_u2(body(c, index) + 2))
    if name == NULL or name.length == 0:
        return empty_entry(c, bytes_u2(body(c, index)))
    if not unqualified_name_ok(name, method):
        return bad_text(c, b"Illegal method name \"" if method else b"Illegal field name \"", name, b"\" in class ")
    if method:
        return 0 if method_descriptor_ok(descriptor.text, descriptor.length) else bad_member(c, b"Method", name, descriptor)
    return 0 if field_descriptor_ok(descriptor.text, descriptor.length) else bad_member(c, b"Field", name, descriptor)

cdef int empty_entry(Check* c, u32 index) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Illegal zero length constant pool entry at ")
    message_number(&m, index)
    message_add(&m, b" in class ")
    message_symbol(&m, c.label)
    return message_throw(c.t, b"java/lang/ClassFormatError", &m)

cdef int check_reference(Check* c, u32 index, u8 tag) noexcept nogil:
    """Fieldref, Methodref, InterfaceMethodref, Dynamic, InvokeDynamic: the descriptor's kind (§4.4.2)."""
    cdef u32 pair = bytes_u2(body(c, index) + 2)
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef bint field = tag == CONSTANT_Fieldref or tag == CONSTANT_Dynamic
    if tag == CONSTANT_Fieldref or tag == CONSTANT_Methodref or tag == CONSTANT_InterfaceMethodref:
        if check_one(c, index, CONSTANT_Class) != 0:
            return -1
    if tag_of(c, pair) != CONSTANT_NameAndType:
        return bad_index(c, b"Invalid constant pool index ", pair)
    name = member_part(c, pair, 0)
    descriptor = member_part(c, pair, 2)
    if name == NULL or descriptor == NULL:
        return bad_index(c, b"Invalid constant pool index ", pair)
    if field and not field_descriptor_ok(descriptor.text, descriptor.length):
        return bad_member(c, b"Field", name, descriptor)
    if not field and not method_descriptor_ok(descriptor.text, descriptor.length):
        return bad_member(c, b"Method", name, descriptor)
    if tag == CONSTANT_Methodref and name.length > 0 and name.text[0] == c'<' and not symbol_matches(name, b"<init>"):
        return bad_index(c, b"Bad method name at constant pool index ", bytes_u2(body(c, pair)))
    # §4.4.2: of the special names only <init> may be called, and it returns nothing.
    if not field and name.length > 0 and name.text[0] == c'<' \
            and (tag != CONSTANT_Methodref or name.length != 6 or descriptor.text[descriptor.length - 1] != c'V'):
        return bad_member(c, b"Method", name, descriptor)
    return 0

cdef int bad_member(Check* c, const char* what, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef LoaderText m
    message_init(&m, what)
    message_add(&m, b" \"")
    message_symbol(&m, name)
    message_add(&m, b"\" in class ")
    message_symbol(&m, c.label)
    message_add(&m, b" has illegal signature \"")
    message_symbol(&m, descriptor)
    message_add(&m, b"\"")
    return message_throw(c.t, b"java/lang/ClassFormatError", &m)

cdef int check_handle(Check* c, u32 index, u16 major) noexcept nogil:
    """JVMS §4.4.8."""
    cdef u8 kind = body(c, index)[0]
    cdef u32 other = bytes_u2(body(c, index) + 1)
    cdef u8 tag = tag_of(c, other)
    cdef bint ok
    if kind >= 1 and kind <= 4: ok = tag == CONSTANT_Fieldref
    elif kind == 5 or kind == 8: ok = tag == CONSTANT_Methodref
    elif kind == 6 or kind == 7: ok = tag == CONSTANT_Methodref or (tag == CONSTANT_InterfaceMethodref and major >= 52)
    elif kind == 9: ok = tag == CONSTANT_InterfaceMethodref
    else:
        return bad_index(c, b"Bad method handle kind at constant pool index ", index)
    if ok:
        return 0
    if tag != CONSTANT_Fieldref and tag != CONSTANT_Methodref and tag != CONSTANT_InterfaceMethodref:
        return bad_index(c, b"Invalid constant pool index ", other)
    return bad_handle(c, other, b" (not a field)" if kind <= 4 else b" (not an interface method)" if kind == 9 else b" (not a method)")

cdef public int pool_check(JavaThread* t, ParsedClass* parsed, Symbol* label) noexcept nogil:
    cdef Check c
    cdef u32 index
    cdef u8 tag
    cdef Symbol* name
    cdef u16 major = parsed.major_version
    c.t = t
    c.pool = &parsed.pool
    c.bytes = parsed.bytes
    c.label = label
    # Two rounds: references look into names, which the first round has found well-formed.
    for index in range(1, c.pool.count):
        tag = c.pool.tags[index]
        if tag == CONSTANT_Utf8:
            if check_utf8(&c, index) != 0:
                return -1
        elif (tag == CONSTANT_MethodHandle or tag == CONSTANT_MethodType or tag == CONSTANT_InvokeDynamic) and major < 51 \
                or tag == CONSTANT_Dynamic and major < 55:
            return bad_version(&c, tag)
        elif tag == CONSTANT_Module or tag == CONSTANT_Package:
            # §4.4.11: only in a module-info, which is not a class.
            return bad_index(&c, b"Unknown constant tag ", tag)
    for index in range(1, c.pool.count):
        tag = c.pool.tags[index]
        if tag == CONSTANT_Class:
            if check_one(&c, index, CONSTANT_Utf8) != 0:
                return -1
            name = text_at(&c, bytes_u2(body(&c, index)))
            if name == NULL or not class_name_ok(name.text, name.length):
                return bad_class_name(&c, name)
        elif tag == CONSTANT_String or tag == CONSTANT_MethodType:
            if check_one(&c, index, CONSTANT_Utf8) != 0:
                return -1
        elif tag == CONSTANT_NameAndType:
            if check_one(&c, index, CONSTANT_Utf8) != 0:
                return -1
            if tag_of(&c, bytes_u2(body(&c, index) + 2)) != CONSTANT_Utf8:
                return bad_index(&c, b"Invalid constant pool index ", bytes_u2(body(&c, index) + 2))
    for index in range(1, c.pool.count):
        tag = c.pool.tags[index]
        if tag == CONSTANT_Fieldref or tag == CONSTANT_Methodref or tag == CONSTANT_InterfaceMethodref \
                or tag == CONSTANT_Dynamic or tag == CONSTANT_InvokeDynamic:
            if check_reference(&c, index, tag) != 0:
                return -1
        elif tag == CONSTANT_NameAndType:
            if check_name_and_type(&c, index) != 0:
                return -1
        elif tag == CONSTANT_MethodHandle:
            if check_handle(&c, index, major) != 0:
                return -1
    return 0

cdef int bad_version(Check* c, u8 tag) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Class file version does not support constant tag ")
    message_number(&m, tag)
    message_add(&m, b" in class file ")
    message_symbol(&m, c.label)
    return message_throw(c.t, b"java/lang/ClassFormatError", &m)

cdef int bad_class_name(Check* c, Symbol* name) noexcept nogil:
    return bad_text(c, b"Illegal class name \"", name, b"\" in class file ")
