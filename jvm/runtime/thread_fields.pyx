# java.lang.Thread's members by name; see thread_fields.pxd.
from kernel.types cimport u8, u32, i32
from kernel.diagnostics.format cimport kprint
from kernel.diagnostics.panic cimport panic
from jvm.heap.object cimport Object, ref_load
from jvm.loader.classes cimport Class, Field, JavaThread, Method
from jvm.loader.loader cimport class_find_field, class_named_method, loader_load_boot
from jvm.loader.symbols cimport symbol_from
from jvm.runtime.exceptions cimport fatal_out_of_memory
from jvm.runtime.thread cimport java_thread_current
from jvm.runtime.thread_fields cimport *
from jvm.runtime.threads cimport thread_contention_note

cdef extern from *:
    void full_barrier "__sync_synchronize"() noexcept nogil

cdef ThreadFields table
cdef u32 table_filled

cdef Class* find_class(const char* name) noexcept nogil:
    cdef Class* klass = loader_load_boot(java_thread_current(), symbol_from(name))
    if klass == NULL:
        if java_thread_current().exception != NULL:
            fatal_out_of_memory(name)
        kprint(b"class %s is not in the class library\n", name)
        panic(b"the class library does not fit this virtual machine")
    return klass

cdef u32 find_field(Class* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef Field* field = class_find_field(klass, symbol_from(name), symbol_from(descriptor))
    if field == NULL:
        kprint(b"java.lang.Thread has no field %s\n", name)
        panic(b"the class library does not fit this virtual machine")
    return field.offset

cdef Method* find_method(Class* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef Method* method = class_named_method(klass, name, descriptor)
    if method == NULL:
        kprint(b"java.lang.Thread has no method %s\n", name)
        panic(b"the class library does not fit this virtual machine")
    return method

cdef public ThreadFields* thread_fields() noexcept nogil:
    global table_filled
    cdef Class* klass
    if not table_filled:
        # Two threads that meet here write the same values.
        klass = find_class(b"java/lang/Thread")
        table.eetop = find_field(klass, b"eetop", b"J")
        table.holder = find_field(klass, b"holder", b"Ljava/lang/Thread$FieldHolder;")
        table.tid = find_field(klass, b"tid", b"J")
        table.park_blocker = find_field(klass, b"parkBlocker", b"Ljava/lang/Object;")
        table.name = find_field(klass, b"name", b"Ljava/lang/String;")
        table.interrupted = find_field(klass, b"interrupted", b"Z")
        table.run = find_method(klass, b"run", b"()V")
        table.exit = find_method(klass, b"exit", b"()V")
        table.dispatch_uncaught = find_method(klass, b"dispatchUncaughtException", b"(Ljava/lang/Throwable;)V")
        klass = find_class(b"java/lang/Thread$FieldHolder")
        table.holder_status = find_field(klass, b"threadStatus", b"I")
        table.holder_daemon = find_field(klass, b"daemon", b"Z")
        table.holder_stack_size = find_field(klass, b"stackSize", b"J")
        table.holder_priority = find_field(klass, b"priority", b"I")
        full_barrier()
        table_filled = 1
    return &table

cdef public i32 thread_set_status(JavaThread* t, i32 status) noexcept nogil:
    cdef Object* holder
    cdef i32* cell
    cdef i32 old
    if t.object == NULL:
        return STATUS_RUNNABLE
    holder = ref_load(t.object, thread_fields().holder)
    if holder == NULL:                   # its constructor has not come so far
        return STATUS_RUNNABLE
    cell = <i32*>(<u8*>holder + table.holder_status)
    old = cell[0]
    cell[0] = status
    thread_contention_note(t, old, status)
    return old

# Thread.interrupt sets the field first and then calls interrupt0, which sets t.interrupted and wakes.
# So the note is cleared before the field is read: an interrupt that comes later sets it again.
cdef public int thread_test_interrupt(JavaThread* t, int clear) noexcept nogil:
    cdef u8* field
    if t.object == NULL:
        return 0
    field = <u8*>t.object + thread_fields().interrupted
    t.interrupted = 0
    full_barrier()
    if not field[0]:
        return 0
    if clear:
        field[0] = 0
    else:
        t.interrupted = 1
    return 1
