# See module_graph.pxd.
#
# Invariant: `packages` and `exports` lose rows only by being made anew, in modules_purge.  `lock` guards them
# and the records; readers take it too.  An injected field of java.lang.Module leads to the record, so no
# list of modules is searched.
from kernel.types cimport i32, u8, u32, u64
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memset
from kernel.threads.sync cimport Mutex, mutex_lock, mutex_unlock
from jvm.heap.heap cimport heap_is_marked, heap_mark_root
from jvm.heap.object cimport Object, ref_load
from jvm.loader.classes cimport CLASS_TRUSTED, Class, LoaderData, Symbol
from jvm.loader.loader cimport loader_boot, loader_object, loader_records
from jvm.loader.symbols cimport symbol_find, symbol_from
from jvm.loader.unloading cimport loader_data_stays
from jvm.loader.wellknown cimport off
from jvm.runtime.roots cimport roots_register
from jvm.runtime.strings cimport string_to_symbol

cdef enum:
    FIRST_SIZE = 2048                    # rows; the tables grow as they fill

cdef struct Grant:                       # a module that another reads, or that a package is exported to
    Grant* next
    Object* to

cdef struct ModuleRecord:
    ModuleRecord* next                   # of the loader
    LoaderData* loader
    Object* module
    Object* version
    Object* location                     # "jrt:/java.base"; NULL: made at run time
    Grant* reads
    u8 reads_unnamed                     # every unnamed module
    u8 is_open
    u8 is_base                           # java.base, which all read

cdef struct PackageRow:
    void* owner                          # `packages`: the loader; `exports`: the ModuleRecord
    Symbol* package                      # java/lang; NULL: free
    LoaderData* loader                   # goes with it
    Object* module                       # `packages`: what the package is in
    Grant* grants                        # `exports`
    u8 to_all
    u8 to_unnamed

cdef struct PackageTable:                # open addressing, at most half full
    PackageRow* rows
    u32 capacity                         # a power of two, or 0
    u32 count

cdef Mutex lock
cdef PackageTable packages
cdef PackageTable exports
cdef Object* boot_unnamed
cdef int registered                      # mark_roots is among the collector's roots

# --- tables of packages -------------------------------------------------------------------------------
cdef PackageRow* slot(PackageRow* rows, u32 size, void* owner, Symbol* package) noexcept nogil:
    cdef u32 at = (package.hash ^ <u32>(<u64>owner >> 4)) & (size - 1)
    while rows[at].package != NULL and (rows[at].package != package or rows[at].owner != owner):
        at = (at + 1) & (size - 1)
    return &rows[at]


cdef PackageRow* row_of(PackageTable* table, void* owner, Symbol* package) noexcept nogil:
    """NULL: there is none."""
    cdef PackageRow* row = slot(table.rows, table.capacity, owner, package) if table.capacity != 0 else NULL
    return row if row != NULL and row.package != NULL else NULL


cdef int grow(PackageTable* table) noexcept nogil:
    cdef u32 size = table.capacity * 2 if table.capacity != 0 else FIRST_SIZE
    cdef PackageRow* rows = <PackageRow*>kcalloc(size, sizeof(PackageRow))
    cdef u32 i
    if rows == NULL:
        return -1
    for i in range(table.capacity):
        if table.rows[i].package != NULL:
            slot(rows, size, table.rows[i].owner, table.rows[i].package)[0] = table.rows[i]
    kfree(table.rows)
    table.rows = rows
    table.capacity = size
    return 0


cdef PackageRow* row_made(PackageTable* table, void* owner, Symbol* package, LoaderData* loader) noexcept nogil:
    """NULL: no memory."""
    cdef PackageRow* row
    if 2 * table.count >= table.capacity and grow(table) != 0:
        return NULL
    row = slot(table.rows, table.capacity, owner, package)
    if row.package == NULL:
        row.owner = owner
        row.package = package
        row.loader = loader
        table.count += 1
    return row

# --- packages ----------------------------------------------------------------------------------------
cdef public int module_add_package(LoaderData* loader, Symbol* package, Object* module) noexcept nogil:
    cdef PackageRow* row
    if package == NULL:
        return -1
    mutex_lock(&lock)
    row = row_made(&packages, loader, package, loader)
    if row != NULL:
        row.module = module
    mutex_unlock(&lock)
    return 0 if row != NULL else -1


