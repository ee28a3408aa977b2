# Modules: java.lang.Module's and BootLoader's native methods, which tell the module graph
# (jvm/loader/module_graph.pxd) what java.lang.Module has decided.
from kernel.types cimport i32
from jvm.heap.object cimport Object, array_get, array_length, array_set, ref_load
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Slot, Symbol
from jvm.loader.loader cimport classes_set_java_base, loader_boot, loader_of
from jvm.loader.module_graph cimport (module_add_package, module_add_reads, module_define, module_export_to,
                                      module_export_to_all, module_export_to_unnamed, module_location, module_set_boot_unnamed)
from jvm.loader.symbols cimport symbol_from
from jvm.loader.wellknown cimport off
from jvm.natives.support cimport array_new_named
from jvm.runtime.exceptions cimport throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport string_from_symbol, string_to_symbol


# defineModule0(Module module, boolean isOpen, String version, String location, Object[] packages)
cdef public void native_module_define(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* module = args[0].a
    cdef Object* packages = args[4].a
    cdef LoaderData* loader
    cdef i32 i
    cdef int failed
    if module == NULL:
        throw_null_pointer(t)
        return
    loader = loader_of(ref_load(module, off.java_lang_Module_loader))
    failed = -1 if loader == NULL else module_define(loader, module, args[1].i != 0, args[2].a, args[3].a)
    if packages != NULL and failed == 0:
        for i in range(array_length(packages)):
            if module_add_package(loader, string_to_symbol(array_get(packages, i), 1), module) != 0:
                failed = -1
                break
    if failed != 0:
        throw_out_of_memory(t, b"module")
    elif string_to_symbol(ref_load(module, off.java_lang_Module_name), 0) == symbol_from(b"java.base"):
        classes_set_java_base(module)


cdef public void native_boot_loader_set_unnamed_module(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    module_set_boot_unnamed(args[0].a)


cdef void done(JavaThread* t, int status) noexcept nogil:
    if status != 0:
        throw_out_of_memory(t, b"module")


# addReads0(Module from, Module to); `to` null: every unnamed module
cdef public void native_module_add_reads(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL:
        throw_null_pointer(t)
    else:
        done(t, module_add_reads(args[0].a, args[1].a))


# addExports0(Module from, String package, Module to)
cdef public void native_module_add_exports(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[1].a == NULL or args[2].a == NULL:
        throw_null_pointer(t)
    else:
        done(t, module_export_to(args[0].a, string_to_symbol(args[1].a, 1), args[2].a))


# addExportsToAll0(Module from, String package)
cdef public void native_module_add_exports_to_all(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)
    else:
        done(t, module_export_to_all(args[0].a, string_to_symbol(args[1].a, 1)))


# addExportsToAllUnnamed0(Module from, String package)
cdef public void native_module_add_exports_to_all_unnamed(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)
    else:
        done(t, module_export_to_unnamed(args[0].a, string_to_symbol(args[1].a, 1)))


# --- packages of the boot loader: those in which it has defined a class of the runtime image -------------

cdef Class* next_with_package(Class* klass, Symbol* package) noexcept nogil:
    while klass != NULL and (klass.package != package or klass.dimensions != 0):
        klass = klass.next_in_loader
    return klass


cdef Object* package_location(Class* klass) noexcept nogil:
    return module_location(klass.module) if klass.module != NULL else NULL


# BootLoader.getSystemPackageLocation("java/lang") → "jrt:/java.base".  Nothing is on a boot class path besides the image.
cdef public void native_boot_loader_package_location(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Symbol* package
    cdef Class* klass
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    package = string_to_symbol(args[0].a, 0)
    klass = next_with_package(loader_boot().classes, package) if package != NULL else NULL
    result.a = package_location(klass) if klass != NULL else NULL


cdef Class* strings


cdef bint first_seen(Class* klass) noexcept nogil:
    return (klass.dimensions == 0 and klass.package.length != 0 and next_with_package(klass.next_in_loader, klass.package) == NULL
            and package_location(klass) != NULL)


# BootLoader.getSystemPackageNames(): each package once, at the class that it was first seen with, the last in the list.
cdef public void native_boot_loader_package_names(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* first = loader_boot().classes          # classes that come meanwhile stand in front of it
    cdef Class* klass
    cdef Object* names
    cdef Object* name
    cdef i32 length = 0
    klass = first
    while klass != NULL:
        length += first_seen(klass)
        klass = klass.next_in_loader
    names = array_new_named(t, &strings, b"[Ljava/lang/String;", length)
    klass = first
    while klass != NULL and names != NULL:
        if first_seen(klass):
            name = string_from_symbol(t, klass.package, 0)
            if name == NULL:
                return
            length -= 1
            array_set(names, length, name)
        klass = klass.next_in_loader
    result.a = names
