# jdk.internal.misc.Unsafe.
#
# An address is an object plus an offset, a mirror plus a static field's offset, or null plus a raw
# address; nothing is checked, as the class says.  x86-64 loads are acquire loads, so plain and volatile
# reads are the same code here; volatile writes are sequentially consistent (JLS §17.4).
from kernel.types cimport u8, u16, u32, u64, i8, i16, i32, i64
from kernel.memory.heap cimport kfree, kmalloc, krealloc
from kernel.memory.string cimport memset
from jvm.heap.object cimport Object, ref, ref_decode, ref_encode
from jvm.loader.classes cimport (Class, Field, JavaThread, NATIVE_DECLINED, Slot, Symbol, ACC_ABSTRACT, ACC_INTERFACE, ACC_STATIC, CLASS_INITIALIZED,
                                 TYPE_REFERENCE, class_of)
from jvm.heap.object cimport ARRAY_BASE, ARRAY_BASE_WIDE
from jvm.loader.loader cimport class_initialize, class_link, mirror_class
from jvm.natives.members cimport field_of
from jvm.natives.memory cimport (atomic_add_32, atomic_add_64, atomic_swap_32, atomic_swap_64, atomic_exchange_32, atomic_exchange_64, atomic_fence, atomic_store_8, atomic_store_16, atomic_store_32,
                                 atomic_store_64, elements_move)
from jvm.natives.support cimport object_new, throw_text
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_object
from jvm.runtime.strings cimport string_to_symbol
from jvm.runtime.threads cimport java_thread_of, java_thread_park, java_thread_unpark


# args: this, object, offset (two slots), value …
cdef inline void* address(Slot* args) noexcept nogil:
    return <void*>(<u64>args[1].a + args[2].raw)


# --- reading: get… and get…Volatile -------------------------------------------------------------------

