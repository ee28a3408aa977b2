# Interned names.  Interface: equal text gives the same pointer; symbols live for ever.
from kernel.types cimport u8, u32
from jvm.loader.classes cimport Symbol

cdef extern void symbols_init() noexcept nogil
cdef extern void symbols_forget() noexcept nogil             # tests: the memory that held them is gone
cdef extern Symbol* symbol_intern(const u8* text, u32 length) noexcept nogil        # NULL: no memory
cdef extern Symbol* symbol_from(const char* text) noexcept nogil
cdef extern Symbol* symbol_find(const u8* text, u32 length) noexcept nogil          # NULL: was never interned

cdef inline bint symbol_matches(Symbol* symbol, const char* text) noexcept nogil:
    cdef u32 index
    for index in range(symbol.length):
        if symbol.text[index] != <u8>text[index]:                  # a shorter text ends in its NUL
            return False
    return text[symbol.length] == 0

cdef extern u32 symbol_count() noexcept nogil
