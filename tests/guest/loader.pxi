# The loader on the real class library, without a running machine: no mirrors, no Java code; what it
# throws is recorded as text.
from kernel.types cimport u8 as l_u8, u16 as l_u16, u32 as l_u32, u64 as l_u64
from jvm.heap.object cimport Object as LObject
from jvm.loader.classes cimport (ACC_STATIC as L_STATIC, Class as LClass, Field as LField, LoaderData as LLoaderData, JavaThread as LThread,
                                 Method as LMethod, Symbol as LSymbol)
from jvm.loader.define cimport define_class
from jvm.loader.jimage cimport jimage_entry, jimage_find, jimage_find_class, jimage_open, jimage_package_module
from jvm.loader.loader cimport (class_array_of as l_array_of, class_find_method as l_find_method,
    class_is_subtype as l_subtype, class_link as l_link, class_primitive as l_primitive, loader_boot, loader_class_count,
    loader_forget, loader_init_memory, loader_load_boot)
from jvm.loader.messages cimport loader_set_thrower
from jvm.loader.memory cimport loader_alloc, metadata_bounds, metadata_free, metadata_owner, metadata_record, metadata_unloadable
from jvm.loader.parser cimport (PARSE_TRUSTED, ParsedClass, class_source_file, method_line_number, parse_class)
from jvm.loader.resolution cimport select_interface as l_select_interface, select_virtual as l_select_virtual
from jvm.verifier.verifier cimport verify_class as l_verify
from jvm.loader.symbols cimport symbol_count, symbol_find, symbol_from, symbol_intern
from libc.string cimport memcpy as l_memcpy

cdef extern from *:
    """
    #include <fcntl.h>
    #include <sys/stat.h>
    static void *l_map_file(const char *path, unsigned long *size) {
        struct stat s; void *p = 0; int fd = open(path, O_RDONLY);
        if (fd >= 0 && fstat(fd, &s) == 0) { *size = s.st_size; p = mmap(0, s.st_size, PROT_READ, MAP_PRIVATE, fd, 0); }
        if (fd >= 0) close(fd);
        return p == MAP_FAILED ? 0 : p;
    }
    /* Room whose end is the end of the readable memory. */
    static unsigned char *l_room(void) {
        static unsigned char *end;
        if (!end) {
            unsigned char *p = mmap(0, (1 << 22) + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            mprotect(p + (1 << 22), 4096, PROT_NONE);
            end = p + (1 << 22);
        }
        return end;
    }
    """
    void* l_map_file(const char* path, unsigned long* size) noexcept nogil
    l_u8* l_room() noexcept nogil

cdef void* l_image
cdef unsigned long l_image_size
cdef LThread l_thread
cdef list l_thrown = []

cdef void l_throw(LThread* t, const char* class_name, const char* text) noexcept nogil:
    t.exception = <LObject*>8
    with gil:
        l_thrown.append((class_name.decode(), "" if text == NULL else text.decode("utf-8", "replace")))

cdef tuple l_pending():
    """What was thrown since the last call."""
    l_thread.exception = NULL
    found = tuple(l_thrown)
    l_thrown.clear()
    return found

cdef str l_text(LSymbol* symbol):
    return (<const char*>symbol.text)[:symbol.length].decode("utf-8", "surrogateescape")

class LoaderError(Exception):
    """A Java exception of the loader: its class and its message."""

def loader_open(str path) -> None:
    """A loader that knows nothing yet, over the class library at `path`."""
    global l_image
    kernel_reset()
    loader_forget()
    loader_set_thrower(l_throw)
    l_pending()
    l_thread.id = 1
    if l_image == NULL:
        l_image = l_map_file(path.encode(), &l_image_size)
        if l_image == NULL:
            raise OSError(path)
    error = loader_init_memory(<const l_u8*>l_image, l_image_size)
    if error != 0:
        raise OSError(-error, path)

def loader_symbols(list texts) -> list:
    """Addresses of interned texts."""
    return [<l_u64>symbol_intern(<const l_u8*><const char*>text, len(text)) for text in texts]

def loader_symbol_count() -> int:
    return symbol_count()

def loader_find_symbol(bytes text) -> int:
    return <l_u64>symbol_find(<const l_u8*><const char*>text, len(text))

