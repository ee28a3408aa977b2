# The interpreter on hand-made classes: no class files, the heap under the mock client of heap.pxi, the kernel
# of kernel_host.pxi.  Classes, methods and fields are named by their addresses.
from libc.string cimport memset as interp_memset, memcpy as interp_memcpy, strlen as interp_strlen
from libc.stdlib cimport calloc as interp_calloc
from kernel.types cimport u8 as _iu8, u16 as _iu16, u32 as _iu32, u64 as _iu64, i32 as _ii32, i64 as _ii64
from jvm.interpreter.helpers cimport double_remainder, double_to_int, double_to_long, lookup_switch
from jvm.interpreter.interpreter cimport java_call
from jvm.interpreter.locks cimport LockRecord
from jvm.loader.classes cimport (Class, ConstantValue, Field, Frame, Handler, InterfaceTable, JavaThread, Method, Slot, Symbol,
                                 class_of)
from jvm.loader.wellknown cimport off, wk
from jvm.runtime.exceptions cimport exceptions_init
from jvm.runtime.strings cimport (string_char, string_from_chars, string_from_modified_utf8, string_from_utf8, string_length,
                                  string_to_modified_utf8, string_to_utf8)
from jvm.runtime.utf8 cimport utf8_next

cdef enum:
    INTERP_BYTES = 1 << 26
    INTERP_VTABLE = 300
    INTERP_THROWABLE_SIZE = 40

cdef _iu64 interp_base = (<_iu64>1 << 44) + (<_iu64>1 << 34)
cdef _iu64 interp_next = 0
cdef JavaThread* interp_thread
cdef dict interp_names = {}

cdef void* interp_take(_iu64 size) except NULL:
    """Zeroed memory in the window."""
    global interp_next
    cdef void* taken = <void*>interp_next
    interp_next += (size + 15) & ~<_iu64>15
    if interp_next > interp_base + INTERP_BYTES:
        raise MemoryError("the interpreter shell's memory is used up")
    return taken

cdef Symbol* interp_symbol(str name) except NULL:
    cdef bytes text = name.encode()
    cdef Symbol* symbol
    if name not in interp_names:
        symbol = <Symbol*>interp_take(sizeof(Symbol) + len(text) + 1)
        symbol.length = <_iu16>len(text)
        interp_memcpy(symbol.text, <const char*>text, len(text))
        interp_names[name] = <_iu64>symbol
    return <Symbol*><_iu64>interp_names[name]

def interpreter_open(java_stack_slots=4096, heap_bytes=1 << 24):
    """An empty world: earlier addresses are void."""
    global interp_next, interp_thread
    if interp_next != 0:
        munmap(<void*>interp_base, INTERP_BYTES)
    if mmap(<void*>interp_base, INTERP_BYTES, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) != <void*>interp_base:
        raise MemoryError("the interpreter shell's address range is taken")
    interp_next = interp_base
    interp_names.clear()
    kernel_reset()                       # the per-CPU structure, and kmalloc
    heap_open(heap_bytes)
    interp_thread = <JavaThread*>interp_take(sizeof(JavaThread))
    interp_thread.id = 1
    interp_thread.stack_base = <Slot*>interp_take(java_stack_slots * sizeof(Slot))
    interp_thread.stack_limit = interp_thread.stack_base + <_iu64>java_stack_slots

def interpreter_class(str name, _iu64 super_class=0, int size=8, int kind=1, int access_flags=0x21, int state=4,
                      int pool=64, int type=13, int log_element=0):
    """A class with room for a constant pool and a virtual method table."""
    cdef Class* klass = <Class*>interp_take(sizeof(Class) + INTERP_VTABLE * sizeof(void*))
    cdef Class* above = <Class*>super_class
    cdef int depth
    klass.name = interp_symbol(name)
    klass.super_class = above
    klass.shape.size = size
    klass.shape.kind = <_iu8>kind
    klass.shape.log_element = <_iu8>log_element
    klass.access_flags = <_iu16>access_flags
    klass.state = <_iu8>state
    klass.type = <_iu8>type
    klass.pool.count = <_iu16>pool
    klass.pool.tags = <_iu8*>interp_take(pool)
    klass.pool.values = <ConstantValue*>interp_take(pool * sizeof(ConstantValue))
    klass.methods = <Method*>interp_take(64 * sizeof(Method))
    klass.fields = <Field*>interp_take(64 * sizeof(Field))
    if above != NULL:
        klass.depth = above.depth + 1
        for depth in range(8):
            klass.display[depth] = above.display[depth]
        klass.vtable_length = above.vtable_length
        for depth in range(above.vtable_length):
            klass.vtable[depth] = above.vtable[depth]
    if klass.depth < 8:
        klass.display[klass.depth] = klass
    return <_iu64>klass

