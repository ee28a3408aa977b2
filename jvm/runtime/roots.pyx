# The heap's client: where the JVM keeps objects.
#
# Roots are: locals and operands on the Java stack of every thread, and its kernel stack from the
# stopped stack pointer up (both conservatively), the thread structures, the class of each frame's method,
# the classes that never go with what they hold (jvm/loader/unloading.pyx), and what was registered.
# Interned strings are weak (jvm/runtime/strings.pyx sweeps them): a class keeps those it resolved.
from kernel.types cimport i64, u8, u16, u32, u64
from kernel.diagnostics.log cimport log_error, log_warning
from kernel.diagnostics.panic cimport panic
from kernel.memory.pages cimport PAGES_ZERO, PAGE_SIZE, pages_alloc
from kernel.platform.platform cimport platform_release
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.stress cimport stress_on, stress_point
from kernel.threads.thread cimport Thread
from kernel.time.clock cimport clock_monotonic
from jvm.heap.heap cimport HeapClient, heap_mark_root, heap_scan_conservatively, heap_scan_native, heap_set_reference_layout
from jvm.heap.object cimport SHAPE_INSTANCE, SHAPE_LOADER, SHAPE_UNLOADABLE, Object, Shape, object_shape, shape_kind, window_base
from jvm.interpreter.locks cimport locks_scan
from jvm.loader.classes cimport CLASS_ERRONEOUS, CLASS_LINKED, Class, Field, Frame, JavaThread, Slot
from jvm.loader.loader cimport (
    class_find_field, field_static_address, loader_boot, loader_find_loaded, mirror_class)
from jvm.loader.memory cimport metadata_owner
from jvm.loader.symbols cimport symbol_from
from jvm.loader.unloading cimport (
    Unloaded, class_may_go, loader_data_mark, unloading_instance, unloading_loader, unloading_report, unloading_roots,
    unloading_sweep, unloading_take_names, unloading_watched)
from jvm.runtime.memory_watch cimport memory_watch_after, memory_watch_before, memory_watch_crossed
from jvm.runtime.monitor cimport monitors_sweep
from jvm.runtime.observe cimport (Collection, observe_collection_begin, observe_collection_end,
                                  observe_collection_report)
from jvm.runtime.thread cimport FRAME_LOCKED
from jvm.runtime.typed_locals cimport TYPED_LOCALS, typed_locals, typed_locals_begin
from jvm.runtime.threads cimport (
    java_threads_for_each, java_threads_resume_others, java_threads_stop_others, reference_pending_announce)

cdef enum:
    REGISTERED_MAX = 32
    VARIABLES_MAX = 64

cdef struct Registered:
    void (*call)() noexcept nogil

cdef HeapClient client
cdef Registered visitors[REGISTERED_MAX]
cdef Registered sweeps[REGISTERED_MAX]
cdef Object** variables[VARIABLES_MAX]
cdef u32 visitor_count
cdef u32 sweep_count
cdef u32 variable_count
cdef i64* soft_clock                     # SoftReference.clock
cdef u32 references_known
cdef u64 clock_origin

cdef extern from *:
    """
    /* Makes the compiler store every callee-saved register in this frame. */
    #define spill_registers() __builtin_unwind_init()
    static inline uint64_t stack_pointer(void) { uint64_t sp; __asm__ volatile("movq %%rsp, %0" : "=r"(sp)); return sp; }
    """
    void spill_registers() noexcept nogil
    u64 stack_pointer() noexcept nogil

cdef public void roots_register(void (*visit)() noexcept nogil) noexcept nogil:
    global visitor_count
    if visitor_count == REGISTERED_MAX:
        panic(b"roots_register: table full")
    visitors[visitor_count].call = visit
    visitor_count += 1

cdef public void roots_register_sweep(void (*sweep)() noexcept nogil) noexcept nogil:
    global sweep_count
    if sweep_count == REGISTERED_MAX:
        panic(b"roots_register_sweep: table full")
    sweeps[sweep_count].call = sweep
    sweep_count += 1

