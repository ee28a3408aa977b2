# Class-file parser: header, constant pool, members.  See parser.pxd; the constant pool's own checks
# are in pool_check.pyx, descriptors in descriptors.pyx.
from kernel.types cimport u8, u16, u32, u64, i32
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcmp, strlen
from jvm.loader.attribute_check cimport (attribute_check_class, attribute_check_code, attribute_check_end,
                                         attribute_check_field, attribute_check_method)
from jvm.loader.bytes cimport bytes_u2, bytes_u4, bytes_u8
from jvm.loader.class_reader cimport (
    ClassReader, reader_add_label, reader_attribute_is, reader_bad, reader_bad_between, reader_bad_number, reader_has,
    reader_is_kind, reader_next_attribute, reader_out_of_memory, reader_truncated)
from jvm.loader.classes cimport (
    ACC_ABSTRACT, ACC_ANNOTATION, ACC_ENUM, ACC_FINAL, ACC_INTERFACE, ACC_MODULE, ACC_NATIVE, ACC_PRIVATE,
    ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC, ACC_STRICT, ACC_SUPER, ACC_SYNCHRONIZED, ACC_VARARGS, ACC_VOLATILE,
    CLASS_HAS_CLINIT, CLASS_HAS_DEFAULTS, CLASS_TRUSTED, CONSTANT_Class, CONSTANT_Double, CONSTANT_Dynamic,
    CONSTANT_Fieldref, CONSTANT_Float, CONSTANT_Integer, CONSTANT_InterfaceMethodref, CONSTANT_InvokeDynamic,
    CONSTANT_Long, CONSTANT_MethodHandle, CONSTANT_MethodType, CONSTANT_Methodref, CONSTANT_Module,
    CONSTANT_NameAndType, CONSTANT_Package, CONSTANT_String, CONSTANT_Utf8, Class, ConstantPool, ConstantValue, Field,
    Handler, JavaThread, LoaderData, METHOD_CALLER_SENSITIVE, METHOD_CLASS_INITIALIZER, METHOD_EMPTY,
    METHOD_HAS_HANDLERS, METHOD_HIDDEN, METHOD_INITIALIZER, METHOD_LAMBDA_FORM, METHOD_OBJECT_INIT, METHOD_POLYMORPHIC, METHOD_SCOPED,
    Method, RESOLVED_CLASS, Symbol, TYPE_DOUBLE, TYPE_FLOAT, TYPE_LONG, TYPE_REFERENCE, TYPE_VOID)
from jvm.loader.descriptors cimport (descriptor_type, field_descriptor_ok, method_argument_slots,
                                     method_descriptor_ok, method_return_type, unqualified_name_ok)
from jvm.loader.memory cimport loader_alloc
from jvm.loader.messages cimport (LoaderText, loader_throw, message_add, message_dots, message_hex, message_init,
                                  message_number, message_symbol, message_throw)
from jvm.loader.pool_check cimport pool_check
from jvm.loader.symbols cimport symbol_intern, symbol_matches
from jvm.loader.wellknown cimport sym

cdef enum:
    MAGIC = 0xCAFEBABE
    OLDEST_MAJOR = 45
    NEWEST_MAJOR = 69
    CODE_LIMIT = 65535                   # JVMS §4.7.3

# --- constant pool -----------------------------------------------------------------------------------
# Entries change while other threads read them: a value is good only with a tag (or, of text, a pointer)
# that was read before it, once; `offsets` are always good.
cdef public Symbol* pool_symbol(ConstantPool* pool, const u8* bytes, u16 index) noexcept nogil:
    cdef const u8* entry
    cdef Symbol* symbol
    if index == 0 or index >= pool.count or pool.tags[index] != CONSTANT_Utf8:
        return NULL
    symbol = pool.values[index].symbol
    if symbol == NULL:
        entry = bytes + pool.offsets[index]
        symbol = symbol_intern(entry + 2, bytes_u2(entry))
        if symbol != NULL:
            pool.values[index].symbol = symbol
    return symbol

cdef public const u8* pool_text(ConstantPool* pool, const u8* bytes, u16 index, u32* length) noexcept nogil:
    cdef const u8* entry
    if index == 0 or index >= pool.count or pool.tags[index] != CONSTANT_Utf8:
        return NULL
    entry = bytes + pool.offsets[index]
    length[0] = bytes_u2(entry)
    return entry + 2

cdef public Symbol* pool_class_name(Class* klass, u16 index) noexcept nogil:
    cdef u8 tag = klass.pool.tags[index] if index != 0 and index < klass.pool.count else 0
    if tag == RESOLVED_CLASS:            # a hidden class's own entry has another name than the file
        return klass.pool.values[index].klass.name
    if tag != CONSTANT_Class:
        return NULL
    return pool_symbol(&klass.pool, klass.bytes, bytes_u2(klass.bytes + klass.pool.offsets[index]))

cdef public u16 pool_u2(Class* klass, u16 index, u32 offset) noexcept nogil:
    cdef u8 tag = klass.pool.tags[index] if index != 0 and index < klass.pool.count else 0
    if tag < CONSTANT_Class or tag >= RESOLVED_CLASS:
        return 0                         # text, a number, or resolved
    return bytes_u2(klass.bytes + klass.pool.offsets[index] + offset)