def interpreter_array_class(_iu64 element, int log_element, bint references, _iu64 super_class=0):
    cdef Class* component = <Class*>element
    cdef str name = component.name.text[:component.name.length].decode()
    cdef Class* klass = <Class*><_iu64>interpreter_class("[" + ("L" + name + ";" if references and name[0] != "[" else name), super_class,
                                                       0, 4 if references else 5, 0x411, 4, 1, 13, log_element)
    klass.element = component
    klass.dimensions = component.dimensions + 1
    component.array = klass
    return <_iu64>klass

def interpreter_method(_iu64 klass, str name, str descriptor, bytes code, int max_locals, int max_stack, int argument_slots,
                       int return_type, int access_flags=9, int vtable_index=-1, handlers=(), int flags=4):
    cdef Class* holder = <Class*>klass
    cdef Method* method = &holder.methods[holder.method_count]
    cdef Handler* handler
    holder.method_count += 1
    method.holder = holder
    method.name = interp_symbol(name)
    method.descriptor = interp_symbol(descriptor)
    method.code = <_iu8*>interp_take(len(code) + 8)
    interp_memcpy(method.code, <const char*>code, len(code))
    method.code_length = len(code)
    method.max_locals = max_locals
    method.max_stack = max_stack
    method.argument_slots = argument_slots
    method.return_type = return_type
    method.access_flags = access_flags
    method.flags = flags
    method.vtable_index = vtable_index
    method.itable_index = -1
    if vtable_index >= 0:
        holder.vtable[vtable_index] = method
        holder.vtable_length = max(holder.vtable_length, vtable_index + 1)
    if handlers:
        method.handlers = <Handler*>interp_take(len(handlers) * sizeof(Handler))
        method.handler_count = len(handlers)
        for number, (start, end, at, catch_type) in enumerate(handlers):
            handler = &method.handlers[<int>number]
            handler.start_pc, handler.end_pc, handler.handler_pc, handler.catch_type = start, end, at, catch_type
    return <_iu64>method

def interpreter_field(_iu64 klass, str name, str descriptor, int offset, int type, int access_flags=1):
    cdef Class* holder = <Class*>klass
    cdef Field* field = &holder.fields[holder.field_count]
    holder.field_count += 1
    field.holder = holder
    field.name = interp_symbol(name)
    field.descriptor = interp_symbol(descriptor)
    field.offset = offset
    field.type = type
    field.access_flags = access_flags
    return <_iu64>field

def interpreter_mirror(_iu64 klass, int static_bytes):
    """Memory for the statics of a class."""
    (<Class*>klass).mirror = <Object*>interp_take(64 + static_bytes)

def interpreter_constant(_iu64 klass, int index, int tag, _iu64 value):
    cdef Class* holder = <Class*>klass
    holder.pool.tags[index] = tag
    holder.pool.values[index].raw = value

def interpreter_code(_iu64 method) -> bytes:
    """The code as it is now, quick instructions included."""
    return (<char*>(<Method*>method).code)[:(<Method*>method).code_length]

def interpreter_call(_iu64 method, arguments=()):
    """(0, raw result) or (-1, address of the exception).  `arguments` are raw slots, two for longs."""
    cdef Slot slots[256]
    cdef Slot result
    cdef int outcome
    cdef Object* thrown
    cdef _iu64 value
    for number, value in enumerate(arguments):
        slots[<int>number].raw = value
    result.raw = 0
    with nogil:
        outcome = java_call(interp_thread, <Method*>method, slots, &result)
    if interp_thread.frame != NULL or interp_thread.native_depth != 0 or interp_thread.lock_count != 0:
        raise AssertionError("frames or locks were left behind")
    thrown = interp_thread.exception
    interp_thread.exception = NULL
    return (outcome, <_iu64>thrown if outcome else result.raw)

def interpreter_remainder(double dividend, double divisor) -> float:
    return double_remainder(dividend, divisor)

def interpreter_d2i(double value) -> int:
    return double_to_int(value)

def interpreter_d2l(double value) -> int:
    return double_to_long(value)

def interpreter_utf8(bytes text) -> list:
    """The code points that the VM reads in a byte string."""
    cdef _iu32 position = 0
    cdef _iu32 length = len(text)
    cdef const _iu8* at = <const _iu8*>text
    points = []
    while position < length:
        points.append(utf8_next(at, length, &position))
    return points