def jimage_bytes(bytes data) -> int:
    """jimage_open on arbitrary bytes, then lookups that must stay inside; its result."""
    cdef char name[256]
    cdef const l_u8* found
    cdef l_u64 size
    cdef l_u8* room = l_room() - ((len(data) + 3) & ~3)
    cdef int index
    l_memcpy(room, <const char*>data, len(data))
    result = jimage_open(room, len(data))
    for index in range(64):
        jimage_entry(index, name, 256, &found, &size)
    jimage_package_module(<const l_u8*>b"java/lang", 9)
    jimage_find_class(b"java.base", <const l_u8*>b"java/lang/Object", 16, &size)
    jimage_find(<const l_u8*>b"/java.base/java/lang/Object.class", 33, &size)
    jimage_open(<const l_u8*>l_image, l_image_size)
    return result

def jimage_lookups() -> tuple:
    """Finds every location again by its name: (locations, those that lookup does not find, classes found by package)."""
    cdef char name[512]
    cdef const l_u8* contents
    cdef const l_u8* found
    cdef const char* module
    cdef l_u64 size, again
    cdef l_u32 index = 0
    cdef int count = 0
    cdef int classes = 0
    missed = []
    while jimage_entry(index, name, 512, &contents, &size):
        index += 1
        text = <bytes>name
        if not text:
            continue
        count += 1
        if contents != jimage_find(<const l_u8*>name, len(text), &again) or again != size:
            missed.append(text.decode())
        if text.endswith(b".class") and text.count(b"/") > 2 and not text.startswith(b"/packages"):
            owner, _, internal = text[1:len(text) - 6].partition(b"/")
            package = internal.rpartition(b"/")[0]
            module = jimage_package_module(<const l_u8*><const char*>package, len(package))
            if module == NULL or module != owner or jimage_find_class(module, <const l_u8*><const char*>internal, len(internal), &again) != contents:
                missed.append(text.decode())
            classes += 1
    return count, missed, classes

def loader_parse_image(int trusted) -> tuple:
    """Parses every class of the image: (classes, methods, fields, failures)."""
    cdef char name[512]
    cdef const l_u8* contents
    cdef l_u64 size
    cdef l_u32 index = 0
    cdef ParsedClass parsed
    cdef long classes = 0
    cdef long methods = 0
    cdef long fields = 0
    failures = []
    while jimage_entry(index, name, 512, &contents, &size):
        index += 1
        text = <bytes>name
        if not text.endswith(b".class") or text.endswith(b"/module-info.class"):
            continue
        if parse_class(&l_thread, loader_boot(), loader_boot(), contents, size, PARSE_TRUSTED if trusted else 0, NULL, NULL, &parsed) != 0:
            failures.append((text.decode(), l_pending()))
            continue
        classes += 1
        methods += parsed.method_count
        fields += parsed.field_count
    return classes, methods, fields, failures

cdef dict l_describe(LClass* klass):
    cdef l_u32 i
    cdef LField* field
    cdef LMethod* method
    fields = []
    for i in range(<l_u32>klass.field_count + klass.injected_count):
        field = &klass.fields[i]
        fields.append((l_text(field.name), l_text(field.descriptor), field.offset, field.access_flags, i >= klass.field_count))
    methods = []
    for i in range(klass.method_count):
        method = &klass.methods[i]
        methods.append((l_text(method.name), l_text(method.descriptor), method.access_flags, method.vtable_index,
                        method.itable_index, method.argument_slots, method.flags))
    return {
        "address": <l_u64>klass, "name": l_text(klass.name), "flags": klass.access_flags,
        "super": l_text(klass.super_class.name) if klass.super_class != NULL else None,
        "interfaces": [l_text(klass.interfaces[i].name) for i in range(klass.interface_count)],
        "all_interfaces": [l_text(klass.all_interfaces[i].name) for i in range(klass.all_interface_count)],
        "size": klass.shape.size, "end": klass.instance_end, "kind": klass.shape.kind, "strength": klass.shape.strength,
        "finalizer": klass.shape.has_finalizer,
        "runs": [(klass.shape.runs[i].offset, klass.shape.runs[i].count) for i in range(klass.shape.run_count)],
        "static_size": klass.static_size,
        "static_runs": [(klass.static_runs[i].offset, klass.static_runs[i].count) for i in range(klass.static_run_count)],
        "fields": fields, "methods": methods,
        "vtable": [(l_text(klass.vtable[i].holder.name), l_text(klass.vtable[i].name), l_text(klass.vtable[i].descriptor))
                   for i in range(klass.vtable_length)] if not klass.access_flags & 0x200 else [],
    }