cdef public void roots_register_variable(Object** variable) noexcept nogil:
    global variable_count
    if variable_count == VARIABLES_MAX:
        panic(b"roots_register_variable: table full")
    variables[variable_count] = variable
    variable_count += 1

# --- threads ----------------------------------------------------------------------------------------

# One past the last slot that the thread's youngest frame may use.
cdef Slot* java_stack_top(JavaThread* t) noexcept nogil:
    cdef Frame* frame = t.frame
    cdef Slot* top
    if frame == NULL:
        return t.stack_base
    top = <Slot*>(frame + 1)
    if frame.method != NULL:
        top += frame.method.max_stack
    if frame.sp > top:
        top = frame.sp
    return top if top < t.stack_limit else t.stack_limit

cdef void scan_locals(Frame* frame, u64 references) noexcept nogil:
    cdef Slot* slot = frame.locals
    cdef u32 known = TYPED_LOCALS
    while slot < <Slot*>frame and known > 0:
        if references & 1:
            heap_scan_conservatively(slot, slot + 1)
        references >>= 1
        known -= 1
        slot += 1
    heap_scan_conservatively(slot, frame)

# Locals and operands, conservatively; of the locals only what the types of the code say are references, but
# for the youngest frame, which may be anywhere in an instruction.  A frame's own fields are left out: those
# that a call has not stored yet hold what was in their place before, often a reference that the program has dropped.
cdef void scan_java_stack(JavaThread* t) noexcept nogil:
    cdef Frame* frame = t.frame
    cdef void* high = java_stack_top(t)
    while frame != NULL:
        heap_scan_conservatively(frame + 1, high)
        if frame.method != NULL and class_may_go(frame.method.holder):
            loader_data_mark(frame.method.holder.owner)
        if frame.flags & FRAME_LOCKED:
            heap_mark_root(frame.locked)
        high = frame
        if frame != t.frame and frame.method != NULL and frame.locals < <Slot*>frame:
            scan_locals(frame, typed_locals(frame))
            high = frame.locals
        frame = frame.previous
    heap_scan_conservatively(t.stack_base, high)

cdef void visit_thread(JavaThread* t) noexcept nogil:
    cdef Thread* kernel = <Thread*>t.kernel
    heap_mark_root(t.exception)
    heap_mark_root(t.object)
    heap_mark_root(t.carrier_object)
    heap_mark_root(t.scoped_values)
    heap_mark_root(t.blocker)
    locks_scan(t)
    if t.stack_base != NULL:
        scan_java_stack(t)
    if kernel == thread_current():
        heap_scan_native(<void*>stack_pointer(), <void*>kernel.stack_high)
    elif kernel.saved_sp >= kernel.stack_low and kernel.saved_sp < kernel.stack_high:
        heap_scan_native(<void*>kernel.saved_sp, <void*>kernel.stack_high)

# --- classes ----------------------------------------------------------------------------------------

cdef void visit_roots() noexcept nogil:
    cdef u32 i
    spill_registers()
    typed_locals_begin()
    unloading_roots()                    # first: it says which addresses the scans of the stacks look for
    java_threads_for_each(visit_thread)
    for i in range(variable_count):
        heap_mark_root(variables[i][0])
    for i in range(visitor_count):
        visitors[i].call()

# Statics lie behind the mirror's own fields; their runs count from the mirror's start.
cdef void describe_mirror(Object* mirror, u32* size, u32* run_count, void** runs) noexcept nogil:
    cdef Class* klass = mirror_class(mirror)
    size[0] = object_shape(mirror).size
    run_count[0] = 0
    if klass != NULL:
        size[0] = (size[0] + klass.static_size + 7) & ~<u32>7
        run_count[0] = klass.static_run_count
        runs[0] = klass.static_runs

cdef void sweep() noexcept nogil:
    cdef u32 i
    monitors_sweep()
    for i in range(sweep_count):
        sweeps[i].call()
    unloading_sweep()

# --- references -------------------------------------------------------------------------------------