cdef public Object* module_of(LoaderData* data, Symbol* name) noexcept nogil:
    cdef i32 end = <i32>name.length - 1
    cdef Symbol* package
    cdef PackageRow* row
    cdef Object* module = NULL
    while end > 0 and name.text[end] != c'/':
        end -= 1
    if end > 0 and packages.count != 0:
        package = symbol_find(name.text, end)
        if package != NULL:
            mutex_lock(&lock)
            row = row_of(&packages, data, package)
            if row != NULL:
                module = row.module
            mutex_unlock(&lock)
    if module != NULL:
        return module
    if loader_object(data) == NULL:
        return boot_unnamed
    return ref_load(loader_object(data), off.java_lang_ClassLoader_unnamedModule)


cdef public Object* module_of_class(Class* klass) noexcept nogil:
    if klass.module != NULL or boot_unnamed == NULL:
        return klass.module
    return module_of(klass.loader, klass.name)

# --- modules -----------------------------------------------------------------------------------------
cdef ModuleRecord* record_of(Object* module) noexcept nogil:
    """NULL: an unnamed module, or one that was not defined."""
    return (<ModuleRecord**>(<u8*>module + off.java_lang_Module_module_entry))[0]


cdef public Object* module_version(Object* module) noexcept nogil:
    cdef ModuleRecord* record = record_of(module) if module != NULL else NULL
    return record.version if record != NULL else NULL


cdef public Object* module_location(Object* module) noexcept nogil:
    cdef ModuleRecord* record = record_of(module)
    return record.location if record != NULL else NULL


cdef public void modules_mark(LoaderData* data) noexcept nogil:
    cdef ModuleRecord* record = <ModuleRecord*>data.modules
    while record != NULL:
        heap_mark_root(record.module)
        if record.version != NULL:
            heap_mark_root(record.version)
        if record.location != NULL:
            heap_mark_root(record.location)
        record = record.next


cdef void purge_grants(Grant** grants, bint all) noexcept nogil:
    cdef Grant* gone
    while grants[0] != NULL:
        if all or not heap_is_marked(grants[0].to):
            gone = grants[0]
            grants[0] = gone.next
            kfree(gone)
        else:
            grants = &grants[0].next


# The rows of what stays, in the same memory: each is taken out and put where it belongs among those before
# it.  A table that is at most half full has a free row, from which on no row's search goes over the others.
cdef void purge_table(PackageTable* table) noexcept nogil:
    cdef u32 start = 0
    cdef u32 i, at
    cdef PackageRow row
    cdef bint stays
    if table.capacity == 0:
        return
    while table.rows[start].package != NULL:
        start += 1
    for i in range(1, table.capacity):
        at = (start + i) & (table.capacity - 1)
        row = table.rows[at]
        if row.package == NULL:
            continue
        memset(&table.rows[at], 0, sizeof(PackageRow))
        stays = loader_data_stays(row.loader)
        purge_grants(&row.grants, not stays)
        if stays:
            slot(table.rows, table.capacity, row.owner, row.package)[0] = row
        else:
            table.count -= 1


cdef void purge_records(LoaderData* data) noexcept nogil:
    cdef ModuleRecord* record = <ModuleRecord*>data.modules
    cdef ModuleRecord* gone
    if loader_data_stays(data):
        while record != NULL:
            purge_grants(&record.reads, False)
            record = record.next
        return
    while record != NULL:
        gone = record
        record = record.next
        purge_grants(&gone.reads, True)
        kfree(gone)
    data.modules = NULL


# The other threads are stopped, and none of them in here: they stop at safepoints only.
cdef public void modules_purge(LoaderData* dead) noexcept nogil:
    cdef LoaderData* data = loader_records()[0]
    purge_table(&packages)
    purge_table(&exports)
    purge_records(loader_boot())
    while data != NULL:
        purge_records(data)
        data = data.next
    while dead != NULL:
        purge_records(dead)
        dead = dead.gray


cdef void mark_roots() noexcept nogil:
    if boot_unnamed != NULL:
        heap_mark_root(boot_unnamed)


cdef void register_roots() noexcept nogil:
    global registered
    if not registered:
        registered = 1
        roots_register(mark_roots)


cdef public void module_set_boot_unnamed(Object* module) noexcept nogil:
    global boot_unnamed
    register_roots()
    boot_unnamed = module