cdef int parse_pool(ClassReader* r) noexcept nogil:
    """JVMS §4.4: one pass that finds where each entry is."""
    cdef ConstantPool* pool = &r.parsed.pool
    cdef u32 count, index, size
    cdef u8 tag
    cdef const u8* at
    cdef const u8* end = r.end
    cdef u64 memory
    if not reader_has(r, 2):
        return reader_truncated(r)
    count = bytes_u2(r.at)
    if count == 0:
        return reader_bad_number(r, b"Illegal constant pool size ", 0)
    memory = <u64>loader_alloc(r.parsed.owner, 13 * count)
    if memory == 0:
        return reader_out_of_memory(r)
    pool.count = <u16>count
    pool.values = <ConstantValue*>memory
    pool.offsets = <u32*>(memory + 8 * count)
    pool.tags = <u8*>(memory + 12 * count)
    at = r.at + 2
    index = 1
    while index < count:
        if end - at < 3:                                         # the shortest entry's tag and two bytes
            return reader_truncated(r)
        tag = at[0]
        at += 1
        pool.tags[index] = tag
        pool.offsets[index] = <u32>(at - r.start)
        if tag == CONSTANT_Utf8:
            size = 2 + <u32>bytes_u2(at)
        elif tag == CONSTANT_Class or tag == CONSTANT_String or tag == CONSTANT_MethodType or tag == CONSTANT_Module \
                or tag == CONSTANT_Package:
            size = 2
        elif tag == CONSTANT_Fieldref or tag == CONSTANT_Methodref or tag == CONSTANT_InterfaceMethodref \
                or tag == CONSTANT_NameAndType or tag == CONSTANT_Dynamic or tag == CONSTANT_InvokeDynamic:
            size = 4
        elif tag == CONSTANT_Integer or tag == CONSTANT_Float:
            if end - at < 4:
                return reader_truncated(r)
            pool.values[index].raw = bytes_u4(at)
            size = 4
        elif tag == CONSTANT_Long or tag == CONSTANT_Double:
            if end - at < 8:
                return reader_truncated(r)
            pool.values[index].raw = bytes_u8(at)
            size = 8
            index += 1                                           # JVMS §4.4.5: takes two entries
            if index >= count:
                return reader_bad_number(r, b"Invalid constant pool index ", index)
        elif tag == CONSTANT_MethodHandle:
            size = 3
        else:
            return reader_bad_number(r, b"Unknown constant tag ", tag)
        if <u64>(end - at) < size:
            return reader_truncated(r)
        at += size
        index += 1
    r.at = at
    if r.parsed.flags & PARSE_TRUSTED:
        return 0
    return pool_check(r.t, r.parsed, r.label)

cdef Symbol* class_entry(ClassReader* r, u16 index) noexcept nogil:
    """Name of a Class entry; the caller knows that it is one."""
    return pool_symbol(&r.parsed.pool, r.start, bytes_u2(r.start + r.parsed.pool.offsets[index]))

# --- attributes --------------------------------------------------------------------------------------
cdef int skip_code_attributes(ClassReader* r, Method* method) noexcept nogil:
    cdef u32 count
    cdef bint stack_map = False
    cdef u16 name_index
    cdef u32 length
    if not reader_has(r, 2):
        return reader_truncated(r)
    count = bytes_u2(r.at)
    r.at += 2
    while count > 0:
        if reader_next_attribute(r, b"Invalid code attribute name index ", &name_index, &length) != 0:
            return -1
        if r.parsed.major_version >= 50 and reader_attribute_is(r, name_index, b"StackMapTable", 13):
            if stack_map:                                        # JVMS §4.7.4
                return reader_bad(r, b"Multiple StackMapTable attributes")
            stack_map = True
        elif attribute_check_code(r, method, name_index, length) != 0:
            return -1
        r.at += length
        count -= 1
    return 0

# The first version of class files in which an attribute means something (JVMS §4.7, table 4.7-B); the host JVM
# believes MethodParameters and annotations of types in older ones too.
cdef u16 attribute_since(const char* name) noexcept nogil:
    cdef char first = name[0]
    if first == c'P':                    # PermittedSubclasses
        return 61
    if first == c'R' and name[1] == c'e':                        # Record
        return 60
    if first == c'N':                    # NestHost, NestMembers
        return 55
    if first == c'B':                    # BootstrapMethods
        return 51
    if first == c'S' and name[1] == c't':                        # StackMapTable
        return 50
    # EnclosingMethod, RuntimeVisible…, AnnotationDefault, Signature
    if first == c'R' or first == c'A' or first == c'E' and name[1] == c'n' or first == c'S' and name[1] == c'i':
        return 49
    return 45

cdef public const u8* find_attribute(Class* klass, u32 list, const char* name, u32* length) noexcept nogil:
    cdef const u8* at
    cdef const u8* text
    cdef u32 count, size, name_length
    cdef u32 wanted = <u32>strlen(name)
    if list == 0 or klass.bytes == NULL or klass.major_version < 61 and klass.major_version < attribute_since(name):
        return NULL
    at = klass.bytes + list
    count = bytes_u2(at)
    at += 2
    while count > 0:
        size = bytes_u4(at + 2)
        text = pool_text(&klass.pool, klass.bytes, bytes_u2(at), &name_length)
        if text != NULL and name_length == wanted and memcmp(text, name, wanted) == 0:
            length[0] = size
            return at + 6
        at += 6 + size
        count -= 1
    return NULL

