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