def loader_load(str name) -> dict:
    """Loads and links a class of the boot loader, and tells what it has become."""
    cdef LClass* klass = loader_load_boot(&l_thread, symbol_from(name.encode()))
    thrown = l_pending()
    if klass == NULL:
        raise LoaderError(*(thrown[0] if thrown else ("not found", name)))
    if l_link(&l_thread, klass) != 0:
        raise LoaderError(*l_pending()[0])
    return l_describe(klass)

def loader_define(bytes data, str expected="") -> dict:
    """Defines, verifies and links a class that is not trusted.  Its bytes end where memory ends."""
    cdef LClass* klass
    cdef l_u8* copy = <l_u8*>host_map((len(data) + 4095) // 4096 * 4096 + 4096)
    cdef bytes name = expected.encode()
    host_protect_pages(<l_u64>copy + (len(data) + 4095) // 4096 * 4096, 4096, 0)
    copy += (4096 - len(data) % 4096) % 4096
    l_memcpy(copy, <const char*>data, len(data))
    klass = define_class(&l_thread, loader_boot(), symbol_from(name) if name else NULL, copy, len(data), NULL, 0)
    if klass == NULL:
        raise LoaderError(*l_pending()[0])
    # Linking does not verify what the boot loader defines.
    if l_verify(&l_thread, klass) != 0 or l_link(&l_thread, klass) != 0:
        raise LoaderError(*l_pending()[0])
    return l_describe(klass)

def loader_subtype(str sub, str of) -> bool:
    """By the names of loaded classes; "[[I" and "int" too."""
    cdef LClass* a = l_named(sub)
    cdef LClass* b = l_named(of)
    return l_subtype(a, b) != 0

cdef LClass* l_named(str name) except NULL:
    cdef LClass* klass
    names = {"boolean": 4, "char": 5, "float": 6, "double": 7, "byte": 8, "short": 9, "int": 10, "long": 11, "void": 12}
    if name in names:
        return l_primitive(names[name])
    klass = loader_load_boot(&l_thread, symbol_from(name.encode()))
    if klass == NULL:
        raise LoaderError(name)
    return klass

def loader_select(str actual, str holder, str name, str descriptor) -> str:
    """The holder of the method that a call of holder.name selects for a receiver of class `actual`."""
    cdef LMethod* method = l_find_method(l_named(holder), symbol_from(name.encode()), symbol_from(descriptor.encode()))
    if method == NULL:
        raise LoaderError("no such method")
    method = l_select_virtual(&l_thread, l_named(actual), method)
    if method == NULL:
        raise LoaderError(*l_pending()[0])
    return l_text(method.holder.name)

def loader_lines(str class_name, list points) -> list:
    """Line of each (method index, pc), and the source file."""
    cdef LClass* klass = l_named(class_name)
    cdef LSymbol* source = class_source_file(klass)
    return [method_line_number(&klass.methods[m], pc) for m, pc in points] + [None if source == NULL else l_text(source)]

def loader_classes() -> int:
    return loader_class_count()


# --- records that may go -----------------------------------------------------------------------------

def metadata_new(bytes_at_first=0):
    """A record that may go; its address, 0: no memory."""
    return <l_u64>metadata_record(NULL, NULL, bytes_at_first)

def metadata_alloc(record, size):
    return <l_u64>loader_alloc(<LLoaderData*><l_u64>record, size)

def metadata_owner_of(address):
    return <l_u64>metadata_owner(address)

def metadata_range():
    cdef l_u64 low, high
    metadata_bounds(&low, &high)
    return low, high

def metadata_bytes():
    return metadata_unloadable()

def metadata_release(dead, alive, poison=0):
    """Frees the records `dead`; `alive` are all others."""
    cdef LLoaderData* d = NULL
    cdef LLoaderData* a = NULL
    for record in dead:
        (<LLoaderData*><l_u64>record).gray = d
        d = <LLoaderData*><l_u64>record
    for record in alive:
        (<LLoaderData*><l_u64>record).next = a
        a = <LLoaderData*><l_u64>record
    metadata_free(d, a, poison)
