# See attribute_check.pxd.  Messages and the order of checks are the host JVM's.
from kernel.types cimport u8, u16, u32, u64
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.class_reader cimport (ClassReader, reader_attribute_is, reader_bad, reader_bad_between, reader_bad_number,
                                      reader_is_kind, reader_next_attribute, reader_out_of_memory, reader_truncated)
from jvm.loader.classes cimport (CONSTANT_Class, CONSTANT_Dynamic, CONSTANT_InvokeDynamic, CONSTANT_MethodHandle,
                                 CONSTANT_NameAndType, CONSTANT_String, CONSTANT_Utf8, CONSTANT_Double, CONSTANT_Float,
                                 CONSTANT_Integer, CONSTANT_Long, CONSTANT_MethodType, Method, Symbol)
from jvm.loader.descriptors cimport field_descriptor_ok, unqualified_name_ok
from jvm.loader.messages cimport LoaderText, message_add, message_init, message_symbol, message_throw
from jvm.loader.parser cimport pool_symbol

cdef enum SeenAttribute:
    SEEN_INNER_CLASSES = 1
    SEEN_BOOTSTRAP_METHODS = 2
    SEEN_ENCLOSING_METHOD = 4
    SEEN_NEST_HOST = 8
    SEEN_NEST_MEMBERS = 16
    SEEN_RECORD = 32
    SEEN_PERMITTED = 64
    SEEN_SIGNATURE = 128
    SEEN_SOURCE_FILE = 256
    SEEN_EXCEPTIONS = 512
    SEEN_PARAMETERS = 1024

cdef int once(ClassReader* r, u32* seen, u32 bit, const char* again) noexcept nogil:
    if seen[0] & bit:
        return reader_bad(r, again)
    seen[0] |= bit
    return 0

cdef bint kind_or_zero(ClassReader* r, u16 index, u8 tag) noexcept nogil:
    return index == 0 or reader_is_kind(r, index, tag)

# --- of code -----------------------------------------------------------------------------------------
cdef int line_numbers(ClassReader* r, Method* method, u32 length) noexcept nogil:
    """§4.7.12."""
    cdef u32 count, i
    if length < 2:
        return reader_truncated(r)
    count = bytes_u2(r.at)
    if length != 2 + 4 * count:
        return reader_bad(r, b"LineNumberTable attribute has wrong length")
    for i in range(count):
        if bytes_u2(r.at + 2 + 4 * i) >= method.code_length:
            return reader_bad(r, b"Invalid pc in LineNumberTable")
    return 0

cdef int quoted(ClassReader* r, const char* before, Symbol* name, const char* between, Symbol* second) noexcept nogil:
    """A ClassFormatError of two names; `second` NULL: the second is the class."""
    cdef LoaderText m
    message_init(&m, before)
    message_symbol(&m, name)
    message_add(&m, between)
    message_symbol(&m, r.label)
    if second != NULL:
        message_add(&m, b" has illegal signature \"")
        message_symbol(&m, second)
        message_add(&m, b"\"")
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef int local_variables(ClassReader* r, Method* method, u32 length) noexcept nogil:
    """§4.7.13."""
    cdef u32 count, i, start, end
    cdef u16 index
    cdef const u8* row
    cdef Symbol* name
    cdef Symbol* descriptor
    if length < 2:
        return reader_truncated(r)
    count = bytes_u2(r.at)
    if length != 2 + 10 * count:
        return reader_bad(r, b"LocalVariableTable has wrong length")
    for i in range(count):
        row = r.at + 2 + 10 * i
        start = bytes_u2(row)
        end = start + bytes_u2(row + 2)
        if start >= method.code_length:
            return reader_bad_between(r, b"Invalid start_pc ", start, b" in LocalVariableTable")
        if end > method.code_length:
            return reader_bad_between(r, b"Invalid length ", bytes_u2(row + 2), b" in LocalVariableTable")
        if not reader_is_kind(r, bytes_u2(row + 4), CONSTANT_Utf8):
            return reader_bad_between(r, b"Name index ", bytes_u2(row + 4), b" in LocalVariableTable has bad constant type")
        if not reader_is_kind(r, bytes_u2(row + 6), CONSTANT_Utf8):
            return reader_bad_between(r, b"Signature index ", bytes_u2(row + 6), b" in LocalVariableTable has bad constant type")
        name = pool_symbol(&r.parsed.pool, r.start, bytes_u2(row + 4))
        descriptor = pool_symbol(&r.parsed.pool, r.start, bytes_u2(row + 6))
        if name == NULL or descriptor == NULL:
            return reader_out_of_memory(r)
        if not unqualified_name_ok(name, False):
            return quoted(r, b"Illegal field name \"", name, b"\" in class ", NULL)
        if not field_descriptor_ok(descriptor.text, descriptor.length):
            return quoted(r, b"Field \"", name, b"\" in class ", descriptor)
        index = bytes_u2(row + 8)
        if <u32>index + (1 if descriptor.length == 1 and (descriptor.text[0] == c'J' or descriptor.text[0] == c'D') else 0) >= method.max_locals:
            return reader_bad_between(r, b"Invalid index ", index, b" in LocalVariableTable")
    return 0

