# Verification types (JVMS §4.10.1.2) and what both verifiers share: the class being checked, its pool,
# and whether one type may stand where another is expected.
#
# A type is one word: a code below, `uninitialized` with the offset of its `new`, or the Symbol of a class
# name or array descriptor.  Symbols are interned, so equal types are equal words.
#
# Invariant: reading the pool of a class that is being verified never resolves anything.
from kernel.types cimport u8, u16, u32, u64, i32
from kernel.memory.arena cimport Arena
from jvm.loader.classes cimport Class, JavaThread, Method, Symbol

ctypedef u64 VType

cdef enum VTypeCode:
    T_TOP = 0
    T_INT = 1
    T_FLOAT = 2
    T_DOUBLE = 3                         # 0 … 5 are the tags of StackMapTable (§4.7.4)
    T_LONG = 4
    T_NULL = 5
    T_LONG_2 = 6                         # second slots
    T_DOUBLE_2 = 7
    T_BOOLEAN = 8                        # of descriptors and array components only
    T_BYTE = 9
    T_CHAR = 10
    T_SHORT = 11
    T_ANY_REFERENCE = 12                 # what an instruction asks for; no value has these
    T_ANY_ONE = 13
    T_ANY_TWO = 14
    T_ANY_TWO_2 = 15
    T_UNINITIALIZED_THIS = 16
    T_UNINITIALIZED = 17                 # offset << 8 | 17
    T_ADDRESS = 18                       # returnAddress, jsr's target << 8 | 18 (inference only)

cdef enum Mark:                          # Verifier.marks
    MARK_START = 1                       # an instruction starts here
    MARK_NEW = 2                         # …and it is `new`
    MARK_DONE = 4                        # inference: looked at

# What a method's descriptor says, slot by slot.
cdef struct Signature:
    Symbol* descriptor
    u16 slots                            # of arguments, without a receiver
    u16 results                          # slots of the result: 0, 1, 2
    VType result                         # its exact type: boolean stays boolean
    VType* types                         # arguments, then the result as a stack holds it

cdef enum:
    SIGNATURE_CACHE = 64

cdef enum Failure:
    FAILURE_NONE = 0
    FAILURE_VERIFY = 1                   # VerifyError with `message`
    FAILURE_FORMAT = 2                   # ClassFormatError with `message`
    FAILURE_THROWN = 3                   # t.exception is set

cdef struct Verifier:
    JavaThread* t
    Class* klass
    VType self
    VType object                         # java/lang/Object and so on
    VType throwable
    VType string
    VType class_type
    VType method_handle
    VType method_type
    Method* method
    const u8* code                       # the class file's own bytes: the writable copy may be in use
    u32 length
    u8* marks                            # by offset
    Failure failure
    char* message                        # in the arena
    Arena arena
    Signature* cache[SIGNATURE_CACHE]

cdef inline bint is_name(VType type) noexcept nogil:
    return type >> 32 != 0

cdef inline Symbol* name_of(VType type) noexcept nogil:
    return <Symbol*>type

cdef inline bint is_array(VType type) noexcept nogil:
    return type >> 32 != 0 and (<Symbol*>type).text[0] == c'['

cdef inline bint is_object(VType type) noexcept nogil:
    return type >> 32 != 0 and (<Symbol*>type).text[0] != c'['

cdef inline bint is_reference(VType type) noexcept nogil:
    return type >> 32 != 0 or type == T_NULL

cdef inline bint is_uninitialized(VType type) noexcept nogil:
    return type >> 32 == 0 and (type == T_UNINITIALIZED_THIS or type & 0xFF == T_UNINITIALIZED)

cdef inline bint is_one(VType type) noexcept nogil:
    return type == T_INT or type == T_FLOAT or is_reference(type) or is_uninitialized(type)

cdef inline bint is_two(VType type) noexcept nogil:
    return type == T_LONG or type == T_DOUBLE

cdef inline bint is_two_2(VType type) noexcept nogil:
    return type == T_LONG_2 or type == T_DOUBLE_2

cdef inline VType second_of(VType type) noexcept nogil:
    return T_LONG_2 if type == T_LONG else T_DOUBLE_2

cdef inline VType uninitialized_at(u32 pc) noexcept nogil:
    return (<VType>pc << 8) | T_UNINITIALIZED

cdef inline VType name_type(Symbol* name) noexcept nogil:
    return <VType>name

# Makes `method` the one to check: the class file's own code, marks that are zero.
cdef extern int verify_select(Verifier* v, Method* method) noexcept nogil
# 1, 0, or -1 with v.failure set.  `member` relaxes the rule about interfaces for protected members of Object.
cdef extern int verify_assignable(Verifier* v, VType to, VType other, bint member) noexcept nogil
# The same when both are references and not equal; *is_interface (if not NULL): `to` was loaded and is one.
cdef extern int verify_reference_assignable(Verifier* v, VType to, VType other, bint member, bint* is_interface) noexcept nogil
cdef extern VType verify_component(Verifier* v, VType array) noexcept nogil          # 0 with v.failure set: no memory
cdef extern VType verify_array_of(Verifier* v, VType component) noexcept nogil       # likewise
cdef extern VType verify_descriptor_type(Verifier* v, const u8* text, u32 length) noexcept nogil     # exact; likewise
cdef extern Signature* verify_signature(Verifier* v, Symbol* descriptor) noexcept nogil             # NULL likewise
cdef extern Class* verify_load(Verifier* v, Symbol* name) noexcept nogil             # NULL with v.failure set
cdef extern int verify_out_of_memory(Verifier* v) noexcept nogil                     # -1
cdef extern bint verify_named_above(Class* klass, Symbol* name) noexcept nogil       # a proper superclass has the name
# §4.10.1.8: whether the member, found in `target`, is protected and of another package.
cdef extern bint verify_protected_method(Class* klass, Class* target, Symbol* name, Symbol* descriptor) noexcept nogil
cdef extern bint verify_protected_field(Class* klass, Class* target, Symbol* name, Symbol* descriptor) noexcept nogil
# The pool, as it was in the file: JVMS §4.4 tags; 0 for no entry.
cdef extern u8 verify_tag(Verifier* v, u32 index) noexcept nogil
cdef extern Symbol* verify_class_name(Verifier* v, u32 index) noexcept nogil
# Name and descriptor of a member reference or dynamic constant, and (but for those) its class.
cdef extern int verify_member(Verifier* v, u32 index, Symbol** owner, Symbol** name, Symbol** descriptor) noexcept nogil