cdef u32 offset_of(Class* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef Field* field = class_find_field(klass, symbol_from(name), symbol_from(descriptor))
    if field == NULL:
        log_error(b"java.lang.ref has no field %s", name)
        panic(b"the class library does not fit this virtual machine")
    return field.offset

cdef Class* linked_class(const char* name) noexcept nogil:
    cdef Class* klass = loader_find_loaded(loader_boot(), symbol_from(name))
    return klass if klass != NULL and klass.state >= CLASS_LINKED and klass.state != CLASS_ERRONEOUS else NULL

# Looks java.lang.ref up as soon as its classes are linked, hence before the first instance can be.
cdef void find_references() noexcept nogil:
    global references_known, soft_clock
    cdef Class* reference
    cdef Class* soft
    if references_known or loader_boot() == NULL:
        return
    reference = linked_class(b"java/lang/ref/Reference")
    soft = linked_class(b"java/lang/ref/SoftReference")
    if reference == NULL:
        return
    heap_set_reference_layout(offset_of(reference, b"referent", b"Ljava/lang/Object;"),
                              offset_of(reference, b"discovered", b"Ljava/lang/ref/Reference;"),
                              offset_of(reference, b"next", b"Ljava/lang/ref/Reference;"),
                              offset_of(soft, b"timestamp", b"J") if soft != NULL else 0)
    if soft != NULL and soft.mirror != NULL:
        soft_clock = <i64*>field_static_address(class_find_field(soft, symbol_from(b"clock"), symbol_from(b"J")))
        references_known = 1

# Milliseconds since the heap was made, so that SoftReference.clock, which Java code reads before the first
# collection, may begin as 0.
cdef u64 tick() noexcept nogil:
    global clock_origin
    cdef u64 now = clock_monotonic() // 1000000
    if clock_origin == 0:
        clock_origin = now
    now -= clock_origin
    if soft_clock != NULL:
        soft_clock[0] = <i64>now
    return now

# --- the rest of the client -------------------------------------------------------------------------

cdef void stop() noexcept nogil:
    java_threads_stop_others()
    observe_collection_begin()
    memory_watch_before()
    find_references()

cdef void resume() noexcept nogil:
    cdef Collection made
    cdef Unloaded unloaded
    observe_collection_end(&made)
    unloading_take_names(&unloaded)
    memory_watch_after()
    reference_pending_announce()
    java_threads_resume_others()
    observe_collection_report(&made)
    unloading_report(&unloaded)

cdef void lock() noexcept nogil:
    events_mask()

cdef void unlock() noexcept nogil:
    events_unmask()

cdef u64 reserve(u64 bytes) noexcept nogil:
    return pages_alloc((bytes + PAGE_SIZE - 1) // PAGE_SIZE, 1, PAGES_ZERO)

cdef void release(u64 address, u64 size) noexcept nogil:
    platform_release(address, size)

# Class structures lie in the window below the compressed pointers' reach and begin with a Shape.
cdef int shape_known(Shape* shape) noexcept nogil:
    return <u64>shape > window_base() and shape_kind(shape) >= SHAPE_INSTANCE and shape_kind(shape) <= SHAPE_LOADER \
        and (not shape.kind & SHAPE_UNLOADABLE or metadata_owner(<u64>shape) != NULL)

cdef void report(const char* what, u64 address, u64 detail) noexcept nogil:
    log_error(b"heap: %s at %x (%x)", what, address, detail)

cdef public void roots_init() noexcept nogil:
    client.reserve = reserve
    client.roots = visit_roots
    client.mirror = describe_mirror
    client.loader = unloading_loader
    client.instance = unloading_instance
    client.watched = unloading_watched
    client.sweep = sweep
    client.stop = stop
    client.resume = resume
    client.clock = tick
    client.nanoseconds = clock_monotonic
    client.lock = lock
    client.unlock = unlock
    client.release = release
    client.shape_known = shape_known
    client.report = report
    client.point = NULL
    if stress_on():
        client.point = stress_point
    client.crossed = memory_watch_crossed

cdef public HeapClient* roots_client() noexcept nogil:
    return &client
