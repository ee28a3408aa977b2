# The object model.  Every tier depends on it; nothing below may change without changing them all.
#
#   object  +0 u32 class   compressed pointer to its Class
#           +4 u32 lock    lock word (jvm/runtime/monitor.pxd)
#           +8 fields, packed by size; references are 4 bytes
#   array   +8 i32 length, elements from +12 (8-byte elements from +16)
#
# Invariant: objects are 8-byte aligned, never move, and lie in the window, so that a pointer is
# WINDOW + 8 × its 32-bit compressed form; null is 0 in both.  Class metadata lies in the window too
# and is compressed the same way.  There is no hash field: objects do not move, so the identity
# hash is a mix of the address.
# Interface: Java frames and C code hold full pointers (Object*); only the heap holds `ref`.
# Stacks are scanned conservatively: a pointer in a C local or a Java slot keeps its object alive.
from kernel.types cimport u8, u16, u32, u64, i8, i16, i32, i64
from kernel.boot.bootinfo cimport WINDOW_SHIFT

ctypedef u32 ref

cdef struct Object:
    u32 klass
    u32 lock

cdef struct Array:
    u32 klass
    u32 lock
    i32 length

cdef enum:
    OBJECT_HEADER = 8            # bytes before the first field
    ARRAY_LENGTH_OFFSET = 8
    ARRAY_BASE = 12              # of elements up to 4 bytes
    ARRAY_BASE_WIDE = 16         # of 8-byte elements
    OBJECT_ALIGNMENT = 8

# What the collector has to know of a class; the first member of Class (jvm/loader/classes.pxd), and
# all that the collector's mock client needs to provide.
cdef enum ShapeKind:
    SHAPE_INSTANCE = 1           # `references` list the reference fields
    SHAPE_REFERENCE = 2          # java.lang.ref.Reference subclass: `referent` is special
    SHAPE_MIRROR = 3             # java.lang.Class: instance fields, then the statics of the class it mirrors
    SHAPE_REF_ARRAY = 4
    SHAPE_PRIMITIVE_ARRAY = 5
    SHAPE_LOADER = 6             # java.lang.ClassLoader subclass: keeps the classes it defined alive

cdef enum:
    SHAPE_UNLOADABLE = 0x80      # added to the kind of a class that may go: an instance keeps it alive

cdef enum ReferenceStrength:
    STRENGTH_SOFT = 1
    STRENGTH_WEAK = 2
    STRENGTH_FINAL = 3
    STRENGTH_PHANTOM = 4

# `count` consecutive 4-byte references from byte `offset` of the object on.
cdef struct ReferenceRun:
    u32 offset
    u32 count

cdef struct Shape:
    u32 size                     # bytes of an instance, a multiple of 8 (arrays: 0)
    u8 kind                      # ShapeKind, with SHAPE_UNLOADABLE or without: see shape_kind
    u8 strength                  # ReferenceStrength of SHAPE_REFERENCE
    u8 log_element               # arrays: log2 of the element size
    u8 has_finalizer             # declares a non-trivial finalize()
    u32 run_count
    ReferenceRun* runs           # inherited ones included; not Reference.referent/.discovered

cdef inline u64 window_base() noexcept nogil:
    return (<u64>1) << WINDOW_SHIFT

cdef inline Object* ref_decode(ref r) noexcept nogil:
    return <Object*>(window_base() + (<u64>r << 3)) if r != 0 else NULL

cdef inline ref ref_encode(Object* o) noexcept nogil:
    # The shift drops the window's bit: (2^44 + p) >> 3 truncated to 32 bits is p >> 3; null stays 0.
    return <ref>(<u64>o >> 3)

cdef inline Object* ref_load(void* base, u64 offset) noexcept nogil:
    return ref_decode((<ref*>(<u8*>base + offset))[0])

cdef inline void ref_store(void* base, u64 offset, Object* value) noexcept nogil:
    (<ref*>(<u8*>base + offset))[0] = ref_encode(value)

cdef inline Shape* object_shape(Object* o) noexcept nogil:
    return <Shape*>(window_base() + (<u64>o.klass << 3))

cdef inline u32 shape_kind(Shape* shape) noexcept nogil:
    return shape.kind & ~<u32>SHAPE_UNLOADABLE

cdef inline i32 array_length(Object* o) noexcept nogil:
    return (<Array*>o).length

cdef inline u8* array_data(Object* o) noexcept nogil:
    # Elements of at most 4 bytes.
    return <u8*>o + ARRAY_BASE

cdef inline u8* array_data_wide(Object* o) noexcept nogil:
    return <u8*>o + ARRAY_BASE_WIDE

cdef inline ref* array_refs(Object* o) noexcept nogil:
    return <ref*>(<u8*>o + ARRAY_BASE)

cdef inline Object* array_get(Object* o, i32 index) noexcept nogil:
    return ref_decode(array_refs(o)[index])

cdef inline void array_set(Object* o, i32 index, Object* value) noexcept nogil:
    array_refs(o)[index] = ref_encode(value)

# Identity hash: objects do not move, so the address is mixed into 31 bits that are not 0.
cdef inline i32 identity_hash(Object* o) noexcept nogil:
    cdef u64 x = (<u64>o >> 3) * <u64>0x9E3779B97F4A7C15
    cdef i32 h = <i32>(x >> 33)
    return h if h != 0 else 1
