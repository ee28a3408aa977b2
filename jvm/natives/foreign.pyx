# Calls of foreign functions (java.lang.foreign.Linker): the natives of the class library's own "fallback" linker.
#
# There is one library, what Linker.defaultLookup() finds: a few functions of the C library, in function_at().  A call
# passes its integers and addresses in the six integer registers and its floating-point numbers in the first eight vector
# registers (System V ABI, AMD64 supplement §3.2.3), all of them always: a function looks only at those that it has.
#
# Invariant: only functions of this table are ever called; any other address is refused, for nothing else in this address space
# is there to be called.
#
# Left out, and refused by name: structures by value, more arguments than registers, variadic functions' al register
# (none of the table is variadic), and upcalls.
from kernel.types cimport u8, u16, u32, u64, i8, i16, i32, i64
from kernel.memory.heap cimport kcalloc, kfree, kmalloc, krealloc
from kernel.memory.pages cimport PAGE_SIZE
from kernel.memory.string cimport memcmp, memcpy, memmove, memset, strcmp, strlen
from jvm.heap.object cimport Object, array_data, array_data_wide, array_get
from jvm.loader.classes cimport JavaThread, Slot, class_of
from jvm.natives.foreign cimport LIBRARY_FUNCTIONS
from jvm.natives.support cimport throw_text
from jvm.runtime.exceptions cimport throw_null_pointer
from jvm.runtime.strings cimport string_to_utf8

cdef extern from *:
    """
    static inline double foreign_root(double x) { __asm__("sqrtsd %0, %0" : "+x"(x)); return x; }
    static inline float foreign_root_float(float x) { __asm__("sqrtss %0, %0" : "+x"(x)); return x; }
    """
    double square_root "foreign_root"(double x) noexcept nogil
    float square_root_float "foreign_root_float"(float x) noexcept nogil

cdef enum:
    GENERAL = 6                          # registers
    VECTOR = 8
    ERROR_INVALID = 22                   # EINVAL

# Types as the linker hands them back: small numbers, where other libraries have addresses of descriptions.
cdef enum Type:
    TYPE_VOID = 1
    TYPE_U8 = 2
    TYPE_S8 = 3
    TYPE_U16 = 4
    TYPE_S16 = 5
    TYPE_U32 = 6
    TYPE_S32 = 7
    TYPE_U64 = 8
    TYPE_S64 = 9
    TYPE_FLOAT = 10
    TYPE_DOUBLE = 11
    TYPE_POINTER = 12
    TYPE_LAST = 12
    TAG_STRUCT = 13

# A prepared call, in memory that the linker keeps alive together with `types`.
cdef struct Call:
    u64 count
    u64 result
    u64* types

cdef union Vector:
    double d
    float f
    u64 raw

ctypedef u64 (*GeneralFunction)(u64, u64, u64, u64, u64, u64, double, double, double, double, double, double, double, double) noexcept nogil
ctypedef double (*VectorFunction)(u64, u64, u64, u64, u64, u64, double, double, double, double, double, double, double, double) noexcept nogil


# --- the functions ------------------------------------------------------------------------------------------

cdef u64 c_strlen(const char* text) noexcept nogil:
    return strlen(text)

cdef i32 c_strcmp(const char* a, const char* b) noexcept nogil:
    return strcmp(a, b)

cdef void* c_memcpy(void* target, const void* source, u64 size) noexcept nogil:
    return memcpy(target, source, size)

cdef void* c_memmove(void* target, const void* source, u64 size) noexcept nogil:
    return memmove(target, source, size)

cdef void* c_memset(void* target, i32 value, u64 size) noexcept nogil:
    return memset(target, value, size)

cdef i32 c_memcmp(const void* a, const void* b, u64 size) noexcept nogil:
    return memcmp(a, b, size)

cdef i32 c_abs(i32 x) noexcept nogil:
    return -x if x < 0 else x

cdef i64 c_labs(i64 x) noexcept nogil:
    return -x if x < 0 else x

cdef double c_fabs(double x) noexcept nogil:
    cdef Vector v
    v.d = x
    v.raw &= 0x7FFFFFFFFFFFFFFFULL
    return v.d

cdef double c_sqrt(double x) noexcept nogil:
    return square_root(x)

cdef float c_sqrtf(float x) noexcept nogil:
    return square_root_float(x)

