# Native code in place of Java bodies: ArraysSupport.mismatch, Arrays.fill, ArrayList.get,
# Arrays.copyOf and copyOfRange of bytes and chars.
#
# Each gives exactly what the Java body gives; ranges are checked as in intrinsics_string.pyx.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.memory.string cimport memcpy
from jvm.heap.object cimport Object, array_data, array_data_wide, array_length, array_refs, array_get, ref_encode, ref_load
from jvm.loader.classes cimport Class, JavaThread, NATIVE_DECLINED, Slot, TYPE_BYTE, TYPE_CHAR, TYPE_INT, class_of
from jvm.loader.loader cimport class_is_subtype
from jvm.natives.support cimport array_new_primitive, field_int, known_field
from jvm.runtime.exceptions cimport throw_index, throw_named, throw_null_pointer


cdef inline int fits(JavaThread* t, Object* array, i64 offset, i64 count) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return 0
    if count > 0 and (offset < 0 or offset + count > array_length(array)):
        throw_index(t, <i32>(offset + count - 1 if offset >= 0 else offset), array_length(array))
        return 0
    return 1


# --- indices: an index that is none is left to the Java body ---------------------------------------------

cdef u32 list_size
cdef u32 list_elements

cdef public void native_array_list_get(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* list = args[0].a
    cdef Object* elements = ref_load(list, known_field(&list_elements, b"java/util/ArrayList", b"elementData", b"[Ljava/lang/Object;"))
    cdef i32 index = args[1].i
    if <u32>index < <u32>field_int(list, known_field(&list_size, b"java/util/ArrayList", b"size", b"I")) \
            and elements != NULL and index < array_length(elements):
        result.a = array_get(elements, index)
    else:
        result.raw = NATIVE_DECLINED


cdef public void native_objects_check_index(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].i >= 0 and args[0].i < args[1].i:
        result.i = args[0].i
    else:
        result.raw = NATIVE_DECLINED


# --- mismatch -----------------------------------------------------------------------------------------

# Bytes that are equal at the start of both areas, at most `size`.
cdef u64 equal_bytes(const u8* a, const u8* b, u64 size) noexcept nogil:
    cdef u64 i = 0
    while i + 8 <= size and (<const u64*>(a + i))[0] == (<const u64*>(b + i))[0]:
        i += 8
    while i < size and a[i] == b[i]:
        i += 1
    return i


cdef void mismatch(JavaThread* t, Object* a, i32 a_start, Object* b, i32 b_start, i32 count, Slot* result, u32 shift) noexcept nogil:
    cdef const u8* p
    cdef const u8* q
    cdef u64 size
    cdef u64 same
    result.i = -1
    if not fits(t, a, a_start, count) or not fits(t, b, b_start, count) or count <= 0:
        return
    p = (array_data_wide(a) if shift == 3 else array_data(a)) + (<u64>a_start << shift)
    q = (array_data_wide(b) if shift == 3 else array_data(b)) + (<u64>b_start << shift)
    size = <u64>count << shift
    same = equal_bytes(p, q, size)
    if same != size:
        result.i = <i32>(same >> shift)


# mismatch(T[] a, T[] b, int count); the element size is the arrays'.
cdef public void native_arrays_mismatch(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)
        return
    mismatch(t, args[0].a, 0, args[1].a, 0, args[2].i, result, class_of(args[0].a).shape.log_element)


# mismatch(T[] a, int from, T[] b, int from, int count)
cdef public void native_arrays_mismatch_range(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[2].a == NULL:
        throw_null_pointer(t)
        return
    mismatch(t, args[0].a, args[1].i, args[2].a, args[3].i, args[4].i, result, class_of(args[0].a).shape.log_element)


# vectorizedMismatch(Object a, long offset, Object b, long offset, int count, int log2): Unsafe addresses;
# the index of the first different element, or ~ of the number that is left to the caller: none.
cdef public void native_arrays_vectorized_mismatch(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64 size = <u64>args[6].i << args[7].i
    cdef u64 same = equal_bytes(<const u8*>(<u64>args[0].a + args[1].raw), <const u8*>(<u64>args[3].a + args[4].raw), size)
    result.i = -1 if same == size else <i32>(same >> args[7].i)


# --- java.util.Arrays.fill(T[] array, T value) --------------------------------------------------------

cdef public void native_arrays_fill_8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 i
    if fits(t, args[0].a, 0, 0):
        for i in range(array_length(args[0].a)):
            array_data(args[0].a)[i] = <u8>args[1].i


cdef public void native_arrays_fill_16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 i
    cdef u16* data
    if fits(t, args[0].a, 0, 0):
        data = <u16*>array_data(args[0].a)
        for i in range(array_length(args[0].a)):
            data[i] = <u16>args[1].i


cdef public void native_arrays_fill_32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 i
    cdef i32* data
    if fits(t, args[0].a, 0, 0):
        data = <i32*>array_data(args[0].a)
        for i in range(array_length(args[0].a)):
            data[i] = args[1].i


cdef public void native_arrays_fill_64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 i
    cdef i64* data
    if fits(t, args[0].a, 0, 0):
        data = <i64*>array_data_wide(args[0].a)
        for i in range(array_length(args[0].a)):
            data[i] = args[1].l


# --- copies: what does not fit is left to the Java body ------------------------------------------------

cdef void copy_range(JavaThread* t, Object* array, i64 first, i64 after, int type, int shift, Slot* result) noexcept nogil:
    cdef Object* made
    cdef i64 count = after - first
    result.raw = NATIVE_DECLINED
    if array == NULL or first < 0 or first > array_length(array) or count < 0:
        return
    made = array_new_primitive(t, type, <i32>count)
    if made == NULL:
        t.exception = NULL               # the body finds that there is no memory
        return
    if after > array_length(array):
        count = array_length(array) - first
    memcpy(array_data(made), array_data(array) + (first << shift), <u64>count << shift)
    result.a = made


cdef public void native_arrays_copy_8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    copy_range(t, args[0].a, 0, args[1].i, TYPE_BYTE, 0, result)


cdef public void native_arrays_copy_16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    copy_range(t, args[0].a, 0, args[1].i, TYPE_CHAR, 1, result)


cdef public void native_arrays_copy_range_8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    copy_range(t, args[0].a, args[1].i, args[2].i, TYPE_BYTE, 0, result)


cdef public void native_arrays_copy_range_16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    copy_range(t, args[0].a, args[1].i, args[2].i, TYPE_CHAR, 1, result)
