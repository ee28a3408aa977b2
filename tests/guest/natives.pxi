# Natives that need no machine: compression and checksums on Python bytes.
from libc.stdlib cimport calloc as _n_calloc, free as _n_free
from kernel.types cimport u8 as _n_u8, u32 as _n_u32, u64 as _n_u64
from jvm.natives.zip.checksums cimport adler32 as _n_adler32, crc32 as _n_crc32
from jvm.natives.zip.inflate cimport Inflate as _n_Inflate, inflate_reset as _n_inflate_reset, inflate_run as _n_inflate_run, inflate_set_dictionary as _n_inflate_set_dictionary


def natives_adler32(value: int, data: bytes) -> int:
    return _n_adler32(<_n_u32>value, <const _n_u8*><const char*>data, len(data))


def natives_crc32(value: int, data: bytes) -> int:
    return _n_crc32(<_n_u32>value, <const _n_u8*><const char*>data, len(data))


cdef class InflateStream:
    """One stream: feed() takes input and room, gives (result, consumed, output)."""
    cdef _n_Inflate* z

    def __cinit__(self, raw: bool = False):
        self.z = <_n_Inflate*>_n_calloc(1, sizeof(_n_Inflate))
        self.z.raw = raw
        _n_inflate_reset(self.z)

    def __dealloc__(self):
        _n_free(self.z)

    def reset(self) -> None:
        _n_inflate_reset(self.z)

    def feed(self, data: bytes, room: int) -> tuple:
        cdef _n_u64 consumed = 0
        cdef _n_u64 produced = 0
        cdef bytearray out = bytearray(room + 16)
        cdef _n_u8* into = <_n_u8*><char*>out
        into[room] = 0xA5
        result = _n_inflate_run(self.z, <const _n_u8*><const char*>data, len(data), &consumed, into, room, &produced)
        assert into[room] == 0xA5, "written beyond the room"
        return result, consumed, bytes(out[:produced])

    def set_dictionary(self, data: bytes) -> int:
        return _n_inflate_set_dictionary(self.z, <const _n_u8*><const char*>data, len(data))

    @property
    def adler(self) -> int:
        return self.z.adler

    @property
    def message(self) -> str:
        return "" if self.z.message == NULL else self.z.message.decode()


from jvm.natives.fma cimport fma_double as _n_fma_double, fma_float as _n_fma_float


def natives_fma(a: float, b: float, c: float) -> float:
    return _n_fma_double(a, b, c)


def natives_fma_float(a: float, b: float, c: float) -> float:
    return _n_fma_float(a, b, c)


from jvm.natives.zip.deflate cimport Deflate as _n_Deflate, deflate_init as _n_deflate_init, deflate_params as _n_deflate_params, deflate_reset as _n_deflate_reset, deflate_run as _n_deflate_run, deflate_set_dictionary as _n_deflate_set_dictionary


cdef class DeflateStream:
    """One stream: feed() takes input, room and flush, gives (result, consumed, output)."""
    cdef _n_Deflate* z

    def __cinit__(self, level: int = 6, strategy: int = 0, raw: bool = False):
        self.z = <_n_Deflate*>_n_calloc(1, sizeof(_n_Deflate))
        _n_deflate_init(self.z, level, strategy, raw)

    def __dealloc__(self):
        _n_free(self.z)

    def reset(self) -> None:
        _n_deflate_reset(self.z)

    def feed(self, data: bytes, room: int, flush: int) -> tuple:
        cdef _n_u64 consumed = 0
        cdef _n_u64 produced = 0
        cdef bytearray out = bytearray(room + 16)
        cdef _n_u8* into = <_n_u8*><char*>out
        into[room] = 0xA5
        result = _n_deflate_run(self.z, <const _n_u8*><const char*>data, len(data), &consumed, into, room, &produced, flush)
        assert into[room] == 0xA5, "written beyond the room"
        return result, consumed, bytes(out[:produced])

    def params(self, data: bytes, room: int, level: int, strategy: int) -> tuple:
        cdef _n_u64 consumed = 0
        cdef _n_u64 produced = 0
        cdef bytearray out = bytearray(room + 16)
        result = _n_deflate_params(self.z, <const _n_u8*><const char*>data, len(data), &consumed, <_n_u8*><char*>out, room, &produced,
                                   level, strategy)
        return result, consumed, bytes(out[:produced])

    def set_dictionary(self, data: bytes) -> int:
        return _n_deflate_set_dictionary(self.z, <const _n_u8*><const char*>data, len(data))

    @property
    def adler(self) -> int:
        return self.z.adler