cdef i32 c_getpagesize() noexcept nogil:
    return PAGE_SIZE

# posix_madvise: advice is free to be ignored, and nothing here could follow it.
cdef i32 c_posix_madvise(u64 address, u64 size, i32 advice) noexcept nogil:
    return ERROR_INVALID if address & (PAGE_SIZE - 1) or advice < 0 or advice > 4 else 0


cdef void* function_at(int index, const char** name) noexcept nogil:
    """The table of functions, row by row; NULL at its end."""
    if index == 0:
        name[0] = b"strlen"
        return <void*>c_strlen
    if index == 1:
        name[0] = b"strcmp"
        return <void*>c_strcmp
    if index == 2:
        name[0] = b"memcpy"
        return <void*>c_memcpy
    if index == 3:
        name[0] = b"memmove"
        return <void*>c_memmove
    if index == 4:
        name[0] = b"memset"
        return <void*>c_memset
    if index == 5:
        name[0] = b"memcmp"
        return <void*>c_memcmp
    if index == 6:
        name[0] = b"malloc"
        return <void*>kmalloc
    if index == 7:
        name[0] = b"calloc"
        return <void*>kcalloc
    if index == 8:
        name[0] = b"realloc"
        return <void*>krealloc
    if index == 9:
        name[0] = b"free"
        return <void*>kfree
    if index == 10:
        name[0] = b"abs"
        return <void*>c_abs
    if index == 11:
        name[0] = b"labs"
        return <void*>c_labs
    if index == 12:
        name[0] = b"fabs"
        return <void*>c_fabs
    if index == 13:
        name[0] = b"sqrt"
        return <void*>c_sqrt
    if index == 14:
        name[0] = b"sqrtf"
        return <void*>c_sqrtf
    if index == 15:
        name[0] = b"getpagesize"
        return <void*>c_getpagesize
    if index == 16:
        name[0] = b"posix_madvise"
        return <void*>c_posix_madvise
    return NULL