cdef public int method_line_number(Method* method, u32 pc) noexcept nogil:
    cdef Class* klass = method.holder
    cdef const u8* at
    cdef u32 list_count, name_length, size, count, i, start
    cdef const u8* text
    cdef i32 line = -1
    cdef u32 best = 0
    if method.code_attributes == 0:
        return -1
    at = klass.bytes + method.code_attributes
    list_count = bytes_u2(at)
    at += 2
    # There may be several tables, in any order (§4.7.12): the entry with the nearest start wins.
    while list_count > 0:
        size = bytes_u4(at + 2)
        text = pool_text(&klass.pool, klass.bytes, bytes_u2(at), &name_length)
        if text != NULL and name_length == 15 and memcmp(text, b"LineNumberTable", 15) == 0 and size >= 2:
            count = bytes_u2(at + 6)
            if size >= 2 + 4 * count:
                for i in range(count):
                    start = bytes_u2(at + 8 + 4 * i)
                    if start <= pc and (line < 0 or start >= best):
                        best = start
                        line = bytes_u2(at + 10 + 4 * i)
        at += 6 + size
        list_count -= 1
    return line

cdef public Symbol* class_source_file(Class* klass) noexcept nogil:
    cdef u32 length
    cdef const u8* at = find_attribute(klass, klass.attributes, b"SourceFile", &length)
    if at == NULL or length != 2:
        return NULL
    return pool_symbol(&klass.pool, klass.bytes, bytes_u2(at))

# --- annotations that the VM obeys -------------------------------------------------------------------
cdef const u8* skip_element(const u8* at, const u8* end, int depth) noexcept nogil:
    """Past an element_value (JVMS §4.7.16.1); NULL: it does not fit."""
    cdef u8 tag
    cdef u32 count
    if at == NULL or end - at < 3 or depth > 8:
        return NULL
    tag = at[0]
    at += 1
    if tag == c'e':
        return at + 4
    elif tag == c'@':
        return skip_annotation(at, end, depth + 1)
    elif tag == c'[':
        count = bytes_u2(at)
        at += 2
        while count > 0 and at != NULL:
            at = skip_element(at, end, depth + 1)
            count -= 1
        return at
    return at + 2

cdef const u8* skip_annotation(const u8* at, const u8* end, int depth) noexcept nogil:
    cdef u32 pairs
    if at == NULL or end - at < 4:
        return NULL
    pairs = bytes_u2(at + 2)
    at += 4
    while pairs > 0 and at != NULL:
        at = skip_element(at + 2, end, depth)
        pairs -= 1
    return at

cdef u32 vm_annotations(ClassReader* r, u32 length) noexcept nogil:
    """METHOD_* flags of a RuntimeVisibleAnnotations attribute (JVMS §4.7.16) at the reader's place."""
    cdef const u8* at = r.at
    cdef const u8* end = r.at + length
    cdef u32 count, size
    cdef u32 flags = 0
    cdef const u8* text
    if length < 2:
        return 0
    count = bytes_u2(at)
    at += 2
    while count > 0 and at != NULL and end - at >= 4:
        text = pool_text(&r.parsed.pool, r.start, bytes_u2(at), &size)
        if text != NULL:
            if size == 38 and memcmp(text, b"Ljdk/internal/reflect/CallerSensitive;", 38) == 0:
                flags |= METHOD_CALLER_SENSITIVE
            elif size == 35 and memcmp(text, b"Ljdk/internal/vm/annotation/Hidden;", 35) == 0:
                flags |= METHOD_HIDDEN
            elif size == 38 and memcmp(text, b"Ljava/lang/invoke/LambdaForm$Compiled;", 38) == 0:
                flags |= METHOD_LAMBDA_FORM
            elif size == 45 and memcmp(text, b"Ljdk/internal/misc/ScopedMemoryAccess$Scoped;", 45) == 0:
                flags |= METHOD_SCOPED
        at = skip_annotation(at, end, 0)
        count -= 1
    return flags

