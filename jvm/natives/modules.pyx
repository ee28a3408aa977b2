# Modules: java.lang.Module's and BootLoader's native methods.
#
# Invariant: `rows` is an open-addressing table of (loader, package) → module, at most half full; a row
# is never removed.  `lock` guards it and the list of modules; readers take it too.
#
# Left out: readability and exports are not enforced when classes link (JVMS §5.4.4 asks for an
# IllegalAccessError); reflection enforces them in Java code.  So addReads0 and addExports0 have nothing
# to do.
from kernel.types cimport u8, u32, u64, i32
from kernel.memory.heap cimport kcalloc, kfree
from kernel.threads.sync cimport Mutex, mutex_lock, mutex_unlock
from jvm.heap.heap cimport heap_mark_root
from jvm.heap.object cimport Object, array_get, array_length, array_set, ref_load
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Slot, Symbol
from jvm.loader.loader cimport classes_set_java_base, loader_boot, loader_object, loader_of
from jvm.loader.symbols cimport symbol_find, symbol_from
from jvm.natives.support cimport array_new_named, known_field, throw_text
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.roots cimport roots_register
from jvm.runtime.strings cimport string_from_symbol, string_to_symbol

cdef struct Row:
    LoaderData* loader
    Symbol* package                      # java/lang; NULL: free
    Object* module

cdef struct ModuleRecord:
    ModuleRecord* next
    Object* module
    Object* version
    Object* location                     # "jrt:/java.base"; NULL: made at run time

cdef Mutex lock
cdef Row* rows
cdef u32 capacity                        # a power of two, or 0
cdef u32 count
cdef ModuleRecord* records
cdef Object* boot_unnamed
cdef int registered                      # modules_mark_roots is among the collector's roots


cdef Row* slot_of(Row* table, u32 size, LoaderData* loader, Symbol* package) noexcept nogil:
    cdef u32 at = (package.hash ^ <u32>(<u64>loader >> 4)) & (size - 1)
    while table[at].package != NULL and (table[at].package != package or table[at].loader != loader):
        at = (at + 1) & (size - 1)
    return &table[at]


cdef int grow() noexcept nogil:
    cdef u32 size = capacity * 2 if capacity != 0 else 2048
    cdef Row* table = <Row*>kcalloc(size, sizeof(Row))
    cdef u32 i
    global rows, capacity
    if table == NULL:
        return -1
    for i in range(capacity):
        if rows[i].package != NULL:
            slot_of(table, size, rows[i].loader, rows[i].package)[0] = rows[i]
    kfree(rows)
    rows = table
    capacity = size
    return 0


cdef int add(LoaderData* loader, Symbol* package, Object* module) noexcept nogil:
    global count
    cdef Row* row
    if 2 * count >= capacity and grow() != 0:
        return -1
    row = slot_of(rows, capacity, loader, package)
    if row.package == NULL:
        count += 1
    row.loader = loader
    row.package = package
    row.module = module
    return 0


cdef u32 unnamed_field


cdef public Object* module_of(LoaderData* data, Symbol* name) noexcept nogil:
    cdef i32 end = <i32>name.length - 1
    cdef Symbol* package
    cdef Object* module = NULL
    while end > 0 and name.text[end] != c'/':
        end -= 1
    if end > 0 and count != 0:
        package = symbol_find(name.text, end)
        if package != NULL:
            mutex_lock(&lock)
            module = slot_of(rows, capacity, data, package).module
            mutex_unlock(&lock)
    if module != NULL:
        return module
    if loader_object(data) == NULL:
        return boot_unnamed
    return ref_load(loader_object(data), known_field(&unnamed_field, b"java/lang/ClassLoader", b"unnamedModule", b"Ljava/lang/Module;"))


cdef ModuleRecord* record_of(Object* module) noexcept nogil:
    cdef ModuleRecord* record = records
    while record != NULL and record.module != module:
        record = record.next
    return record


cdef public Object* module_version(Object* module) noexcept nogil:
    cdef ModuleRecord* record = record_of(module)
    return record.version if record != NULL else NULL


cdef void modules_mark_roots() noexcept nogil:
    cdef ModuleRecord* record = records
    while record != NULL:
        heap_mark_root(record.module)
        if record.version != NULL:
            heap_mark_root(record.version)
        if record.location != NULL:
            heap_mark_root(record.location)
        record = record.next
    if boot_unnamed != NULL:
        heap_mark_root(boot_unnamed)


cdef void register_roots() noexcept nogil:
    global registered
    if not registered:
        registered = 1
        roots_register(modules_mark_roots)


cdef u32 module_name
cdef u32 module_loader


# defineModule0(Module module, boolean isOpen, String version, String location, Object[] packages)
cdef public void native_module_define(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global records
    cdef Object* module = args[0].a
    cdef Object* packages = args[4].a
    cdef ModuleRecord* record
    cdef LoaderData* loader
    cdef Symbol* name
    cdef i32 i
    cdef int failed = 0
    if module == NULL:
        throw_null_pointer(t)
        return
    loader = loader_of(ref_load(module, known_field(&module_loader, b"java/lang/Module", b"loader", b"Ljava/lang/ClassLoader;")))
    name = string_to_symbol(ref_load(module, known_field(&module_name, b"java/lang/Module", b"name", b"Ljava/lang/String;")), 0)
    record = <ModuleRecord*>kcalloc(1, sizeof(ModuleRecord))
    if record == NULL or loader == NULL or name == NULL:
        kfree(record)
        throw_out_of_memory(t, b"module")
        return
    record.module = module
    record.version = args[2].a
    record.location = args[3].a
    register_roots()
    mutex_lock(&lock)
    record.next = records
    records = record
    if packages != NULL:
        for i in range(array_length(packages)):
            if add(loader, string_to_symbol(array_get(packages, i), 1), module) != 0:
                failed = 1
                break
    mutex_unlock(&lock)
    if failed:
        throw_out_of_memory(t, b"module")
    elif name == symbol_from(b"java.base"):
        classes_set_java_base(module)


cdef public void native_boot_loader_set_unnamed_module(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global boot_unnamed
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    register_roots()
    boot_unnamed = args[0].a


# Arguments of the natives that only tell the machine what it does not use: null is refused as the host does.
cdef public void native_module_add(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)


# --- packages of the boot loader: those in which it has defined a class of the runtime image -------------

cdef Class* next_with_package(Class* klass, Symbol* package) noexcept nogil:
    while klass != NULL and (klass.package != package or klass.dimensions != 0):
        klass = klass.next_in_loader
    return klass


cdef Object* package_location(Class* klass) noexcept nogil:
    cdef ModuleRecord* record = record_of(klass.module)
    return record.location if record != NULL else NULL


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
