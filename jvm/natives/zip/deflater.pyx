# java.util.zip.Deflater.
#
# A long result packs what happened: bits 0-30 bytes consumed, 31-61 bytes produced, 62 finished, 63
# the parameters have still to be set (Deflater.java).
from kernel.types cimport u8, u32, u64, i32
from jvm.heap.object cimport array_data
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.support cimport throw_text
from jvm.natives.zip.deflate cimport (DEFLATE_END, DEFLATE_ERROR, DEFLATE_OK, DEFLATE_STUCK, Deflate, deflate_free, deflate_new, deflate_params,
                                      deflate_reset, deflate_run, deflate_set_dictionary)
from jvm.runtime.exceptions cimport throw_named, throw_out_of_memory


# `params`: bit 0 set them, bits 1-2 the strategy, bits 3-31 the level.
cdef void run(JavaThread* t, Deflate* z, const u8* data, i32 size, u8* into, i32 room, i32 flush, i32 params, Slot* result) noexcept nogil:
    cdef u64 consumed = 0
    cdef u64 produced = 0
    cdef int done
    if params & 1:
        done = deflate_params(z, data, <u64>size, &consumed, into, <u64>room, &produced, params >> 3, params >> 1 & 3)
        if done == DEFLATE_ERROR:
            throw_named(t, b"java/lang/InternalError", b"deflate parameters")
            return
        result.raw = consumed | produced << 31
        if done != DEFLATE_OK:
            result.raw |= (<u64>1) << 63
        return
    done = deflate_run(z, data, <u64>size, &consumed, into, <u64>room, &produced, flush)
    result.raw = consumed | produced << 31
    if done == DEFLATE_END:
        result.raw |= (<u64>1) << 62


# init(int level, int strategy, boolean nowrap)
cdef public void native_deflater_init(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = <u64>deflate_new(args[0].i, args[1].i, args[2].i)
    if result.raw == 0:
        throw_out_of_memory(t, b"deflater")


cdef public void native_deflater_end(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    deflate_free(<Deflate*>args[0].raw)


cdef public void native_deflater_reset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    deflate_reset(<Deflate*>args[0].raw)


cdef public void native_deflater_get_adler(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>(<Deflate*>args[0].raw).adler


# args: this, address (2), the input as array, offset, length or address (2), length, the output the same
# way, flush, params.
cdef public void native_deflater_bytes_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, <Deflate*>args[1].raw, array_data(args[3].a) + args[4].i, args[5].i, array_data(args[6].a) + args[7].i, args[8].i, args[9].i,
        args[10].i, result)


cdef public void native_deflater_bytes_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, <Deflate*>args[1].raw, array_data(args[3].a) + args[4].i, args[5].i, <u8*>args[6].raw, args[8].i, args[9].i, args[10].i, result)


cdef public void native_deflater_buffer_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, <Deflate*>args[1].raw, <const u8*>args[3].raw, args[5].i, array_data(args[6].a) + args[7].i, args[8].i, args[9].i, args[10].i,
        result)


cdef public void native_deflater_buffer_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, <Deflate*>args[1].raw, <const u8*>args[3].raw, args[5].i, <u8*>args[6].raw, args[8].i, args[9].i, args[10].i, result)


cdef void set_dictionary(JavaThread* t, Deflate* z, const u8* data, i32 size) noexcept nogil:
    if deflate_set_dictionary(z, data, <u64>size) != DEFLATE_OK:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)


cdef public void native_deflater_set_dictionary(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_dictionary(t, <Deflate*>args[0].raw, array_data(args[2].a) + args[3].i, args[4].i)


cdef public void native_deflater_set_dictionary_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_dictionary(t, <Deflate*>args[0].raw, <const u8*>args[2].raw, args[4].i)