cdef public int attribute_check_code(ClassReader* r, Method* method, u16 name_index, u32 length) noexcept nogil:
    if reader_attribute_is(r, name_index, b"LineNumberTable", 15):
        return line_numbers(r, method, length)
    if reader_attribute_is(r, name_index, b"LocalVariableTable", 18):
        return local_variables(r, method, length)
    return 0

# --- of several lists --------------------------------------------------------------------------------
cdef int common(ClassReader* r, u16 name_index, u32 length, const char* synthetic, const char* deprecated, const char* signature) noexcept nogil:
    """Synthetic, Deprecated, Signature (§4.7.8, §4.7.15, §4.7.9)."""
    if reader_attribute_is(r, name_index, b"Synthetic", 9) and length != 0:
        return reader_bad_number(r, synthetic, length)
    if reader_attribute_is(r, name_index, b"Deprecated", 10) and length != 0:
        return reader_bad_number(r, deprecated, length)
    if reader_attribute_is(r, name_index, b"Signature", 9) and r.parsed.major_version >= 49:
        if length != 2:
            return reader_bad_number(r, signature, length)
        if not reader_is_kind(r, bytes_u2(r.at), CONSTANT_Utf8):
            return reader_bad_number(r, b"Invalid Signature attribute at constant pool index ", bytes_u2(r.at))
    return 0

cdef public int attribute_check_field(ClassReader* r, u16 name_index, u32 length, u32* seen) noexcept nogil:
    if r.parsed.major_version >= 49 and reader_attribute_is(r, name_index, b"Signature", 9) \
            and once(r, seen, SEEN_SIGNATURE, b"Multiple Signature attributes for field") != 0:
        return -1
    return common(r, name_index, length, b"Invalid Synthetic field attribute length ",
                  b"Invalid Deprecated field attribute length ", b"Wrong size ")

cdef int class_list(ClassReader* r, u32 length, const char* before, const char* after, const char* wrong_length) noexcept nogil:
    """Exceptions, NestMembers, PermittedSubclasses (§4.7.5, §4.7.29, §4.7.31); `before` and `after` a wrong index in the message."""
    cdef u32 count, i
    if length < 2:
        return reader_truncated(r)
    count = bytes_u2(r.at)
    for i in range(count):
        if 4 + 2 * i > length:
            return reader_truncated(r)
        if not reader_is_kind(r, bytes_u2(r.at + 2 + 2 * i), CONSTANT_Class):
            return reader_bad_between(r, before, bytes_u2(r.at + 2 + 2 * i), after)
    if length != 2 + 2 * count:
        return reader_bad(r, wrong_length)
    return 0

cdef public int attribute_check_method(ClassReader* r, u16 name_index, u32 length, u32* seen) noexcept nogil:
    if reader_attribute_is(r, name_index, b"Exceptions", 10):
        if once(r, seen, SEEN_EXCEPTIONS, b"Multiple Exceptions attributes") != 0:
            return -1
        return class_list(r, length, b"Exception name has bad type at constant pool ", b"", b"Exceptions attribute has wrong length")
    if reader_attribute_is(r, name_index, b"MethodParameters", 16):
        if once(r, seen, SEEN_PARAMETERS, b"Multiple MethodParameters attributes") != 0:
            return -1
        if length == 0 or length != 1 + 4 * <u32>r.at[0]:
            return reader_bad_number(r, b"Invalid MethodParameters method attribute length ", length)
        return 0
    if r.parsed.major_version >= 49 and reader_attribute_is(r, name_index, b"Signature", 9) \
            and once(r, seen, SEEN_SIGNATURE, b"Multiple Signature attributes for method") != 0:
        return -1
    return common(r, name_index, length, b"Invalid Synthetic method attribute length ",
                  b"Invalid Deprecated method attribute length ", b"Invalid Signature attribute length ")