# --- fields (JVMS §4.5) ------------------------------------------------------------------------------
cdef int bad_modifiers(ClassReader* r, const char* before, Symbol* name, const char* middle, u16 flags) noexcept nogil:
    cdef LoaderText m
    message_init(&m, before)
    if name != NULL:
        message_symbol(&m, name)
        message_add(&m, b" in class ")
    message_symbol(&m, r.label)
    message_add(&m, middle)
    message_hex(&m, flags)
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef int bad_name(ClassReader* r, const char* what, Symbol* name) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Illegal ")
    message_add(&m, what)
    message_add(&m, b" name \"")
    message_symbol(&m, name)
    message_add(&m, b"\" in class ")
    message_symbol(&m, r.label)
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef int bad_signature(ClassReader* r, const char* what, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef LoaderText m
    message_init(&m, what)
    message_add(&m, b" \"")
    message_symbol(&m, name)
    message_add(&m, b"\" in class ")
    message_symbol(&m, r.label)
    message_add(&m, b" has illegal signature \"")
    message_symbol(&m, descriptor)
    message_add(&m, b"\"")
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef int check_field(ClassReader* r, Field* field) noexcept nogil:
    """JVMS §4.5: flags, name, descriptor."""
    cdef u16 flags = field.access_flags
    cdef u16 visibility = flags & (ACC_PUBLIC | ACC_PRIVATE | ACC_PROTECTED)
    cdef bint illegal
    if not unqualified_name_ok(field.name, False):
        return bad_name(r, b"field", field.name)
    if not field_descriptor_ok(field.descriptor.text, field.descriptor.length):
        return bad_signature(r, b"Field", field.name, field.descriptor)
    if r.parsed.access_flags & ACC_INTERFACE:
        illegal = flags & 0x40DF != (ACC_PUBLIC | ACC_STATIC | ACC_FINAL)
    else:
        illegal = (visibility & (visibility - 1)) != 0 or (flags & ACC_FINAL and flags & ACC_VOLATILE)
    if illegal:
        return bad_modifiers(r, b"Illegal field modifiers in class ", NULL, b": 0x", flags & 0x50DF)
    return 0

cdef int constant_value(ClassReader* r, Field* field, u32 length) noexcept nogil:
    """JVMS §4.7.2."""
    cdef u16 index
    cdef u8 tag
    cdef bint fits
    if length != 2:
        return reader_bad_number(r, b"Invalid ConstantValue field attribute length ", length)
    if not field.access_flags & ACC_STATIC:
        return 0
    index = bytes_u2(r.at)
    if index == 0 or index >= r.parsed.pool.count:
        return reader_bad_number(r, b"Bad initial value index in ConstantValue: ", index)
    if not (r.parsed.flags & PARSE_TRUSTED):
        tag = r.parsed.pool.tags[index]
        if field.type == TYPE_LONG: fits = tag == CONSTANT_Long
        elif field.type == TYPE_FLOAT: fits = tag == CONSTANT_Float
        elif field.type == TYPE_DOUBLE: fits = tag == CONSTANT_Double
        elif field.type == TYPE_REFERENCE: fits = tag == CONSTANT_String and symbol_matches(field.descriptor, b"Ljava/lang/String;")
        else: fits = tag == CONSTANT_Integer
        if not fits:
            return reader_bad(r, b"Inconsistent constant value type")
    field.constant_index = index
    return 0

cdef int duplicate(ClassReader* r, const char* what, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Duplicate ")
    message_add(&m, what)
    message_add(&m, b" name \"")
    message_symbol(&m, name)
    message_add(&m, b"\"")
    if descriptor != NULL:
        message_add(&m, b" with signature \"")
        message_symbol(&m, descriptor)
        message_add(&m, b"\"")
    reader_add_label(r, &m)
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef i32 find_duplicate(const u8* members, u32 stride, u32 count) noexcept nogil:
    """Index of a member whose name and descriptor an earlier one has; -1: none, -2: no memory.  The
    first two fields of a member at `members` are its name and its descriptor."""
    cdef u32 capacity = 4
    cdef u32* slots
    cdef u32 index, slot
    cdef Symbol** a
    cdef Symbol** b
    cdef i32 found = -1
    if count < 2:
        return -1
    while capacity < 2 * count:
        capacity *= 2
    slots = <u32*>kcalloc(capacity, 4)
    if slots == NULL:
        return -2
    for index in range(count):
        a = <Symbol**>(members + <u64>stride * index)
        slot = (a[0].hash * 31 + a[1].hash) & (capacity - 1)
        while slots[slot] != 0:
            b = <Symbol**>(members + <u64>stride * (slots[slot] - 1))
            if a[0] == b[0] and a[1] == b[1]:
                found = <i32>index
                break
            slot = (slot + 1) & (capacity - 1)
        if found >= 0:
            break
        slots[slot] = index + 1
    kfree(slots)
    return found

cdef int parse_fields(ClassReader* r) noexcept nogil:
    cdef ParsedClass* p = r.parsed
    cdef u32 count, index, attributes, length, seen
    cdef u16 name_index
    cdef Field* field
    cdef i32 again
    if not reader_has(r, 2):
        return reader_truncated(r)
    count = bytes_u2(r.at)
    r.at += 2
    if not reader_has(r, 8 * <u64>count):
        return reader_truncated(r)
    p.field_count = <u16>count
    p.fields = <Field*>loader_alloc(p.owner, count * sizeof(Field))
    if p.fields == NULL:
        return reader_out_of_memory(r)
    for index in range(count):
        field = &p.fields[index]
        if not reader_has(r, 8):
            return reader_truncated(r)
        field.access_flags = bytes_u2(r.at)
        field.slot = <u16>index
        field.name = pool_symbol(&p.pool, r.start, bytes_u2(r.at + 2))
        field.descriptor = pool_symbol(&p.pool, r.start, bytes_u2(r.at + 4))
        if field.name == NULL:
            return reader_bad_between(r, b"Invalid constant pool index ", bytes_u2(r.at + 2), b" for field name")
        if field.descriptor == NULL:
            return reader_bad_between(r, b"Invalid constant pool index ", bytes_u2(r.at + 4), b" for field signature")
        if not (p.flags & PARSE_TRUSTED) and check_field(r, field) != 0:
            return -1
        field.type = descriptor_type(field.descriptor.text[0])
        field.attributes = <u32>(r.at + 6 - r.start)
        attributes = bytes_u2(r.at + 6)
        seen = 0
        r.at += 8
        while attributes > 0:
            if reader_next_attribute(r, b"Invalid field attribute index ", &name_index, &length) != 0:
                return -1
            if field.access_flags & ACC_STATIC and reader_attribute_is(r, name_index, b"ConstantValue", 13):
                if field.constant_index != 0:
                    return reader_bad(r, b"Duplicate ConstantValue attribute")
                if constant_value(r, field, length) != 0:
                    return -1
            elif not p.flags & PARSE_TRUSTED and attribute_check_field(r, name_index, length, &seen) != 0:
                return -1
            r.at += length
            attributes -= 1
    if not (p.flags & PARSE_TRUSTED):
        again = find_duplicate(<const u8*>&p.fields[0].name if count > 0 else NULL, sizeof(Field), count)
        if again == -2:
            return reader_out_of_memory(r)
        if again >= 0:
            return duplicate(r, b"field", p.fields[again].name, p.fields[again].descriptor)
    return 0

# --- methods (JVMS §4.6, §4.7.3) ---------------------------------------------------------------------
cdef int check_method(ClassReader* r, Method* method) noexcept nogil:
    cdef ParsedClass* p = r.parsed
    cdef u16 flags = method.access_flags
    cdef u16 visibility = flags & (ACC_PUBLIC | ACC_PRIVATE | ACC_PROTECTED)
    cdef bint illegal
    if not unqualified_name_ok(method.name, True):
        return bad_name(r, b"method", method.name)
    if not method_descriptor_ok(method.descriptor.text, method.descriptor.length):
        return bad_signature(r, b"Method", method.name, method.descriptor)
    if method.flags & METHOD_CLASS_INITIALIZER:
        return 0                                                 # §4.6: all flags but ACC_STRICT are ignored
    illegal = (visibility & (visibility - 1)) != 0
    if method.flags & METHOD_INITIALIZER:
        illegal = illegal or flags & (ACC_STATIC | ACC_FINAL | ACC_SYNCHRONIZED | ACC_NATIVE | ACC_ABSTRACT | 0x40) != 0 \
            or p.access_flags & ACC_INTERFACE != 0
    elif p.access_flags & ACC_INTERFACE:
        illegal = illegal or flags & (ACC_PROTECTED | ACC_FINAL | ACC_SYNCHRONIZED | ACC_NATIVE) != 0 \
            or flags & (ACC_PUBLIC | ACC_PRIVATE) == 0
        if p.major_version < 52:
            illegal = illegal or flags & (ACC_PUBLIC | ACC_ABSTRACT | ACC_STATIC) != (ACC_PUBLIC | ACC_ABSTRACT)
    if flags & ACC_ABSTRACT:
        illegal = illegal or flags & (ACC_PRIVATE | ACC_STATIC | ACC_FINAL | ACC_SYNCHRONIZED | ACC_NATIVE) != 0
        if p.major_version >= 46 and p.major_version < 60:
            illegal = illegal or flags & ACC_STRICT != 0
    if illegal:
        return bad_modifiers(r, b"Method ", method.name, b" has illegal modifiers: 0x", flags)
    if method.flags & METHOD_INITIALIZER and method.return_type != TYPE_VOID:
        return bad_signature(r, b"Method", method.name, method.descriptor)
    return 0

cdef int parse_handlers(ClassReader* r, Method* method) noexcept nogil:
    """The exception table (JVMS §4.7.3), decoded."""
    cdef u32 count = bytes_u2(r.at)
    cdef u32 index
    cdef Handler* handler
    r.at += 2
    method.handler_count = <u16>count
    if count == 0:
        return 0
    if not reader_has(r, 8 * <u64>count):
        return reader_truncated(r)
    method.handlers = <Handler*>loader_alloc(r.parsed.owner, count * sizeof(Handler))
    if method.handlers == NULL:
        return reader_out_of_memory(r)
    method.flags |= METHOD_HAS_HANDLERS
    for index in range(count):
        handler = &method.handlers[index]
        handler.start_pc = bytes_u2(r.at)
        handler.end_pc = bytes_u2(r.at + 2)
        handler.handler_pc = bytes_u2(r.at + 4)
        handler.catch_type = bytes_u2(r.at + 6)
        r.at += 8
        if r.parsed.flags & PARSE_TRUSTED:
            continue
        if handler.start_pc >= handler.end_pc or handler.end_pc > method.code_length:
            return reader_bad(r, b"Illegal exception table range")
        if handler.handler_pc >= method.code_length:
            return reader_bad(r, b"Illegal exception table handler")
        if handler.catch_type != 0 and not reader_is_kind(r, handler.catch_type, CONSTANT_Class):
            return reader_bad(r, b"Catch type in exception table has bad constant type")
    return 0

cdef int parse_code(ClassReader* r, Method* method, u32 length) noexcept nogil:
    """The Code attribute's contents, `length` bytes from here."""
    cdef const u8* end = r.at + length
    cdef u32 code_length
    cdef u16 first
    if length < 12:
        return reader_truncated(r)
    method.max_stack = bytes_u2(r.at)
    method.max_locals = bytes_u2(r.at + 2)
    code_length = bytes_u4(r.at + 4)
    r.at += 8
    if code_length == 0 or code_length > CODE_LIMIT:
        return reader_bad_between(r, b"Invalid method Code length ", code_length, b"")
    if <u64>(end - r.at) < <u64>code_length + 4:
        return reader_bad(r, b"Code segment has wrong length")
    method.code = <u8*>r.at
    method.code_length = code_length
    if code_length == 1 and method.code[0] == 0xB1:              # return
        method.flags |= METHOD_EMPTY
    r.at += code_length
    if parse_handlers(r, method) != 0:
        return -1
    method.code_attributes = <u32>(r.at - r.start)
    if not (r.parsed.flags & PARSE_TRUSTED):
        if skip_code_attributes(r, method) != 0:
            return -1
        if r.at != end:
            return reader_bad(r, b"Code segment has wrong length")
        if method.argument_slots > method.max_locals:
            return reader_bad(r, b"Arguments can't fit into locals")
    r.at = end
    return 0

cdef int parse_method(ClassReader* r, Method* method) noexcept nogil:
    cdef ParsedClass* p = r.parsed
    cdef u32 attributes, length
    cdef u32 seen = 0
    cdef u16 name_index
    cdef bint needs_code
    cdef const u8* end
    if not reader_has(r, 8):
        return reader_truncated(r)
    method.access_flags = bytes_u2(r.at)
    method.name = pool_symbol(&p.pool, r.start, bytes_u2(r.at + 2))
    method.descriptor = pool_symbol(&p.pool, r.start, bytes_u2(r.at + 4))
    method.vtable_index = -1
    method.itable_index = -1
    if method.name == NULL:
        return reader_bad_between(r, b"Illegal constant pool index ", bytes_u2(r.at + 2), b" for method name")
    if method.descriptor == NULL:
        return reader_bad_between(r, b"Illegal constant pool index ", bytes_u2(r.at + 4), b" for method signature")
    if method.name == sym.object_init:
        method.flags |= METHOD_INITIALIZER
    elif method.name == sym.class_init and (p.major_version < 51 or method.access_flags & ACC_STATIC) \
            and (method.descriptor == sym.void_descriptor or p.major_version < 51):
        # JVMS §2.9.2: <clinit> is the initializer when it is static and takes nothing.
        method.flags |= METHOD_CLASS_INITIALIZER
        method.access_flags = ACC_STATIC | (method.access_flags & ACC_STRICT)
        p.class_flags |= CLASS_HAS_CLINIT
    elif method.name == sym.class_init and p.major_version >= 51:
        return reader_bad(r, b"Method <clinit> is not static")
    method.return_type = method_return_type(method.descriptor)
    method.argument_slots = <u16>method_argument_slots(method.descriptor)
    if not (p.flags & PARSE_TRUSTED):
        if check_method(r, method) != 0:
            return -1
        if method.argument_slots + (0 if method.access_flags & ACC_STATIC else 1) > 255:          # JVMS §4.11
            return reader_bad(r, b"Too many arguments in method signature")
    if not method.access_flags & ACC_STATIC:
        method.argument_slots += 1
    method.attributes = <u32>(r.at + 6 - r.start)
    attributes = bytes_u2(r.at + 6)
    r.at += 8
    needs_code = not method.access_flags & (ACC_NATIVE | ACC_ABSTRACT)
    while attributes > 0:
        if reader_next_attribute(r, b"Invalid method attribute name index ", &name_index, &length) != 0:
            return -1
        end = r.at + length
        if reader_attribute_is(r, name_index, b"Code", 4):
            if not needs_code:
                return reader_bad(r, b"Code attribute in native or abstract methods")
            if method.code != NULL:
                return reader_bad(r, b"Multiple Code attributes")
            if parse_code(r, method, length) != 0:
                return -1
        elif p.flags & PARSE_VM_ANNOTATIONS and reader_attribute_is(r, name_index, b"RuntimeVisibleAnnotations", 25):
            method.flags |= <u16>vm_annotations(r, length)
        elif not p.flags & PARSE_TRUSTED and attribute_check_method(r, name_index, length, &seen) != 0:
            return -1
        r.at = end
        attributes -= 1
    if p.flags & PARSE_HIDDEN:
        method.flags |= METHOD_HIDDEN
    if needs_code and method.code == NULL:
        return reader_bad(r, b"Absent Code attribute in method that is not native or abstract")
    if p.access_flags & ACC_INTERFACE and needs_code and not method.access_flags & ACC_STATIC:
        p.class_flags |= CLASS_HAS_DEFAULTS
    return 0

cdef int parse_methods(ClassReader* r) noexcept nogil:
    cdef ParsedClass* p = r.parsed
    cdef u32 count, index
    cdef i32 again
    if not reader_has(r, 2):
        return reader_truncated(r)
    count = bytes_u2(r.at)
    r.at += 2
    if not reader_has(r, 8 * <u64>count):
        return reader_truncated(r)
    p.method_count = <u16>count
    p.methods = <Method*>loader_alloc(p.owner, count * sizeof(Method))
    p.method_keys = <u16*>loader_alloc(p.owner, count * sizeof(u16))
    if p.methods == NULL or p.method_keys == NULL:
        return reader_out_of_memory(r)
    for index in range(count):
        p.methods[index].slot = <u16>index
        if parse_method(r, &p.methods[index]) != 0:
            return -1
        p.method_keys[index] = <u16>p.methods[index].name.hash
    if not (p.flags & PARSE_TRUSTED):
        again = find_duplicate(<const u8*>&p.methods[0].name if count > 0 else NULL, sizeof(Method), count)
        if again == -2:
            return reader_out_of_memory(r)
        if again >= 0:
            return duplicate(r, b"method", p.methods[again].name, p.methods[again].descriptor)
    return 0

# --- the class (JVMS §4.1) ---------------------------------------------------------------------------
cdef int check_version(ClassReader* r) noexcept nogil:
    cdef u16 major = r.parsed.major_version
    cdef u16 minor = r.parsed.minor_version
    cdef LoaderText m
    if major >= OLDEST_MAJOR and major <= NEWEST_MAJOR and (major < 56 or minor == 0):
        return 0
    if major == NEWEST_MAJOR and minor == 65535:
        message_init(&m, b"Preview features are not enabled for ")
        message_symbol(&m, r.label)
        message_add(&m, b" (class file version 69.65535). Try running with '--enable-preview'")
        return message_throw(r.t, b"java/lang/UnsupportedClassVersionError", &m)
    message_init(&m, b"")
    message_symbol(&m, r.label)
    if major > NEWEST_MAJOR:
        message_add(&m, b" has been compiled by a more recent version of the Java Runtime")
    message_add(&m, b" (class file version ")
    message_number(&m, major)
    message_add(&m, b".")
    message_number(&m, minor)
    if major > NEWEST_MAJOR:
        message_add(&m, b"), this version of the Java Runtime only recognizes class file versions up to 69.0")
    elif major < OLDEST_MAJOR:
        message_add(&m, b") was compiled with an invalid major version")
    elif minor == 65535:
        message_add(&m, b") was compiled with preview features that are unsupported. "
                        b"This version of the Java Runtime only recognizes preview features for class file version 69.65535")
    else:
        message_add(&m, b") was compiled with an invalid non-zero minor version")
    return message_throw(r.t, b"java/lang/UnsupportedClassVersionError", &m)

cdef int check_class_flags(ClassReader* r) noexcept nogil:
    """JVMS §4.1: which access flags go together."""
    cdef u16 flags = r.parsed.access_flags
    cdef bint illegal
    cdef LoaderText m
    if flags & ACC_MODULE:
        message_init(&m, b"")
        message_symbol(&m, r.label)
        message_add(&m, b" is not a class because access_flag ACC_MODULE is set")
        return message_throw(r.t, b"java/lang/NoClassDefFoundError", &m)
    if flags & ACC_INTERFACE:
        illegal = not flags & ACC_ABSTRACT or flags & ACC_FINAL \
            or (r.parsed.major_version >= 49 and flags & (ACC_SUPER | ACC_ENUM) != 0)
    else:
        illegal = flags & (ACC_FINAL | ACC_ABSTRACT) == (ACC_FINAL | ACC_ABSTRACT) \
            or (r.parsed.major_version >= 49 and flags & ACC_ANNOTATION != 0)
    if illegal:
        return bad_modifiers(r, b"Illegal class modifiers in class ", NULL, b": 0x", flags)
    return 0

cdef int parse_supers(ClassReader* r) noexcept nogil:
    """this_class, super_class, and how many interfaces follow."""
    cdef ParsedClass* p = r.parsed
    cdef u16 this_class, super_class
    if not reader_has(r, 8):
        return reader_truncated(r)
    p.access_flags = bytes_u2(r.at) & 0xF631                     # the flags of table 4.1-B; others are ignored
    if p.access_flags & ACC_INTERFACE and p.major_version < 49:
        p.access_flags |= ACC_ABSTRACT                           # older compilers left it out
    this_class = bytes_u2(r.at + 2)
    p.this_class = this_class
    super_class = bytes_u2(r.at + 4)
    p.interface_count = bytes_u2(r.at + 6)
    r.at += 8
    if not p.flags & PARSE_TRUSTED and check_class_flags(r) != 0:
        return -1
    if not reader_is_kind(r, this_class, CONSTANT_Class):
        return reader_bad_between(r, b"Invalid this class index ", this_class, b" in constant pool")
    p.name = class_entry(r, this_class)
    if p.name == NULL:
        return reader_out_of_memory(r)
    r.label = p.name
    if super_class == 0:
        if p.name != sym.java_lang_Object:
            return reader_bad_number(r, b"Invalid superclass index ", 0)
    elif not reader_is_kind(r, super_class, CONSTANT_Class):
        return reader_bad_number(r, b"Invalid superclass index ", super_class)
    else:
        p.super_name = class_entry(r, super_class)
        if p.super_name == NULL:
            return reader_out_of_memory(r)
        if p.super_name.text[0] == c'[':
            return reader_bad(r, b"Bad superclass name")
        if p.access_flags & ACC_INTERFACE and p.super_name != sym.java_lang_Object:
            return reader_bad(r, b"Interfaces must have java.lang.Object as superclass")
    return 0

ctypedef int (*Hook)(JavaThread* t, ParsedClass* p) noexcept nogil

cdef int parse_interfaces(ClassReader* r, Hook supers_known) noexcept nogil:
    """What is wrong with a name shows when the names before it are known, and what they name is loaded."""
    cdef ParsedClass* p = r.parsed
    cdef u16 count = p.interface_count
    cdef u16 index
    cdef u32 i, j
    p.interfaces = <Symbol**>loader_alloc(p.owner, count * sizeof(Symbol*))
    if p.interfaces == NULL:
        return reader_out_of_memory(r)
    for i in range(count):
        p.interface_count = <u16>i
        if not reader_has(r, 2 * <u64>(i + 1)):
            return -1 if supers_known != NULL and supers_known(r.t, p) != 0 else reader_truncated(r)
        index = bytes_u2(r.at + 2 * i)
        if not reader_is_kind(r, index, CONSTANT_Class):
            return -1 if supers_known != NULL and supers_known(r.t, p) != 0 \
                else reader_bad_number(r, b"Interface name has bad constant pool index ", index)
        p.interfaces[i] = class_entry(r, index)
        if p.interfaces[i] == NULL:
            return reader_out_of_memory(r)
        if p.interfaces[i].text[0] == c'[' and not p.flags & PARSE_TRUSTED:
            return -1 if supers_known != NULL and supers_known(r.t, p) != 0 else reader_bad(r, b"Bad interface name")
    p.interface_count = count
    r.at += 2 * count
    if supers_known != NULL and supers_known(r.t, p) != 0:
        return -1
    if p.flags & PARSE_TRUSTED:
        return 0
    for i in range(count if count < 256 else 256):               # more than any program has: further duplicates do no harm
        for j in range(i):
            if p.interfaces[j] == p.interfaces[i]:
                return duplicate(r, b"interface", p.interfaces[i], NULL)
    return 0

cdef int parse_class_attributes(ClassReader* r) noexcept nogil:
    cdef ParsedClass* p = r.parsed
    cdef u32 count, length
    cdef u32 seen = 0
    cdef u16 name_index
    if not reader_has(r, 2):
        return reader_truncated(r)
    p.attributes = <u32>(r.at - r.start)
    count = bytes_u2(r.at)
    r.at += 2
    while count > 0:
        if reader_next_attribute(r, b"Attribute name has bad constant pool index ", &name_index, &length) != 0:
            return -1
        if reader_attribute_is(r, name_index, b"Record", 6) and p.major_version >= 60:
            p.is_record = 1
        elif reader_attribute_is(r, name_index, b"PermittedSubclasses", 19) and p.major_version >= 61:
            p.is_sealed = 1
        if not p.flags & PARSE_TRUSTED and attribute_check_class(r, name_index, length, &seen) != 0:
            return -1
        r.at += length
        count -= 1
    if not p.flags & PARSE_TRUSTED and attribute_check_end(r, seen) != 0:
        return -1
    if r.at != r.end:
        return reader_bad(r, b"Extra bytes at the end of")
    return 0

cdef int mark_special(ClassReader* r) noexcept nogil:
    """What only certain classes of the library have: signature-polymorphic methods (JVMS §2.9.3), final
    fields that never change, Object's constructor."""
    cdef ParsedClass* p = r.parsed
    cdef u32 i
    cdef Method* method
    if p.name == sym.java_lang_invoke_MethodHandle or p.name == sym.java_lang_invoke_VarHandle:
        for i in range(p.method_count):
            method = &p.methods[i]
            if method.access_flags & (ACC_NATIVE | ACC_VARARGS) == (ACC_NATIVE | ACC_VARARGS) \
                    and method.descriptor.length > 21 \
                    and memcmp(method.descriptor.text, b"([Ljava/lang/Object;)", 21) == 0:
                method.flags |= METHOD_POLYMORPHIC
    elif p.name == sym.java_lang_Object:
        for i in range(p.method_count):
            if p.methods[i].flags & METHOD_INITIALIZER:
                p.methods[i].flags |= METHOD_OBJECT_INIT
    return 0

cdef public int parse_class(JavaThread* t, LoaderData* data, LoaderData* owner, const u8* bytes, u32 length, u32 flags, Symbol* expected,
                            int (*supers_known)(JavaThread* t, ParsedClass* p) noexcept nogil,
                            ParsedClass* into) noexcept nogil:
    cdef ClassReader r
    cdef LoaderText m
    cdef u32 i
    r.t = t
    r.parsed = into
    r.start = r.at = bytes
    r.end = bytes + length
    r.label = expected
    into.bytes = bytes
    into.length = length
    into.flags = flags
    into.loader = data
    into.owner = owner
    into.class_flags = CLASS_TRUSTED if flags & PARSE_TRUSTED else 0
    into.super_name = NULL
    into.expected = expected
    into.injected_count = 0
    into.is_record = 0
    into.is_sealed = 0
    if r.label == NULL:
        r.label = symbol_intern(<const u8*>b"<Unknown>", 9)
        if r.label == NULL:
            return reader_out_of_memory(&r)
    if not reader_has(&r, 4):
        return reader_truncated(&r)
    if bytes_u4(r.at) != <u32>MAGIC:
        return reader_bad_number(&r, b"Incompatible magic value ", bytes_u4(r.at))
    if not reader_has(&r, 8):
        return reader_truncated(&r)
    into.minor_version = bytes_u2(r.at + 4)
    into.major_version = bytes_u2(r.at + 6)
    r.at += 8
    if check_version(&r) != 0:
        return -1
    if parse_pool(&r) != 0 or parse_supers(&r) != 0 or parse_interfaces(&r, supers_known) != 0:
        return -1
    if parse_fields(&r) != 0 or parse_methods(&r) != 0 or parse_class_attributes(&r) != 0:
        return -1
    for i in range(into.field_count):
        into.fields[i].trusted_final = into.fields[i].access_flags & ACC_FINAL != 0 \
            and (into.is_record or into.fields[i].access_flags & ACC_STATIC != 0)
    return mark_special(&r)