# Intrinsics on raw array objects in a mapping of their own in the window: no heap, no classes but shapes.
from libc.string cimport memcpy as _n_memcpy, memset as _n_memset
from jvm.loader.classes cimport Class as _n_Class, JavaThread as _n_JavaThread, Slot as _n_Slot

ctypedef void (*_n_Native)(_n_JavaThread* t, _n_Slot* args, _n_Slot* result) noexcept nogil

cdef extern from * nogil:
    """
    #define N_NATIVES(F) F(latin1_equals) F(latin1_hash_code) F(utf16_hash_code) F(latin1_compare) F(latin1_compare_utf16) \\
        F(utf16_compare) F(utf16_compare_latin1) F(latin1_index_of_char) F(utf16_index_of_char) F(latin1_index_of) \\
        F(latin1_index_of_range) F(latin1_last_index_of) F(utf16_index_of) F(utf16_index_of_latin1) F(latin1_inflate_chars) \\
        F(latin1_inflate_bytes) F(utf16_compress_chars) F(utf16_compress_bytes) F(coding_encode_ascii) F(utf16_get_chars) \\
        F(coding_count_positives) F(coding_has_negatives) F(coding_count_non_zero_ascii) F(arrays_hash_code) F(arrays_mismatch) \\
        F(arrays_mismatch_range) F(arrays_vectorized_mismatch) F(arrays_fill_8) F(arrays_fill_16) F(arrays_fill_32) F(arrays_fill_64) \\
        F(big_mul_add) F(big_multiply) F(big_square) F(big_shift_left) F(big_shift_right) \\
        F(big_montgomery_multiply) F(big_montgomery_square) F(math_sqrt) F(math_floor) F(math_ceil) F(math_rint) \\
        F(math_multiply_high) F(math_multiply_high_unsigned) F(int_bit_count) F(long_bit_count) F(int_leading_zeros) \\
        F(long_leading_zeros) F(int_trailing_zeros) F(long_trailing_zeros) F(int_reverse_bytes) F(long_reverse_bytes) \\
        F(system_arraycopy) F(unsafe_copy_swap_memory) F(unsafe_get_64_order) F(unsafe_cas_32) F(unsafe_cas_64) F(unsafe_get_and_add_64)
    #define N_DECLARE(f) __attribute__((visibility("hidden"))) extern void native_##f(void *, void *, void *);
    N_NATIVES(N_DECLARE)
    #define N_ROW(f) {#f, native_##f},
    static const struct { const char *name; void (*code)(void *, void *, void *); } n_natives[] = { N_NATIVES(N_ROW) {0, 0} };
    #define n_native_name(i) n_natives[i].name
    #define n_native_code(i) ((void *)n_natives[i].code)
    #include <sys/mman.h>
    static void *n_map(unsigned long at, unsigned long size) {
        void *p = mmap((void *)at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        return p == MAP_FAILED ? 0 : p;
    }
    """
    const char* n_native_name(int i)
    void* n_native_code(int i)
    void* n_map(_n_u64 at, _n_u64 size)

cdef enum:
    _N_AREA = 1 << 24

cdef _n_u64 _n_area = ((<_n_u64>1) << 44) + ((<_n_u64>3) << 33)
cdef _n_u64 _n_next = 0