cdef public void native_unsafe_get_boolean(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = (<u8*>address(args))[0] != 0


cdef public void native_unsafe_get_byte(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = (<i8*>address(args))[0]


cdef public void native_unsafe_get_short(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = (<i16*>address(args))[0]


cdef public void native_unsafe_get_char(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = (<u16*>address(args))[0]


cdef public void native_unsafe_get_32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = (<i32*>address(args))[0]


cdef public void native_unsafe_get_64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = (<i64*>address(args))[0]


cdef public void native_unsafe_get_reference(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = ref_decode((<ref*>address(args))[0])


cdef public void native_unsafe_get_uncompressed(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = (<Object**>args[1].raw)[0]


# --- writing ------------------------------------------------------------------------------------------

cdef public void native_unsafe_put_boolean(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<u8*>address(args))[0] = args[4].i & 1


cdef public void native_unsafe_put_8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<u8*>address(args))[0] = <u8>args[4].i


cdef public void native_unsafe_put_16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<u16*>address(args))[0] = <u16>args[4].i


cdef public void native_unsafe_put_32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<i32*>address(args))[0] = args[4].i


cdef public void native_unsafe_put_64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<i64*>address(args))[0] = args[4].l


cdef public void native_unsafe_put_reference(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<ref*>address(args))[0] = ref_encode(args[4].a)


cdef public void native_unsafe_put_boolean_volatile(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    atomic_store_8(<u8*>address(args), args[4].i & 1)


cdef public void native_unsafe_put_8_volatile(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    atomic_store_8(<u8*>address(args), <u8>args[4].i)


cdef public void native_unsafe_put_16_volatile(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    atomic_store_16(<u16*>address(args), <u16>args[4].i)


cdef public void native_unsafe_put_32_volatile(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    atomic_store_32(<u32*>address(args), <u32>args[4].i)


cdef public void native_unsafe_put_64_volatile(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    atomic_store_64(<u64*>address(args), args[4].raw)


cdef public void native_unsafe_put_reference_volatile(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    atomic_store_32(<u32*>address(args), ref_encode(args[4].a))


# --- unaligned, in either byte order (get…Unaligned, put…Unaligned) ------------------------------------
# args: this, object, offset (2), [value,] bigEndian

cdef extern from * nogil:
    u16 swap_16 "__builtin_bswap16"(u16 x) noexcept
    u32 swap_32 "__builtin_bswap32"(u32 x) noexcept
    u64 swap_64 "__builtin_bswap64"(u64 x) noexcept


cdef public void native_unsafe_get_short_order(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u16 x = (<u16*>address(args))[0]
    result.i = <i16>(swap_16(x) if args[4].i else x)


cdef public void native_unsafe_get_char_order(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u16 x = (<u16*>address(args))[0]
    result.i = swap_16(x) if args[4].i else x


cdef public void native_unsafe_get_32_order(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u32 x = (<u32*>address(args))[0]
    result.i = <i32>(swap_32(x) if args[4].i else x)


cdef public void native_unsafe_get_64_order(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64 x = (<u64*>address(args))[0]
    result.raw = swap_64(x) if args[4].i else x


cdef public void native_unsafe_put_16_order(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<u16*>address(args))[0] = swap_16(<u16>args[4].i) if args[5].i else <u16>args[4].i


cdef public void native_unsafe_put_32_order(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<u32*>address(args))[0] = swap_32(<u32>args[4].i) if args[5].i else <u32>args[4].i


cdef public void native_unsafe_put_64_order(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<u64*>address(args))[0] = swap_64(args[4].raw) if args[6].i else args[4].raw


# ConcurrentHashMap.tabAt(Node[] table, int index): U.getReferenceAcquire(table, …)
cdef public void native_table_at(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL:
        result.raw = NATIVE_DECLINED
    else:
        result.a = ref_decode((<ref*>(<u8*>args[0].a + ARRAY_BASE))[args[1].i])


# --- compare and set, compare and exchange, fences ----------------------------------------------------

cdef public void native_unsafe_cas_32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = atomic_exchange_32(<u32*>address(args), <u32>args[4].i, <u32>args[5].i) == <u32>args[4].i


cdef public void native_unsafe_cas_64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = atomic_exchange_64(<u64*>address(args), args[4].raw, args[6].raw) == args[4].raw


cdef public void native_unsafe_cas_reference(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef ref expected = ref_encode(args[4].a)
    result.i = atomic_exchange_32(<u32*>address(args), expected, ref_encode(args[5].a)) == expected


cdef public void native_unsafe_exchange_32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>atomic_exchange_32(<u32*>address(args), <u32>args[4].i, <u32>args[5].i)


cdef public void native_unsafe_exchange_64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = atomic_exchange_64(<u64*>address(args), args[4].raw, args[6].raw)


cdef public void native_unsafe_exchange_reference(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = ref_decode(atomic_exchange_32(<u32*>address(args), ref_encode(args[4].a), ref_encode(args[5].a)))


cdef public void native_unsafe_get_and_add_32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>atomic_add_32(<u32*>address(args), <u32>args[4].i)


cdef public void native_unsafe_get_and_add_64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = atomic_add_64(<u64*>address(args), args[4].raw)


cdef public void native_unsafe_get_and_set_32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>atomic_swap_32(<u32*>address(args), <u32>args[4].i)


cdef public void native_unsafe_get_and_set_64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = atomic_swap_64(<u64*>address(args), args[4].raw)


cdef public void native_unsafe_get_and_set_reference(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = ref_decode(atomic_swap_32(<u32*>address(args), ref_encode(args[4].a)))


cdef public void native_unsafe_full_fence(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    atomic_fence()


# --- raw memory ---------------------------------------------------------------------------------------

cdef public void native_unsafe_allocate_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = <u64>kmalloc(args[1].raw)          # 0: the caller throws OutOfMemoryError


cdef public void native_unsafe_reallocate_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = <u64>krealloc(<void*>args[1].raw, args[3].raw)


cdef public void native_unsafe_free_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    kfree(<void*>args[1].raw)


# setMemory0(Object o, long offset, long bytes, byte value)
cdef public void native_unsafe_set_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    memset(address(args), args[6].i & 0xFF, args[4].raw)


# copyMemory0(Object source, long offset, Object target, long offset, long bytes)
cdef public void native_unsafe_copy_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    elements_move(<void*>(<u64>args[4].a + args[5].raw), address(args), args[7].raw)


# copySwapMemory0(Object source, long offset, Object target, long offset, long bytes, long elementSize):
# each element's bytes in reverse order; the areas may overlap.
cdef public void native_unsafe_copy_swap_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u8* source = <u8*>address(args)
    cdef u8* target = <u8*>(<u64>args[4].a + args[5].raw)
    cdef u64 bytes = args[7].raw
    cdef u64 size = args[9].raw
    cdef u64 at
    cdef u64 i
    cdef u8 byte
    elements_move(target, source, bytes)
    at = 0
    while at < bytes:
        for i in range(size >> 1):
            byte = target[at + i]
            target[at + i] = target[at + size - 1 - i]
            target[at + size - 1 - i] = byte
        at += size


# --- layout -------------------------------------------------------------------------------------------

cdef public void native_unsafe_array_base_offset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    klass = mirror_class(args[1].a)
    if klass.dimensions == 0:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)
        return
    result.i = ARRAY_BASE_WIDE if klass.shape.log_element == 3 else ARRAY_BASE


cdef public void native_unsafe_array_index_scale(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    klass = mirror_class(args[1].a)
    if klass.dimensions == 0:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)
        return
    result.i = 1 << klass.shape.log_element


cdef public void native_unsafe_field_offset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    result.l = field_of(args[1].a).offset


cdef public void native_unsafe_static_field_base(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    result.a = field_of(args[1].a).holder.mirror


# objectFieldOffset1(Class c, String name): of a field that c itself declares.
cdef public void native_unsafe_named_field_offset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass
    cdef Symbol* name
    cdef int i
    if args[1].a == NULL or args[2].a == NULL:
        throw_null_pointer(t)
        return
    klass = mirror_class(args[1].a)
    name = string_to_symbol(args[2].a, 0)
    if class_link(t, klass) != 0:
        return
    for i in range(klass.field_count):
        if klass.fields[i].name == name:
            result.l = klass.fields[i].offset
            return
    throw_named(t, b"java/lang/InternalError", NULL)


# --- classes and instances ----------------------------------------------------------------------------

cdef public void native_unsafe_ensure_class_initialized(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    class_initialize(t, mirror_class(args[1].a))


# True also while the current thread is inside the class's <clinit>: accesses still need their barrier.
cdef public void native_unsafe_should_be_initialized(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    klass = mirror_class(args[1].a)
    result.i = klass.dimensions == 0 and klass.type == TYPE_REFERENCE and klass.state != CLASS_INITIALIZED


cdef public void native_unsafe_allocate_instance(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    klass = mirror_class(args[1].a)
    if klass.type != TYPE_REFERENCE or klass.dimensions != 0 or klass.access_flags & (ACC_ABSTRACT | ACC_INTERFACE):
        throw_named(t, b"java/lang/InstantiationException", NULL)
        return
    if class_initialize(t, klass) != 0:
        return
    result.a = object_new(t, klass)


cdef public void native_unsafe_throw_exception(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    throw_object(t, args[1].a)


# --- threads ------------------------------------------------------------------------------------------

cdef public void native_unsafe_park(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    java_thread_park(t, args[1].i, args[2].l)


cdef public void native_unsafe_unpark(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef JavaThread* target = java_thread_of(args[1].a) if args[1].a != NULL else NULL
    if target != NULL:
        java_thread_unpark(target)


cdef public void native_minus_one(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = -1
