# java.util.zip.Inflater.
#
# A long result packs what happened: bits 0-30 bytes consumed, 31-61 bytes produced, 62 finished, 63
# a dictionary is needed (Inflater.java).  Bad data is a DataFormatException, after inputConsumed and
# outputConsumed have been set.
from kernel.types cimport u8, u32, u64, i32
from jvm.heap.object cimport Object, array_data
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.support cimport field_set_int, known_field, throw_text
from jvm.natives.zip.inflate cimport (INFLATE_BAD, INFLATE_DICTIONARY, INFLATE_END, INFLATE_OK, INFLATE_STUCK, Inflate, inflate_free,
                                      inflate_new, inflate_reset, inflate_run, inflate_set_dictionary)
from jvm.runtime.exceptions cimport throw_named, throw_out_of_memory

cdef u32 input_consumed
cdef u32 output_consumed


cdef void run(JavaThread* t, Object* inflater, Inflate* z, const u8* data, i32 size, u8* into, i32 room, Slot* result) noexcept nogil:
    cdef u64 consumed = 0
    cdef u64 produced = 0
    cdef int done = inflate_run(z, data, <u64>size, &consumed, into, <u64>room, &produced)
    result.raw = 0
    if done == INFLATE_BAD:
        field_set_int(inflater, known_field(&input_consumed, b"java/util/zip/Inflater", b"inputConsumed", b"I"), <i32>consumed)
        field_set_int(inflater, known_field(&output_consumed, b"java/util/zip/Inflater", b"outputConsumed", b"I"), <i32>produced)
        throw_named(t, b"java/util/zip/DataFormatException", z.message)
        return
    result.raw = consumed | produced << 31
    if done == INFLATE_END:
        result.raw |= (<u64>1) << 62
    elif done == INFLATE_DICTIONARY:
        result.raw |= (<u64>1) << 63


cdef public void native_inflater_init(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = <u64>inflate_new(args[0].i)
    if result.raw == 0:
        throw_out_of_memory(t, b"inflater")


cdef public void native_inflater_end(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    inflate_free(<Inflate*>args[0].raw)


cdef public void native_inflater_reset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    inflate_reset(<Inflate*>args[0].raw)


cdef public void native_inflater_get_adler(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>(<Inflate*>args[0].raw).adler


# args: this, address (2), then the input as array, offset, length or address (2), length, then the
# output the same way.
cdef public void native_inflater_bytes_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, args[0].a, <Inflate*>args[1].raw, array_data(args[3].a) + args[4].i, args[5].i, array_data(args[6].a) + args[7].i, args[8].i,
        result)


cdef public void native_inflater_bytes_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, args[0].a, <Inflate*>args[1].raw, array_data(args[3].a) + args[4].i, args[5].i, <u8*>args[6].raw, args[8].i, result)


cdef public void native_inflater_buffer_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, args[0].a, <Inflate*>args[1].raw, <const u8*>args[3].raw, args[5].i, array_data(args[6].a) + args[7].i, args[8].i, result)


cdef public void native_inflater_buffer_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    run(t, args[0].a, <Inflate*>args[1].raw, <const u8*>args[3].raw, args[5].i, <u8*>args[6].raw, args[8].i, result)


cdef void set_dictionary(JavaThread* t, Inflate* z, const u8* data, i32 size) noexcept nogil:
    if inflate_set_dictionary(z, data, <u64>size) != 0:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)


cdef public void native_inflater_set_dictionary(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_dictionary(t, <Inflate*>args[0].raw, array_data(args[2].a) + args[3].i, args[4].i)


cdef public void native_inflater_set_dictionary_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_dictionary(t, <Inflate*>args[0].raw, <const u8*>args[2].raw, args[4].i)