def natives_arrays_start() -> None:
    """Forget all raw arrays; classes of primitive arrays by log2 of the element size come first."""
    global _n_next
    cdef _n_Class* classes = <_n_Class*>_n_area
    cdef int i
    if _n_next == 0 and n_map(_n_area, _N_AREA) == NULL:
        raise MemoryError("the window is taken")
    for i in range(4):
        classes[i].shape.kind = 5        # SHAPE_PRIMITIVE_ARRAY
        classes[i].shape.log_element = i
        classes[i].dimensions = 1
    _n_next = _n_area + 4096


def natives_array(log2: int, data: bytes) -> int:
    """The address of a raw array with these element bytes."""
    global _n_next
    cdef _n_u64 at = _n_next
    cdef _n_u64 base = 16 if log2 == 3 else 12
    assert at + len(data) + 64 < _n_area + _N_AREA
    (<_n_u32*>at)[0] = <_n_u32>((_n_area + <_n_u64>log2 * sizeof(_n_Class)) >> 3)
    (<_n_u32*>at)[2] = <_n_u32>(len(data) >> log2)
    _n_memcpy(<void*>(at + base), <const char*>data, len(data))
    _n_memset(<void*>(at + base + len(data)), 0xA5, 16)
    _n_next = (at + base + len(data) + 16 + 7) & ~<_n_u64>7
    return at


def natives_array_bytes(at: int) -> bytes:
    cdef _n_u64 address = at
    cdef _n_Class* klass = <_n_Class*>(((<_n_u64>1) << 44) + (<_n_u64>(<_n_u32*>address)[0] << 3))
    cdef _n_u64 base = 16 if klass.shape.log_element == 3 else 12
    cdef _n_u64 size = <_n_u64>(<_n_u32*>address)[2] << klass.shape.log_element
    assert (<_n_u8*>(address + base + size))[0] == 0xA5, "written beyond the array"
    return (<char*>(address + base))[:size]


def natives_call(name: str, arguments: list) -> int:
    """Run a native: arguments are slot values (0 after each long or double); the result's 64 bits."""
    cdef _n_Slot slots[16]
    cdef _n_Slot result
    cdef int i = 0
    wanted = name.encode()
    for i, value in enumerate(arguments):
        slots[i].raw = value & 0xFFFFFFFFFFFFFFFF
    result.raw = 0
    i = 0
    while n_native_name(i) != NULL:
        if n_native_name(i) == wanted:
            (<_n_Native>n_native_code(i))(NULL, slots, &result)
            return result.raw
        i += 1
    raise KeyError(name)


from jvm.loader.classes cimport JavaThread as _n_JavaThread, Slot as _n_Slot

ctypedef void (*_n_native)(_n_JavaThread*, _n_Slot*, _n_Slot*) noexcept nogil

cdef extern from *:
    """
    #define MATH_NATIVE(name) extern __attribute__((visibility("hidden"))) void native_math_##name(void *, void *, void *);
    MATH_NATIVE(sin) MATH_NATIVE(cos) MATH_NATIVE(tan) MATH_NATIVE(exp) MATH_NATIVE(log) MATH_NATIVE(log10)
    MATH_NATIVE(pow) MATH_NATIVE(tanh) MATH_NATIVE(cbrt)
    static const struct { const char *name; void *function; } test_math_natives[] = {
        {"sin", native_math_sin}, {"cos", native_math_cos}, {"tan", native_math_tan}, {"exp", native_math_exp},
        {"log", native_math_log}, {"log10", native_math_log10}, {"pow", native_math_pow}, {"tanh", native_math_tanh},
        {"cbrt", native_math_cbrt}, {0, 0} };
    """
    ctypedef struct _n_MathNative:
        const char* name
        void* function
    _n_MathNative* test_math_natives


def natives_math(name: str, x: float, y: float = 0.0) -> float:
    cdef _n_Slot args[4]
    cdef _n_Slot result
    cdef int i = 0
    args[0].d = x
    args[2].d = y
    while test_math_natives[i].name != NULL and test_math_natives[i].name != name.encode():
        i += 1
    (<_n_native>test_math_natives[i].function)(NULL, args, &result)
    return result.d
