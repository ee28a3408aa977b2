# The texts of linkage errors, worded as the host JVM words them, and the one way of the loader to throw.
#
# Interface: a LoaderText lives on the C stack: message_init, some message_* calls, message_throw.
# What does not fit is cut.
from kernel.types cimport u32
from kernel.diagnostics.format cimport Text
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Symbol

cdef enum:
    MESSAGE_CAPACITY = 2048

cdef struct LoaderText:
    Text text
    char buffer[MESSAGE_CAPACITY]

cdef extern void message_init(LoaderText* m, const char* start) noexcept nogil
cdef extern void message_add(LoaderText* m, const char* text) noexcept nogil
cdef extern void message_number(LoaderText* m, u32 number) noexcept nogil
cdef extern void message_hex(LoaderText* m, u32 number) noexcept nogil
cdef extern void message_symbol(LoaderText* m, Symbol* symbol) noexcept nogil            # as it is
cdef extern void message_dots(LoaderText* m, Symbol* symbol) noexcept nogil              # an external name: '/' as '.'
cdef extern void message_class(LoaderText* m, Class* klass) noexcept nogil               # its external name; arrays as int[]
# Type of a field descriptor (int, java.lang.String[]); the descriptor's next position.
cdef extern u32 message_type(LoaderText* m, Symbol* descriptor, u32 at) noexcept nogil
# 'void A.m(int)', quoted; `holder` NULL leaves the class out.
cdef extern void message_method(LoaderText* m, Symbol* holder, Symbol* name, Symbol* descriptor) noexcept nogil
# " (A and B are in unnamed module of loader 'app')" or " (A is in …; B is in …)".
cdef extern void message_where(LoaderText* m, Class* a, Class* b) noexcept nogil
# "A is in module java.base of loader 'bootstrap'", or "A and B are in …" when `b` is not NULL.
cdef extern void message_module(LoaderText* m, Class* a, Class* b) noexcept nogil
cdef extern void message_module_name(LoaderText* m, Class* klass) noexcept nogil         # java.base, unnamed module
# "A is in unnamed module of loader 'app', parent loader 'platform'".
cdef extern void message_module_parent(LoaderText* m, Class* a) noexcept nogil
cdef extern void message_loader(LoaderText* m, LoaderData* data) noexcept nogil          # 'app', Loader @1b2c3d
# "class A (in module X) cannot access class B (in module Y) because module X does not read module Y", or
# "… because module Y does not export p.q to module X": `access` is not CLASS_NOT_PUBLIC.
cdef extern void message_module_access(LoaderText* m, int access, Class* caller, Class* target) noexcept nogil
# Sets t.exception; returns -1.
cdef extern int message_throw(JavaThread* t, const char* class_name, LoaderText* m) noexcept nogil
cdef extern int loader_throw(JavaThread* t, const char* class_name, const char* text) noexcept nogil
cdef extern int loader_throw_cause(JavaThread* t, const char* class_name, const char* text, Object* cause) noexcept nogil
# For tests without a running machine: called instead of throw_named; sets t.exception.
cdef extern void loader_set_thrower(void (*thrower)(JavaThread* t, const char* class_name, const char* text) noexcept nogil) noexcept nogil
