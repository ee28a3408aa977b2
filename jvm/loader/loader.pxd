# Class loaders, loading, defining, arrays and primitives (JVMS §5.3), linking and initialisation
# (JVMS §5.4, §5.5).
#
# Interface: functions with a JavaThread fail by returning NULL or -1 with t.exception set.  They
# may run Java code and collect, unless said otherwise.
from kernel.types cimport u8, u32, u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport ACC_INTERFACE, Class, DISPLAY_DEPTH, Field, JavaThread, LoaderData, Method, Symbol

cdef extern int loader_init() noexcept nogil                   # maps the class library; negative errno
cdef extern int loader_init_memory(const u8* image, u64 size) noexcept nogil    # the same with a jimage in memory
cdef extern void loader_forget() noexcept nogil                # tests: the memory that held everything is gone
cdef extern LoaderData* loader_boot() noexcept nogil
cdef extern LoaderData* loader_of(Object* loader) noexcept nogil        # NULL object: the boot loader; made on first use
cdef extern Object* loader_object(LoaderData* data) noexcept nogil      # NULL for the boot loader
cdef extern Class* loader_find_loaded(LoaderData* data, Symbol* name) noexcept nogil     # either NULL: none
# Boot loader only: loads from the jimage; NULL without an exception when there is no such class.
cdef extern Class* loader_load_boot(JavaThread* t, Symbol* name) noexcept nogil
# JVMS §5.3: through the loader (upcall ClassLoader.loadClass for others); arrays too.
# Throws NoClassDefFoundError / ClassNotFoundException (as `not_found_error` says) and LinkageErrors.
cdef extern Class* class_load(JavaThread* t, LoaderData* data, Symbol* name, int not_found_error) noexcept nogil
# Class from bytes (ClassLoader.defineClass1 …); the bytes are copied unless `mapped`.
cdef extern Class* class_define(JavaThread* t, LoaderData* data, Symbol* expected, const u8* bytes, u32 length,
                                Object* protection_domain, int mapped) noexcept nogil
# A hidden class, with the nest host that it joins (or NULL) and its class data.  `strong`: it lives as long as
# its loader.
cdef extern Class* class_define_hidden(JavaThread* t, LoaderData* data, Symbol* expected, const u8* bytes, u32 length,
                                       Object* protection_domain, int vm_annotations, bint strong, Class* nest_host,
                                       Object* class_data) noexcept nogil
cdef extern Class* class_array_of(JavaThread* t, Class* element) noexcept nogil
cdef extern Class* class_primitive(int type) noexcept nogil             # PrimitiveType
cdef extern Class* class_by_descriptor(JavaThread* t, LoaderData* data, const u8* text, u32 length) noexcept nogil
cdef extern int class_link(JavaThread* t, Class* klass) noexcept nogil
cdef extern int class_initialize(JavaThread* t, Class* klass) noexcept nogil
cdef extern int class_is_subtype_slow(Class* sub, Class* of) noexcept nogil  # class_is_subtype is at the end
cdef extern Class* mirror_class(Object* mirror) noexcept nogil          # the class a java.lang.Class stands for
cdef extern void mirrors_enable(JavaThread* t) noexcept nogil           # java.lang.Class is there: make mirrors of all so far
cdef extern void classes_set_java_base(Object* module) noexcept nogil   # patches Class.module of all classes so far
# Makes the java.lang.Class of a class that has none yet; 0, or -1 thrown.
cdef extern int class_make_mirror(JavaThread* t, Class* klass, Object* protection_domain) noexcept nogil
cdef extern LoaderData* loader_known(Object* loader) noexcept nogil      # its record, NULL: it has none yet
cdef extern LoaderData** loader_records() noexcept nogil                # the list of all but the boot loader's
cdef extern u32 loader_class_count() noexcept nogil                     # classes loaded so far
cdef extern u32 loader_unloaded_count() noexcept nogil                  # and unloaded
cdef extern void loader_metadata(u64* used, u64* held) noexcept nogil   # bytes of all loaders' metadata
cdef extern void loader_for_each_class(void (*visit)(Class* klass) noexcept nogil) noexcept nogil

# Members.  find_* look only at names and descriptors and throw nothing.
cdef extern Method* class_find_declared(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil
cdef extern Method* class_find_polymorphic(Class* klass, Symbol* name) noexcept nogil      # JVMS §2.9.3, any descriptor
cdef extern Method* class_find_in_supers(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil   # without interfaces
cdef extern Field* class_find_declared_field(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil
cdef extern Method* class_find_method(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil   # supers, then interfaces
cdef extern Field* class_find_field(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil     # JVMS §5.4.3.2 order
cdef extern Method* class_named_method(Class* klass, const char* name, const char* descriptor) noexcept nogil
# Where a static field lives: address of its cell in the holder's mirror.
cdef extern void* field_static_address(Field* field) noexcept nogil

# Assignment of reference types (JVMS §6.5 checkcast): classes by one load and compare, the rest by search.
cdef inline int class_is_subtype(Class* sub, Class* of) noexcept nogil:
    if sub == of:
        return 1
    if of.depth < DISPLAY_DEPTH and of.dimensions == 0 and not of.access_flags & ACC_INTERFACE:
        return sub.display[of.depth] == of
    return class_is_subtype_slow(sub, of)