# NativeLibrary.findEntry0(long handle, String name): the address of a function, or 0.
cdef public void native_library_find_entry(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char wanted[64]
    cdef const char* name
    cdef void* function
    cdef int index = 0
    result.l = 0
    if args[2].a == NULL:
        throw_null_pointer(t)
        return
    if args[0].l != LIBRARY_FUNCTIONS or string_to_utf8(args[2].a, <u8*>wanted, sizeof(wanted)) >= sizeof(wanted):
        return
    while True:
        function = function_at(index, &name)
        if function == NULL or strcmp(name, wanted) == 0:
            break
        index += 1
    result.l = <i64>function


cdef bint is_function(void* address) noexcept nogil:
    cdef const char* name
    cdef int index = 0
    cdef void* function = function_at(0, &name)
    while function != NULL and function != address:
        index += 1
        function = function_at(index, &name)
    return function != NULL


# --- descriptions of types: jdk.internal.foreign.abi.fallback.LibFallback -----------------------------------

cdef public void native_foreign_void(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_VOID

cdef public void native_foreign_uint8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_U8

cdef public void native_foreign_sint8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_S8

cdef public void native_foreign_uint16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_U16

cdef public void native_foreign_sint16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_S16

cdef public void native_foreign_uint32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_U32

cdef public void native_foreign_sint32(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_S32

cdef public void native_foreign_uint64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_U64

cdef public void native_foreign_sint64(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_S64

cdef public void native_foreign_float(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_FLOAT

cdef public void native_foreign_double(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_DOUBLE

cdef public void native_foreign_pointer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = TYPE_POINTER

cdef public void native_foreign_struct_tag(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = TAG_STRUCT

# Sizes and alignments in bytes.
cdef public void native_foreign_two(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 2

cdef public void native_foreign_four(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 4

cdef public void native_foreign_eight(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 8

cdef public void native_foreign_call_size(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = sizeof(Call)


# --- calls --------------------------------------------------------------------------------------------------

cdef void refuse(JavaThread* t, const char* text) noexcept nogil:
    throw_text(t, b"java/lang/UnsupportedOperationException", text)


cdef void prepare(JavaThread* t, Call* call, u64 count, u64 result_type, u64* types) noexcept nogil:
    cdef u64 general = 0
    cdef u64 vector = 0
    cdef u64 i
    for i in range(count):
        if types[i] > TYPE_LAST:
            refuse(t, b"foreign functions with structures as arguments")
            return
        if types[i] == TYPE_FLOAT or types[i] == TYPE_DOUBLE:
            vector += 1
        else:
            general += 1
    if result_type > TYPE_LAST:
        refuse(t, b"foreign functions that return structures")
    elif general > GENERAL or vector > VECTOR:
        refuse(t, b"foreign functions with more arguments than registers")
    call.count = count
    call.result = result_type
    call.types = types


# ffi_prep_cif(long cif, int abi, int count, long result, long types)
cdef public void native_foreign_prepare(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 0
    prepare(t, <Call*>args[0].l, <u64>args[3].i, <u64>args[4].l, <u64*>args[6].l)


# ffi_prep_cif_var(long cif, int abi, int fixed, int count, long result, long types)
cdef public void native_foreign_prepare_variadic(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 0
    prepare(t, <Call*>args[0].l, <u64>args[4].i, <u64>args[5].l, <u64*>args[7].l)


cdef public void native_foreign_struct_offsets(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    refuse(t, b"foreign functions with structures by value")


cdef public void native_foreign_create_closure(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    refuse(t, b"calls of Java methods by foreign functions")


cdef u64 general_value(u64 type, void* at) noexcept nogil:
    if type == TYPE_U8:
        return (<u8*>at)[0]
    if type == TYPE_S8:
        return <u64>(<i64>(<i8*>at)[0])
    if type == TYPE_U16:
        return (<u16*>at)[0]
    if type == TYPE_S16:
        return <u64>(<i64>(<i16*>at)[0])
    if type == TYPE_U32:
        return (<u32*>at)[0]
    if type == TYPE_S32:
        return <u64>(<i64>(<i32*>at)[0])
    return (<u64*>at)[0]


cdef u32 size_of(u64 type) noexcept nogil:
    if type == TYPE_VOID:
        return 0
    if type == TYPE_U8 or type == TYPE_S8:
        return 1
    if type == TYPE_U16 or type == TYPE_S16:
        return 2
    return 4 if type == TYPE_U32 or type == TYPE_S32 or type == TYPE_FLOAT else 8


# doDowncall(long cif, long function, long result, long arguments, Object stateBase, long state, int stateMask,
#            Object[] heapBases, int count): none of the functions changes errno, so the captured state stays as it is.
# An address in the heap comes as its array and an offset in the elements; objects never move.
cdef public void native_foreign_call(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Call* call = <Call*>args[0].l
    cdef void* function = <void*>args[2].l
    cdef void* into = <void*>args[4].l
    cdef void** values = <void**>args[6].l
    cdef Object* bases = args[12].a
    cdef Object* base
    cdef u64 general[GENERAL]
    cdef Vector vector[VECTOR]
    cdef Vector answer
    cdef u64 type
    cdef u64 i
    cdef u32 general_count = 0
    cdef u32 vector_count = 0
    if not is_function(function):
        refuse(t, b"foreign functions other than those of the default lookup")
        return
    memset(general, 0, sizeof(general))
    memset(vector, 0, sizeof(vector))
    for i in range(call.count):
        type = call.types[i]
        if type == TYPE_DOUBLE:
            vector[vector_count].d = (<double*>values[i])[0]
            vector_count += 1
        elif type == TYPE_FLOAT:
            vector[vector_count].f = (<float*>values[i])[0]
            vector_count += 1
        else:
            general[general_count] = general_value(type, values[i])
            if bases != NULL:
                base = array_get(bases, <i32>i)
                if base != NULL:
                    general[general_count] += <u64>(array_data_wide(base) if class_of(base).shape.log_element == 3 else array_data(base))
            general_count += 1
    if call.result == TYPE_FLOAT or call.result == TYPE_DOUBLE:
        answer.d = (<VectorFunction>function)(
            general[0], general[1], general[2], general[3], general[4], general[5], vector[0].d, vector[1].d, vector[2].d, vector[3].d,
            vector[4].d, vector[5].d, vector[6].d, vector[7].d)
    else:
        answer.raw = (<GeneralFunction>function)(
            general[0], general[1], general[2], general[3], general[4], general[5], vector[0].d, vector[1].d, vector[2].d, vector[3].d,
            vector[4].d, vector[5].d, vector[6].d, vector[7].d)
    if into != NULL:
        memcpy(into, &answer, size_of(call.result))