cdef public int module_define(LoaderData* loader, Object* module, bint is_open, Object* version, Object* location) noexcept nogil:
    cdef Symbol* name = string_to_symbol(ref_load(module, off.java_lang_Module_name), 0)
    cdef ModuleRecord* record = <ModuleRecord*>kcalloc(1, sizeof(ModuleRecord))
    if record == NULL or name == NULL:
        kfree(record)
        return -1
    record.loader = loader
    record.module = module
    record.version = version
    record.location = location
    record.is_open = is_open
    record.is_base = name == symbol_from(b"java.base")
    register_roots()
    mutex_lock(&lock)
    record.next = <ModuleRecord*>loader.modules
    loader.modules = record
    (<ModuleRecord**>(<u8*>module + off.java_lang_Module_module_entry))[0] = record
    mutex_unlock(&lock)
    return 0


cdef int grant(Grant** grants, Object* to) noexcept nogil:
    cdef Grant* made
    cdef Grant* at = grants[0]
    while at != NULL:
        if at.to == to:
            return 0
        at = at.next
    made = <Grant*>kcalloc(1, sizeof(Grant))
    if made == NULL:
        return -1
    made.to = to
    made.next = grants[0]
    grants[0] = made
    return 0


cdef bint granted(Grant* at, Object* to) noexcept nogil:
    while at != NULL and at.to != to:
        at = at.next
    return at != NULL


cdef public int module_add_reads(Object* module, Object* to) noexcept nogil:
    cdef ModuleRecord* record = record_of(module)
    cdef int status = 0
    if record == NULL:                   # an unnamed module reads every module
        return 0
    mutex_lock(&lock)
    if to == NULL:
        record.reads_unnamed = 1
    else:
        status = grant(&record.reads, to)
    mutex_unlock(&lock)
    return status

# --- exports -----------------------------------------------------------------------------------------
cdef int export(Object* module, Symbol* package, Object* to, bint to_all) noexcept nogil:
    """`to` NULL: all modules, or all unnamed ones."""
    cdef ModuleRecord* record = record_of(module)
    cdef PackageRow* row
    cdef int status = 0
    if record == NULL or record.is_open:                         # these export everything
        return 0
    if package == NULL:
        return -1
    mutex_lock(&lock)
    row = row_made(&exports, record, package, record.loader)
    if row == NULL:
        status = -1
    elif to != NULL:
        status = grant(&row.grants, to)
    elif to_all:
        row.to_all = 1
    else:
        row.to_unnamed = 1
    mutex_unlock(&lock)
    return status


cdef public int module_export_to(Object* module, Symbol* package, Object* to) noexcept nogil:
    return export(module, package, to, False)


cdef public int module_export_to_all(Object* module, Symbol* package) noexcept nogil:
    return export(module, package, NULL, True)


cdef public int module_export_to_unnamed(Object* module, Symbol* package) noexcept nogil:
    return export(module, package, NULL, False)

# --- access ------------------------------------------------------------------------------------------
cdef ModuleAccess access_to(Object* reader, Object* module, Symbol* package) noexcept nogil:
    """`lock` is held."""
    cdef ModuleRecord* source = record_of(reader)
    cdef ModuleRecord* target = record_of(module)
    cdef PackageRow* row
    if source != NULL:
        if target == NULL:
            return MODULE_ACCESS if source.reads_unnamed or granted(source.reads, module) else MODULE_NOT_READABLE
        if not target.is_base and not granted(source.reads, module):
            return MODULE_NOT_READABLE
    if target == NULL or target.is_open:
        return MODULE_ACCESS
    row = row_of(&exports, target, package)
    if row != NULL and (row.to_all or (row.to_unnamed and source == NULL) or granted(row.grants, reader)):
        return MODULE_ACCESS
    return MODULE_NOT_EXPORTED


cdef public int module_access(Class* caller, Class* target) noexcept nogil:
    cdef Object* reader
    cdef Object* module
    cdef int access
    if caller.class_flags & CLASS_TRUSTED:
        return MODULE_ACCESS
    reader = module_of_class(caller)
    module = module_of_class(target)
    if reader == module or reader == NULL or module == NULL:
        return MODULE_ACCESS
    mutex_lock(&lock)
    access = access_to(reader, module, target.package)
    mutex_unlock(&lock)
    return access