# --- of classes --------------------------------------------------------------------------------------
cdef int inner_classes(ClassReader* r, u32 length) noexcept nogil:
    """§4.7.6."""
    cdef u32 count, i
    cdef u16 inner, outer
    cdef const u8* row
    if length < 2:
        return reader_truncated(r)
    count = bytes_u2(r.at)
    for i in range(count):
        row = r.at + 2 + 8 * i
        if 2 + 8 * (i + 1) > length:
            return reader_truncated(r)
        inner = bytes_u2(row)
        outer = bytes_u2(row + 2)
        if not reader_is_kind(r, inner, CONSTANT_Class):
            return reader_bad_between(r, b"inner_class_info_index ", inner, b" has bad constant type")
        if not kind_or_zero(r, outer, CONSTANT_Class):
            return reader_bad_between(r, b"outer_class_info_index ", outer, b" has bad constant type")
        if not kind_or_zero(r, bytes_u2(row + 4), CONSTANT_Utf8):
            return reader_bad_between(r, b"inner_name_index ", bytes_u2(row + 4), b" has bad constant type")
        if inner == outer:
            return reader_bad(r, b"Class is both outer and inner class")
    if length != 2 + 8 * count:
        return reader_bad(r, b"Wrong InnerClasses attribute length")
    return 0

cdef bint loadable(ClassReader* r, u16 index) noexcept nogil:
    """Of a kind that ldc can push (§4.4, table 4.4-C)."""
    cdef u8 tag = r.parsed.pool.tags[index] if index < r.parsed.pool.count else 0
    return tag == CONSTANT_Integer or tag == CONSTANT_Float or tag == CONSTANT_Long or tag == CONSTANT_Double \
        or tag == CONSTANT_Class or tag == CONSTANT_String or tag == CONSTANT_MethodHandle \
        or tag == CONSTANT_MethodType or tag == CONSTANT_Dynamic

cdef int bootstrap_methods(ClassReader* r, u32 length) noexcept nogil:
    """§4.7.23."""
    cdef u32 count, arguments
    cdef u16 index
    cdef const u8* at = r.at + 2
    cdef const u8* end = r.at + length
    if length < 2:
        return reader_bad_between(r, b"Invalid BootstrapMethods attribute length ", length, b"")
    count = bytes_u2(r.at)
    while count > 0:
        if end - at < 4:
            return reader_truncated(r)
        index = bytes_u2(at)
        arguments = bytes_u2(at + 2)
        at += 4
        if not reader_is_kind(r, index, CONSTANT_MethodHandle):
            return reader_bad_between(r, b"bootstrap_method_index ", index, b" has bad constant type")
        while arguments > 0:
            if end - at < 2:
                return reader_truncated(r)
            if not loadable(r, bytes_u2(at)):
                return reader_bad_between(r, b"argument_index ", bytes_u2(at), b" has bad constant type")
            at += 2
            arguments -= 1
        count -= 1
    if at != end:
        return reader_bad(r, b"Bad length on BootstrapMethods")
    return 0

cdef int record(ClassReader* r, u32 length) noexcept nogil:
    """§4.7.30."""
    cdef const u8* there = r.at
    cdef const u8* file_end = r.end
    cdef u32 count, attributes, inner
    cdef u16 name_index
    cdef int status = 0
    if length < 2:
        return reader_truncated(r)
    count = bytes_u2(r.at)
    r.at += 2
    r.end = there + length
    while count > 0 and status == 0:
        if r.end - r.at < 6:
            status = reader_truncated(r)
            break
        if not reader_is_kind(r, bytes_u2(r.at), CONSTANT_Utf8):
            status = reader_bad_number(r, b"Invalid constant pool index ", bytes_u2(r.at))
            break
        if not reader_is_kind(r, bytes_u2(r.at + 2), CONSTANT_Utf8):
            status = reader_bad_number(r, b"Invalid constant pool index ", bytes_u2(r.at + 2))
            break
        attributes = bytes_u2(r.at + 4)
        r.at += 6
        while attributes > 0 and status == 0:
            status = reader_next_attribute(r, b"Invalid attribute name index ", &name_index, &inner)
            if status == 0:
                r.at += inner
            attributes -= 1
        count -= 1
    if status == 0 and r.at != r.end:
        status = reader_bad(r, b"Record attribute has wrong length")
    r.at = there
    r.end = file_end
    return status

