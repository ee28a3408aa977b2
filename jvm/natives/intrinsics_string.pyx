# Native code in place of Java bodies: java.lang.String, StringLatin1, StringUTF16, StringCoding, and what
# a StringBuilder appends where it has room.
#
# Each gives exactly what the Java body gives.  The class library calls them with ranges that it has
# checked; a range that does not fit its array is an ArrayIndexOutOfBoundsException here as there, so
# that no race or mistake reads or writes outside of an array.
from kernel.types cimport u8, u16, u32, u64, i8, i32, i64
from kernel.memory.string cimport memcmp, memcpy
from jvm.heap.object cimport Object, array_data, array_length, ref_load
from jvm.loader.classes cimport Class, JavaThread, NATIVE_DECLINED, Slot, class_of
from jvm.natives.support cimport field_byte, field_int, field_set_byte, field_set_int, known_class, known_field
from jvm.runtime.exceptions cimport throw_index, throw_null_pointer
from jvm.runtime.strings cimport string_allocate

cdef enum:
    LATIN1 = 0
    UTF16 = 1


# The elements [offset, offset + count) of `array` are there (elements of 1 << shift bytes in an array of
# bytes, or of the array's own size with shift 0); else thrown.
cdef inline int fits(JavaThread* t, Object* array, i64 offset, i64 count, int shift) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return 0
    if count > 0 and (offset < 0 or offset + count > array_length(array) >> shift):
        throw_index(t, <i32>(offset + count - 1 if offset >= 0 else offset), array_length(array) >> shift)
        return 0
    return 1


cdef inline u16* chars_of(Object* array) noexcept nogil:
    return <u16*>array_data(array)


# --- hashing and comparing ----------------------------------------------------------------------------

cdef inline i32 hash_latin1(const u8* p, i32 count, i32 h) noexcept nogil:
    cdef u32 r = <u32>h
    # Four steps at once: the four products do not wait for one another.
    while count >= 4:
        r = r * 923521 + p[0] * <u32>29791 + p[1] * <u32>961 + p[2] * <u32>31 + p[3]
        p += 4
        count -= 4
    while count > 0:
        r = r * 31 + p[0]
        p += 1
        count -= 1
    return <i32>r


cdef inline i32 hash_utf16(const u16* p, i32 count, i32 h) noexcept nogil:
    cdef u32 r = <u32>h
    while count >= 4:
        r = r * 923521 + p[0] * <u32>29791 + p[1] * <u32>961 + p[2] * <u32>31 + p[3]
        p += 4
        count -= 4
    while count > 0:
        r = r * 31 + p[0]
        p += 1
        count -= 1
    return <i32>r


cdef u32 string_value
cdef u32 string_coder
cdef u32 string_hash
cdef u32 string_hash_is_zero
cdef Class* string_class


cdef inline Object* value_of(Object* string) noexcept nogil:
    return ref_load(string, known_field(&string_value, b"java/lang/String", b"value", b"[B"))


cdef inline int coder_of(Object* string) noexcept nogil:
    return field_byte(string, known_field(&string_coder, b"java/lang/String", b"coder", b"B"))


