# Classes and methods in words: see describe.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.diagnostics.format cimport Text, text_bytes, text_char, text_string, text_unsigned
from jvm.heap.object cimport Object, ref_load
from jvm.loader.classes cimport (ACC_ABSTRACT, ACC_INTERFACE, Class, Frame, Method, Symbol, TYPE_REFERENCE, class_of)
from jvm.loader.loader cimport loader_object
from jvm.loader.wellknown cimport off
from jvm.runtime.strings cimport string_to_utf8
from jvm.runtime.thread cimport FRAME_NATIVE

cdef enum:
    NAME_MAX = 512

cdef public void describe_symbol(Text* text, Symbol* name) noexcept nogil:
    cdef u32 index
    for index in range(name.length):
        text_char(text, c'.' if name.text[index] == c'/' else <char>name.text[index])

cdef public void describe_class(Text* text, Class* klass) noexcept nogil:
    cdef Class* bottom = klass
    cdef u32 index
    cdef u32 plus
    while bottom.element != NULL:
        bottom = bottom.element
    if not bottom.is_hidden:
        describe_symbol(text, klass.name)
        return
    # The last plus stands before a hidden class's suffix, where its external name has a slash.
    plus = klass.name.length
    while plus > 0 and klass.name.text[plus - 1] != c'+':
        plus -= 1
    for index in range(klass.name.length):
        text_char(text, c'/' if index + 1 == plus else c'.' if klass.name.text[index] == c'/' else <char>klass.name.text[index])

cdef public void describe_kind(Text* text, Class* klass) noexcept nogil:
    if klass.access_flags & ACC_INTERFACE:
        text_string(text, b"interface ")
    elif klass.access_flags & ACC_ABSTRACT:
        text_string(text, b"abstract class ")
    else:
        text_string(text, b"class ")

cdef public const u8* describe_type(Text* text, const u8* descriptor) noexcept nogil:
    cdef int dimensions = 0
    while descriptor[0] == c'[':
        dimensions += 1
        descriptor += 1
    if descriptor[0] == c'L':
        descriptor += 1
        while descriptor[0] != c';' and descriptor[0] != 0:
            text_char(text, c'.' if descriptor[0] == c'/' else <char>descriptor[0])
            descriptor += 1
    elif descriptor[0] == c'Z':
        text_string(text, b"boolean")
    elif descriptor[0] == c'B':
        text_string(text, b"byte")
    elif descriptor[0] == c'C':
        text_string(text, b"char")
    elif descriptor[0] == c'S':
        text_string(text, b"short")
    elif descriptor[0] == c'I':
        text_string(text, b"int")
    elif descriptor[0] == c'J':
        text_string(text, b"long")
    elif descriptor[0] == c'F':
        text_string(text, b"float")
    elif descriptor[0] == c'D':
        text_string(text, b"double")
    else:
        text_string(text, b"void")
    while dimensions > 0:
        text_string(text, b"[]")
        dimensions -= 1
    return descriptor + 1 if descriptor[0] != 0 else descriptor

cdef public void describe_signature(Text* text, const u8* descriptor) noexcept nogil:
    """(int, java.lang.String)"""
    cdef bint first = True
    text_char(text, c'(')
    descriptor += 1
    while descriptor[0] != c')' and descriptor[0] != 0:
        if not first:
            text_string(text, b", ")
        first = False
        descriptor = describe_type(text, descriptor)
    text_char(text, c')')

cdef public void describe_method(Text* text, Method* method, bint with_return) noexcept nogil:
    cdef const u8* result = method.descriptor.text
    if with_return:
        while result[0] != c')' and result[0] != 0:
            result += 1
        if result[0] == c')':
            describe_type(text, result + 1)
            text_char(text, c' ')
    describe_class(text, method.holder)
    text_char(text, c'.')
    text_bytes(text, <const char*>method.name.text, method.name.length)
    describe_signature(text, method.descriptor.text)

cdef public void describe_place(Text* text, Frame* frame) noexcept nogil:
    text_string(text, b" in ")
    describe_method(text, frame.method, False)
    if not frame.flags & FRAME_NATIVE:
        text_string(text, b" at bytecode ")
        text_unsigned(text, <u64>(frame.pc - frame.method.code))

cdef void describe_java_string(Text* text, Object* string) noexcept nogil:
    cdef u8 buffer[NAME_MAX]
    string_to_utf8(string, buffer, sizeof(buffer))
    text_string(text, <const char*>buffer)

cdef void describe_home(Text* text, Class* klass) noexcept nogil:
    """module M of loader L.  Versions are left out: those of the class library's modules are never
    shown, and modules of the application are not on a module path here."""
    cdef Class* bottom = klass
    cdef Object* name = NULL
    cdef Object* loader = NULL
    while bottom.dimensions != 0:
        bottom = bottom.element
    if bottom.loader != NULL:
        loader = loader_object(bottom.loader)
    if bottom.type != TYPE_REFERENCE:
        text_string(text, b"module java.base")
    else:
        if bottom.module != NULL:
            name = ref_load(bottom.module, off.java_lang_Module_name)
        if name != NULL:
            text_string(text, b"module ")
            describe_java_string(text, name)
        elif bottom.module == NULL and loader == NULL:
            # Before the module system is up, everything is java.base.
            text_string(text, b"module java.base")
        else:
            text_string(text, b"unnamed module")
    text_string(text, b" of loader ")
    if loader == NULL:
        text_string(text, b"'bootstrap'")
        return
    name = ref_load(loader, off.java_lang_ClassLoader_nameAndId)
    if name != NULL:
        describe_java_string(text, name)
    else:
        # A loader whose constructor has not set it yet: its class says what it is.
        describe_class(text, class_of(loader))

cdef public void describe_location(Text* text, Class* klass) noexcept nogil:
    describe_class(text, klass)
    text_string(text, b" is in ")
    describe_home(text, klass)

cdef public void describe_location_of_two(Text* text, Class* first, Class* second) noexcept nogil:
    describe_class(text, first)
    text_string(text, b" and ")
    describe_class(text, second)
    text_string(text, b" are in ")
    describe_home(text, second)