cdef public int attribute_check_class(ClassReader* r, u16 name_index, u32 length, u32* seen) noexcept nogil:
    cdef u16 major = r.parsed.major_version
    if reader_attribute_is(r, name_index, b"SourceFile", 10):
        if length != 2:
            return reader_bad(r, b"Wrong SourceFile attribute length")
        if once(r, seen, SEEN_SOURCE_FILE, b"Multiple SourceFile attributes") != 0:
            return -1
        if not kind_or_zero(r, bytes_u2(r.at), CONSTANT_Utf8):
            return reader_bad_number(r, b"Invalid SourceFile attribute at constant pool index ", bytes_u2(r.at))
        return 0
    if reader_attribute_is(r, name_index, b"InnerClasses", 12):
        if once(r, seen, SEEN_INNER_CLASSES, b"Multiple InnerClasses attributes") != 0:
            return -1
        return inner_classes(r, length)
    if major >= 49:
        if reader_attribute_is(r, name_index, b"Signature", 9):
            if once(r, seen, SEEN_SIGNATURE, b"Multiple Signature attributes") != 0:
                return -1
            if length != 2:
                return reader_bad_number(r, b"Wrong Signature attribute length ", length)
        elif reader_attribute_is(r, name_index, b"EnclosingMethod", 15):
            if once(r, seen, SEEN_ENCLOSING_METHOD, b"Multiple EnclosingMethod attributes") != 0:
                return -1
            if length != 4:
                return reader_bad_number(r, b"Wrong EnclosingMethod attribute length ", length)
            if not reader_is_kind(r, bytes_u2(r.at), CONSTANT_Class):
                return reader_bad(r, b"Invalid or out-of-bounds class index in EnclosingMethod attribute")
            if not kind_or_zero(r, bytes_u2(r.at + 2), CONSTANT_NameAndType):
                return reader_bad(r, b"Invalid or out-of-bounds method index in EnclosingMethod attribute")
    if major >= 51 and reader_attribute_is(r, name_index, b"BootstrapMethods", 16):
        if once(r, seen, SEEN_BOOTSTRAP_METHODS, b"Multiple BootstrapMethods attributes") != 0:
            return -1
        return bootstrap_methods(r, length)
    if major >= 55:
        if reader_attribute_is(r, name_index, b"NestHost", 8):
            if seen[0] & SEEN_NEST_MEMBERS:
                return reader_bad(r, b"Conflicting NestMembers and NestHost attributes")
            if once(r, seen, SEEN_NEST_HOST, b"Multiple NestHost attributes") != 0:
                return -1
            if length != 2:
                return reader_bad_number(r, b"Wrong NestHost attribute length ", length)
            if not reader_is_kind(r, bytes_u2(r.at), CONSTANT_Class):
                return reader_bad_between(r, b"Nest-host class_info_index ", bytes_u2(r.at), b" has bad constant type")
            return 0
        if reader_attribute_is(r, name_index, b"NestMembers", 11):
            if seen[0] & SEEN_NEST_HOST:
                return reader_bad(r, b"Conflicting NestHost and NestMembers attributes")
            if once(r, seen, SEEN_NEST_MEMBERS, b"Multiple NestMembers attributes") != 0:
                return -1
            return class_list(r, length, b"Nest member class_info_index ", b" has bad constant type",
                              b"Wrong NestMembers attribute length")
    if major >= 60 and reader_attribute_is(r, name_index, b"Record", 6):
        if once(r, seen, SEEN_RECORD, b"Multiple Record attributes") != 0:
            return -1
        return record(r, length)
    if major >= 61 and reader_attribute_is(r, name_index, b"PermittedSubclasses", 19):
        if once(r, seen, SEEN_PERMITTED, b"Multiple PermittedSubclasses attributes") != 0:
            return -1
        return class_list(r, length, b"Permitted subclass class_info_index ", b" has bad constant type",
                              b"Wrong PermittedSubclasses attribute length")
    return common(r, name_index, length, b"Invalid Synthetic classfile attribute length ",
                  b"Invalid Deprecated classfile attribute length ", b"Wrong Signature attribute length ")

cdef public int attribute_check_end(ClassReader* r, u32 seen) noexcept nogil:
    """§4.7.23: dynamic constants and call sites need the table that they index."""
    cdef u16 i
    if seen & SEEN_BOOTSTRAP_METHODS:
        return 0
    for i in range(1, r.parsed.pool.count):
        if r.parsed.pool.tags[i] == CONSTANT_Dynamic or r.parsed.pool.tags[i] == CONSTANT_InvokeDynamic:
            return reader_bad(r, b"Missing BootstrapMethods attribute")
    return 0