cdef public void native_string_coder(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = coder_of(args[0].a)


cdef public void native_string_is_latin1(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = coder_of(args[0].a) == LATIN1


cdef public void native_string_length(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* value = value_of(args[0].a)
    if value == NULL:                    # no constructor has run
        result.raw = NATIVE_DECLINED
    else:
        result.i = array_length(value) >> coder_of(args[0].a)


cdef public void native_string_is_empty(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* value = value_of(args[0].a)
    if value == NULL:
        result.raw = NATIVE_DECLINED
    else:
        result.i = array_length(value) == 0


# The Java body throws if the index is none.
cdef public void native_string_char_at(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* value = value_of(args[0].a)
    cdef u32 index = <u32>args[1].i
    if value == NULL:
        result.raw = NATIVE_DECLINED
        return
    if coder_of(args[0].a) == LATIN1:
        if index < <u32>array_length(value):
            result.i = array_data(value)[index]
            return
    elif index < <u32>array_length(value) >> 1:
        result.i = chars_of(value)[index]
        return
    result.raw = NATIVE_DECLINED


cdef public void native_string_hash_code(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* string = args[0].a
    cdef u32 offset = known_field(&string_hash, b"java/lang/String", b"hash", b"I")
    cdef i32 h = field_int(string, offset)
    cdef Object* value
    if h == 0 and field_byte(string, known_field(&string_hash_is_zero, b"java/lang/String", b"hashIsZero", b"Z")) == 0:
        value = value_of(string)
        if value == NULL:
            result.raw = NATIVE_DECLINED
            return
        if coder_of(string) == LATIN1:
            h = hash_latin1(array_data(value), array_length(value), 0)
        else:
            h = hash_utf16(chars_of(value), array_length(value) >> 1, 0)
        if h == 0:
            field_set_byte(string, string_hash_is_zero, 1)
        else:
            field_set_int(string, offset, h)
    result.i = h


cdef public void native_string_equals(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* a = args[0].a
    cdef Object* b = args[1].a
    cdef Object* x
    cdef Object* y
    result.i = 0
    if a == b:
        result.i = 1
    elif b != NULL and class_of(b) == known_class(&string_class, b"java/lang/String") and coder_of(a) == coder_of(b):
        x = value_of(a)
        y = value_of(b)
        if x == NULL or y == NULL:
            result.raw = NATIVE_DECLINED
        elif array_length(x) == array_length(y):
            result.i = memcmp(array_data(x), array_data(y), <u64>array_length(x)) == 0


cdef public void native_latin1_equals(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)
        return
    result.i = (array_length(args[0].a) == array_length(args[1].a)
                and memcmp(array_data(args[0].a), array_data(args[1].a), <u64>array_length(args[0].a)) == 0)


cdef public void native_latin1_hash_code(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, 0, 0, 0):
        result.i = hash_latin1(array_data(args[0].a), array_length(args[0].a), 0)


cdef public void native_utf16_hash_code(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, 0, 0, 0):
        result.i = hash_utf16(chars_of(args[0].a), array_length(args[0].a) >> 1, 0)


cdef i32 compare_latin1(const u8* a, i32 a_count, const u8* b, i32 b_count) noexcept nogil:
    cdef i32 count = a_count if a_count < b_count else b_count
    cdef i32 i
    for i in range(count):
        if a[i] != b[i]:
            return <i32>a[i] - b[i]
    return a_count - b_count


# compareTo(byte[] value, byte[] other)
cdef public void native_latin1_compare(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, 0, 0, 0) and fits(t, args[1].a, 0, 0, 0):
        result.i = compare_latin1(array_data(args[0].a), array_length(args[0].a), array_data(args[1].a), array_length(args[1].a))


cdef public void native_latin1_compare_utf16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, 0, 0, 0) and fits(t, args[1].a, 0, 0, 0):
        result.i = compare_mixed(array_data(args[0].a), array_length(args[0].a), chars_of(args[1].a), array_length(args[1].a) >> 1)


cdef public void native_utf16_compare_latin1(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, 0, 0, 0) and fits(t, args[1].a, 0, 0, 0):
        result.i = -compare_mixed(array_data(args[1].a), array_length(args[1].a), chars_of(args[0].a), array_length(args[0].a) >> 1)


cdef i32 compare_mixed(const u8* a, i32 a_count, const u16* b, i32 b_count) noexcept nogil:
    cdef i32 count = a_count if a_count < b_count else b_count
    cdef i32 i
    for i in range(count):
        if a[i] != b[i]:
            return <i32>a[i] - b[i]
    return a_count - b_count


cdef public void native_utf16_compare(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u16* a
    cdef const u16* b
    cdef i32 a_count
    cdef i32 b_count
    cdef i32 i
    if not fits(t, args[0].a, 0, 0, 0) or not fits(t, args[1].a, 0, 0, 0):
        return
    a = chars_of(args[0].a)
    b = chars_of(args[1].a)
    a_count = array_length(args[0].a) >> 1
    b_count = array_length(args[1].a) >> 1
    for i in range(a_count if a_count < b_count else b_count):
        if a[i] != b[i]:
            result.i = <i32>a[i] - b[i]
            return
    result.i = a_count - b_count


# --- searching ----------------------------------------------------------------------------------------

# indexOfChar(byte[] value, int ch, int from, int max)
cdef public void native_latin1_index_of_char(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u8* p
    cdef u8 wanted = <u8>args[1].i
    cdef i32 i
    if not fits(t, args[0].a, args[2].i, <i64>args[3].i - args[2].i, 0):
        return
    p = array_data(args[0].a)
    for i in range(args[2].i, args[3].i):
        if p[i] == wanted:
            result.i = i
            return
    result.i = -1


cdef public void native_utf16_index_of_char(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u16* p
    cdef i32 wanted = args[1].i
    cdef i32 i
    if not fits(t, args[0].a, args[2].i, <i64>args[3].i - args[2].i, 1):
        return
    p = chars_of(args[0].a)
    for i in range(args[2].i, args[3].i):
        if p[i] == wanted:
            result.i = i
            return
    result.i = -1


cdef i32 find_latin1(const u8* value, i32 count, const u8* wanted, i32 length, i32 start) noexcept nogil:
    cdef i32 i
    for i in range(start, count - length + 1):
        if value[i] == wanted[0] and memcmp(value + i, wanted, <u64>length) == 0:
            return i
    return -1


cdef public void native_latin1_index_of(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if not fits(t, args[0].a, 0, 0, 0) or not fits(t, args[1].a, 0, 0, 0):
        return
    if array_length(args[1].a) == 0:
        result.i = 0
    else:
        result.i = find_latin1(array_data(args[0].a), array_length(args[0].a), array_data(args[1].a), array_length(args[1].a), 0)


# indexOf(byte[] value, int valueCount, byte[] str, int strCount, int from)
cdef public void native_latin1_index_of_range(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if not fits(t, args[2].a, 0, args[3].i if args[3].i > 0 else 1, 0) or not fits(t, args[0].a, args[4].i, <i64>args[1].i - args[4].i, 0):
        return
    result.i = find_latin1(array_data(args[0].a), args[1].i, array_data(args[2].a), args[3].i, args[4].i)


# lastIndexOf(byte[] value, int ch, int from)
cdef public void native_latin1_last_index_of(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u8* p
    cdef i32 i = args[2].i
    result.i = -1
    if not fits(t, args[0].a, 0, 0, 0) or <u32>args[1].i > 0xFF:
        return
    p = array_data(args[0].a)
    if i > array_length(args[0].a) - 1:
        i = array_length(args[0].a) - 1
    while i >= 0:
        if p[i] == args[1].i:
            result.i = i
            return
        i -= 1


cdef public void native_utf16_index_of(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u16* value
    cdef const u16* wanted
    cdef i32 length
    cdef i32 i
    if not fits(t, args[0].a, 0, 0, 0) or not fits(t, args[1].a, 0, 0, 0):
        return
    value = chars_of(args[0].a)
    wanted = chars_of(args[1].a)
    length = array_length(args[1].a) >> 1
    result.i = 0
    if array_length(args[1].a) == 0:
        return
    for i in range((array_length(args[0].a) >> 1) - length + 1):
        if value[i] == wanted[0] and memcmp(value + i, wanted, <u64>length << 1) == 0:
            result.i = i
            return
    result.i = -1


cdef public void native_utf16_index_of_latin1(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u16* value
    cdef const u8* wanted
    cdef i32 length
    cdef i32 i
    cdef i32 k
    if not fits(t, args[0].a, 0, 0, 0) or not fits(t, args[1].a, 0, 0, 0):
        return
    value = chars_of(args[0].a)
    wanted = array_data(args[1].a)
    length = array_length(args[1].a)
    result.i = 0
    if length == 0:
        return
    for i in range((array_length(args[0].a) >> 1) - length + 1):
        k = 0
        while k < length and value[i + k] == wanted[k]:
            k += 1
        if k == length:
            result.i = i
            return
    result.i = -1


# --- converting ---------------------------------------------------------------------------------------

# StringLatin1.inflate(byte[] source, int from, char[] target, int to, int count), and the same for a
# byte[] of UTF-16.
cdef public void native_latin1_inflate_chars(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    inflate(t, args, 0)


cdef public void native_latin1_inflate_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    inflate(t, args, 1)


cdef void inflate(JavaThread* t, Slot* args, int shift) noexcept nogil:
    cdef const u8* source
    cdef u16* target
    cdef i32 i
    if not fits(t, args[2].a, args[3].i, args[4].i, shift) or not fits(t, args[0].a, args[1].i, args[4].i, 0):
        return
    source = array_data(args[0].a) + args[1].i
    target = chars_of(args[2].a) + args[3].i
    for i in range(args[4].i):
        target[i] = source[i]


# compress(char[] or byte[] source, int from, byte[] target, int to, int count): the number of chars
# before the first that is not Latin-1.
cdef void compress(JavaThread* t, Slot* args, Slot* result, int shift) noexcept nogil:
    cdef const u16* source
    cdef u8* target
    cdef i32 i
    if not fits(t, args[0].a, args[1].i, args[4].i, shift) or not fits(t, args[2].a, args[3].i, args[4].i, 0):
        return
    source = chars_of(args[0].a) + args[1].i
    target = array_data(args[2].a) + args[3].i
    for i in range(args[4].i):
        if source[i] > 0xFF:
            result.i = i
            return
        target[i] = <u8>source[i]
    result.i = args[4].i


cdef public void native_utf16_compress_chars(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    compress(t, args, result, 0)


# Also StringCoding.implEncodeISOArray, which does the same.
cdef public void native_utf16_compress_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    compress(t, args, result, 1)


# implEncodeAsciiArray(char[] source, int from, byte[] target, int to, int count)
cdef public void native_coding_encode_ascii(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u16* source
    cdef u8* target
    cdef i32 i
    if not fits(t, args[0].a, args[1].i, args[4].i, 0) or not fits(t, args[2].a, args[3].i, args[4].i, 0):
        return
    source = chars_of(args[0].a) + args[1].i
    target = array_data(args[2].a) + args[3].i
    for i in range(args[4].i):
        if source[i] >= 0x80:
            result.i = i
            return
        target[i] = <u8>source[i]
    result.i = args[4].i


# StringUTF16.getChars(byte[] value, int from, int end, char[] target, int to)
cdef public void native_utf16_get_chars(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 count = <i64>args[2].i - args[1].i
    cdef i64 i
    cdef u16* source
    cdef u16* target
    if not fits(t, args[0].a, args[1].i, count, 1) or not fits(t, args[3].a, args[4].i, count, 0):
        return
    source = chars_of(args[0].a) + args[1].i
    target = chars_of(args[3].a) + args[4].i
    for i in range(count):
        target[i] = source[i]


# --- java.lang.StringCoding ---------------------------------------------------------------------------

cdef i32 count_while(const u8* p, i32 count, int zero_ends) noexcept nogil:
    cdef i32 i = 0
    cdef u64 word
    # Eight bytes at once while none has its sign bit (or, for zero_ends, is 0).
    while i + 8 <= count:
        word = (<const u64*>(p + i))[0]
        if word & <u64>0x8080808080808080 or (zero_ends and (word - <u64>0x0101010101010101) & ~word & <u64>0x8080808080808080):
            break
        i += 8
    while i < count:
        if p[i] >= 0x80 or (zero_ends and p[i] == 0):
            break
        i += 1
    return i


# countPositives(byte[] bytes, int offset, int count)
cdef public void native_coding_count_positives(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, args[1].i, args[2].i, 0):
        result.i = args[2].i
        if args[2].i > 0:
            result.i = count_while(array_data(args[0].a) + args[1].i, args[2].i, 0)


cdef public void native_coding_has_negatives(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, args[1].i, args[2].i, 0):
        result.i = args[2].i > 0 and count_while(array_data(args[0].a) + args[1].i, args[2].i, 0) != args[2].i


cdef public void native_coding_count_non_zero_ascii(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[0].a, args[1].i, args[2].i, 0):
        result.i = args[2].i
        if args[2].i > 0:
            result.i = count_while(array_data(args[0].a) + args[1].i, args[2].i, 1)


# --- jdk.internal.util.ArraysSupport.vectorizedHashCode -----------------------------------------------

# vectorizedHashCode(Object array, int from, int count, int initial, int basicType): the types are the
# numbers of newarray; 4 (boolean) means unsigned bytes, 5 with a byte[] means its UTF-16 chars.
cdef public void native_arrays_hash_code(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* array = args[0].a
    cdef i32 start = args[1].i
    cdef i32 count = args[2].i
    cdef u32 r = <u32>args[3].i
    cdef int type = args[4].i
    cdef int shift
    cdef i32 i
    if array == NULL:
        throw_null_pointer(t)
        return
    shift = 1 if type == 5 and class_of(array).shape.log_element == 0 else 0
    if not fits(t, array, start, count, shift):
        return
    if type == 4:
        r = <u32>hash_latin1(array_data(array) + start, count, <i32>r)
    elif type == 5:
        r = <u32>hash_utf16(chars_of(array) + start, count, <i32>r)
    elif type == 8:
        for i in range(start, start + count):
            r = r * 31 + <u32>(<i8*>array_data(array))[i]
    elif type == 9:
        for i in range(start, start + count):
            r = r * 31 + <u32>(<short*>array_data(array))[i]
    elif type == 10:
        for i in range(start, start + count):
            r = r * 31 + (<u32*>array_data(array))[i]
    result.i = <i32>r


# --- making strings -----------------------------------------------------------------------------------

# newString(byte[] value, int index, int length)
cdef public void native_latin1_new_string(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* value = args[0].a
    cdef i32 index = args[1].i
    cdef i32 count = args[2].i
    cdef Object* made
    result.raw = NATIVE_DECLINED
    if value == NULL or index < 0 or count <= 0 or <i64>index + count > array_length(value):
        return
    made = string_allocate(t, <u32>count, LATIN1)
    if made == NULL:
        t.exception = NULL               # the body finds that there is no memory
        return
    memcpy(array_data(value_of(made)), array_data(value) + index, <u64>count)
    result.a = made


cdef u32 builder_value
cdef u32 builder_coder
cdef u32 builder_count

cdef inline Object* builder_buffer(Object* builder) noexcept nogil:
    return ref_load(builder, known_field(&builder_value, b"java/lang/AbstractStringBuilder", b"value", b"[B"))

cdef inline int builder_coder_of(Object* builder) noexcept nogil:
    return field_byte(builder, known_field(&builder_coder, b"java/lang/AbstractStringBuilder", b"coder", b"B"))

cdef inline u32 builder_length(Object* builder) noexcept nogil:
    return <u32>field_int(builder, known_field(&builder_count, b"java/lang/AbstractStringBuilder", b"count", b"I"))


cdef public void native_builder_append_char(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* builder = args[0].a
    cdef Object* buffer = builder_buffer(builder)
    cdef u32 count = builder_length(builder)
    cdef u16 c = <u16>args[1].i
    result.raw = NATIVE_DECLINED
    if buffer == NULL:
        return
    if builder_coder_of(builder) == LATIN1:
        if c > 0xFF or count >= <u32>array_length(buffer):
            return
        array_data(buffer)[count] = <u8>c
    else:
        if count >= <u32>array_length(buffer) >> 1:
            return
        chars_of(buffer)[count] = c
    field_set_int(builder, builder_count, <i32>(count + 1))
    result.a = builder


cdef public void native_builder_append_string(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* builder = args[0].a
    cdef Object* buffer = builder_buffer(builder)
    cdef Object* value
    cdef u64 count = builder_length(builder)
    cdef int coder = builder_coder_of(builder)
    cdef u64 size
    result.raw = NATIVE_DECLINED
    if buffer == NULL or args[1].a == NULL or coder_of(args[1].a) != coder:
        return
    value = value_of(args[1].a)
    if value == NULL:
        return
    size = <u64>array_length(value)
    if (count << coder) + size > <u64>array_length(buffer):
        return
    memcpy(array_data(buffer) + (count << coder), array_data(value), size)
    field_set_int(builder, builder_count, <i32>(count + (size >> coder)))
    result.a = builder
