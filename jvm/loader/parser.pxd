# Class files (JVMS §4), versions 45 to 69, parsed in place.
#
# parse_class reads everything that linking needs and leaves the rest as offsets: constant-pool
# entries are offsets until somebody asks, attributes are found when reflection wants them.
#
# Invariant: after a successful parse every offset kept in ParsedClass lies in the file, every
# structure up to the last attribute fits, and (files that are not trusted) every constant-pool
# index inside the constant pool, the members and the code headers has the kind that §4 asks for.
# Instructions are checked when the class is linked (jvm/verifier).  A trusted file comes from the class library.
# Interface: `bytes` must outlive the class.  Memory comes from the owner's arena, and stays there
# when parsing fails.  Errors are ClassFormatError and friends with the host JVM's messages.
from kernel.types cimport u8, u16, u32
from jvm.loader.classes cimport Class, ConstantPool, Field, JavaThread, LoaderData, Method, Symbol

cdef enum ParseFlag:
    PARSE_TRUSTED = 1                    # skip the checks that only a damaged file could fail
    PARSE_VM_ANNOTATIONS = 2             # honour @CallerSensitive, @Hidden, @Scoped, @LambdaForm.Compiled
    PARSE_HIDDEN = 4                     # a hidden class: its methods do not show in stack traces

cdef struct ParsedClass
# Called when the super types' names are known, before the members are read: the host loads interfaces there,
# so a class that is bad further on fails for an interface that is not there; where the list of interfaces itself
# is bad, with those before (interface_count), and then parsing ends.  0, or -1 thrown.
ctypedef int (*SupersKnown)(JavaThread* t, ParsedClass* p) noexcept nogil

cdef struct ParsedClass:
    const u8* bytes
    u32 length
    u16 minor_version
    u16 major_version
    u16 access_flags
    u16 this_class                       # constant-pool index
    u16 interface_count
    u16 field_count
    u16 method_count
    u16 injected_count                   # layout_inject
    u32 flags                            # ParseFlag
    u32 class_flags                      # ClassFlag
    ConstantPool pool
    Symbol* name
    Symbol* super_name                   # NULL: none
    Symbol** interfaces
    Field* fields
    Method* methods
    u16* method_keys
    u32 attributes                       # offset of the class's attributes_count
    u8 is_record
    u8 is_sealed                         # has PermittedSubclasses
    LoaderData* loader
    LoaderData* owner                    # whose memory it takes
    # The caller's, between SupersKnown and itself.
    Symbol* expected
    Class** interface_classes
    void* loading

# `supers_known` may be NULL; `into.loading` is left alone.
cdef extern int parse_class(JavaThread* t, LoaderData* data, LoaderData* owner, const u8* bytes, u32 length, u32 flags, Symbol* expected,
                            int (*supers_known)(JavaThread* t, ParsedClass* p) noexcept nogil,
                            ParsedClass* into) noexcept nogil

# --- constant pool of a loaded class ---------------------------------------------------------------
# None throws; each gives NULL or 0 when the index or the kind is wrong.
cdef extern Symbol* pool_symbol(ConstantPool* pool, const u8* bytes, u16 index) noexcept nogil       # Utf8
cdef extern const u8* pool_text(ConstantPool* pool, const u8* bytes, u16 index, u32* length) noexcept nogil  # Utf8, as bytes
cdef extern Symbol* pool_class_name(Class* klass, u16 index) noexcept nogil                          # Class, resolved or not
cdef extern u16 pool_u2(Class* klass, u16 index, u32 offset) noexcept nogil                          # u2 in an unresolved entry's body

# --- attributes (JVMS §4.7) ------------------------------------------------------------------------
# Contents of the first attribute of that name in the list whose attributes_count is at offset `list`
# of klass.bytes (klass.attributes, field.attributes, method.attributes, method.code_attributes), if the
# file's version has such an attribute; NULL.
cdef extern const u8* find_attribute(Class* klass, u32 list, const char* name, u32* length) noexcept nogil
# Source line of an instruction, or -1 (LineNumberTable, §4.7.12).
cdef extern int method_line_number(Method* method, u32 pc) noexcept nogil
cdef extern Symbol* class_source_file(Class* klass) noexcept nogil                                   # or NULL
