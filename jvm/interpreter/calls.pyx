# Calling and leaving methods: see calls.pxd and interpreter.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.threads.thread cimport Thread
from jvm.heap.object cimport Object
from jvm.interpreter.faults cimport throw_abstract, throw_unsatisfied_link
from jvm.interpreter.frames cimport FRAME_SLOTS, stack_top, unlikely
from jvm.interpreter.locks cimport frame_unlock_all
from jvm.interpreter.polymorphic cimport polymorphic_target
from jvm.loader.classes cimport (ACC_ABSTRACT, ACC_NATIVE, ACC_STATIC, ACC_SYNCHRONIZED, Class, Handler, NATIVE_DECLINED,
                                 METHOD_INTRINSIC, METHOD_LEAF, METHOD_POLYMORPHIC, METHOD_PREPARED, NativeMethod, TYPE_DOUBLE, TYPE_LONG, TYPE_VOID,
                                 class_of)
from jvm.loader.loader cimport class_is_subtype, class_link
from jvm.loader.resolution cimport resolve_class
from jvm.loader.wellknown cimport wk
from jvm.runtime.exceptions cimport throw_class, throw_format, throw_stack_overflow
from jvm.runtime.monitor cimport monitor_enter_fast, monitor_exit_fast
from jvm.runtime.thread cimport FRAME_ENTRY, FRAME_LOCKED, FRAME_MONITORS, FRAME_NATIVE

cdef extern int interpret(JavaThread* t, Frame* frame) noexcept nogil        # generated from loop.tp

cdef extern from * nogil:
    u64 frame_address "(uint64_t)__builtin_frame_address"(int level) noexcept

cdef enum:
    KERNEL_STACK_RESERVE = 32768         # for what runs below the deepest Java call: a collection, a driver
    NATIVE_DEPTH_MAX = 256               # where the bounds of the kernel stack are not known (tests)

cdef bint kernel_stack_is_short(JavaThread* t) noexcept nogil:
    cdef Thread* thread = <Thread*>t.kernel
    if thread == NULL or thread.stack_low == 0:
        return t.native_depth > NATIVE_DEPTH_MAX
    return frame_address(0) < thread.stack_low + KERNEL_STACK_RESERVE

cdef Frame* push_frame(JavaThread* t, Method* method, Slot* args, u32 locals_count, u64 flags) noexcept nogil:
    """A frame on top of `args`, now the youngest; NULL after StackOverflowError."""
    cdef Frame* frame = <Frame*>(args + locals_count)
    if <Slot*>(frame + 1) + method.max_stack > t.stack_limit:
        throw_stack_overflow(t)
        return NULL
    frame.previous = t.frame
    frame.method = method
    frame.pc = method.code
    frame.sp = <Slot*>(frame + 1)
    frame.locals = args
    frame.locked = NULL
    frame.flags = flags
    frame.constants = method.holder.pool.values
    method.invocations += 1
    t.frame = frame
    return frame

cdef int lock_method(JavaThread* t, Frame* frame) noexcept nogil:
    """JVMS §2.11.10: a synchronized method holds the monitor of its receiver or its class."""
    cdef Method* method = frame.method
    cdef Object* object = method.holder.mirror if method.access_flags & ACC_STATIC else frame.locals[0].a
    frame.locked = object
    if monitor_enter_fast(t, object) != 0:
        return -1
    frame.flags |= FRAME_LOCKED
    return 0

cdef int unlock_method(JavaThread* t, Frame* frame) noexcept nogil:
    """Gives up the monitor of a synchronized method.  An exception that is pending stays, unless the
    monitor is not held any more."""
    cdef Object* pending = t.exception
    cdef int outcome
    if not frame.flags & FRAME_LOCKED:
        return 0
    frame.flags &= ~<u64>FRAME_LOCKED
    t.exception = NULL
    outcome = monitor_exit_fast(t, frame.locked)
    if pending != NULL:
        t.exception = pending
    return outcome

cdef inline int result_slots(Method* method) noexcept nogil:
    return 0 if method.return_type == TYPE_VOID else \
        2 if method.return_type == TYPE_LONG or method.return_type == TYPE_DOUBLE else 1

cdef inline bint declined(Method* method, Slot* value) noexcept nogil:
    """An intrinsic has done nothing: the Java body is to run.  What is native has no body."""
    return unlikely(value.raw == NATIVE_DECLINED) and method.flags & METHOD_INTRINSIC and result_slots(method) == 1

cdef int call_native(JavaThread* t, Method* method, Slot* args) noexcept nogil:
    """Runs a native method; its result goes to args[0].  0, -1 with an exception, or 1 if it has declined."""
    cdef Frame* frame
    cdef Slot value
    value.raw = 0
    if method.flags & METHOD_LEAF:
        method.native(t, args, &value)
        if declined(method, &value):
            return 1
        method.invocations += 1
        args[0].raw = value.raw
        return 0
    if method.native == NULL:
        return throw_unsatisfied_link(t, method)
    frame = push_frame(t, method, args, method.argument_slots, FRAME_NATIVE)
    if frame == NULL:
        return -1
    frame.pc = NULL
    if not method.access_flags & ACC_SYNCHRONIZED or lock_method(t, frame) == 0:
        method.native(t, args, &value)
    if frame.flags & FRAME_LOCKED:
        unlock_method(t, frame)
    t.frame = frame.previous
    if unlikely(t.exception != NULL):
        return -1
    if declined(method, &value):
        return 1
    args[0].raw = value.raw
    return 0

cdef int ready(JavaThread* t, Method* method) noexcept nogil:
    """Has the method code that can run?  Links its class if need be."""
    if method.access_flags & ACC_ABSTRACT:
        return throw_abstract(t, method, NULL)
    if method.access_flags & ACC_NATIVE or method.flags & METHOD_PREPARED:
        return 0
    if class_link(t, method.holder) != 0:
        return -1
    if not method.flags & METHOD_PREPARED:
        return throw_format(t, b"java/lang/InternalError", b"%S.%s%s was called before its class was linked",
                            method.holder.name, <const char*>method.name.text, <const char*>method.descriptor.text)
    return 0

cdef public int enter_slowly(JavaThread* t, Frame* frame, Method* method, Slot* args) noexcept nogil:
    cdef Frame* made
    cdef int outcome
    if method.flags & METHOD_POLYMORPHIC and method.intrinsic != 0:
        method = polymorphic_target(t, method, args)
        if method == NULL:
            return -1
    if method.access_flags & ACC_NATIVE:
        outcome = call_native(t, method, args)
        if outcome <= 0:
            frame.sp = args + result_slots(method)
            return 1 + 2 * outcome
    elif method.access_flags & ACC_ABSTRACT:
        return throw_abstract(t, method, args[0].a)
    elif ready(t, method) != 0:
        return -1
    made = push_frame(t, method, args, method.max_locals, 0)
    if made == NULL:
        return -1
    if method.access_flags & ACC_SYNCHRONIZED and lock_method(t, made) != 0:
        t.frame = frame
        return -1
    return 0

cdef public int leave_slowly(JavaThread* t, Frame* frame) noexcept nogil:
    cdef bint held = False
    if frame.flags & FRAME_MONITORS:
        held = frame_unlock_all(t, frame) > 0
    if unlock_method(t, frame) != 0:
        return -1
    if held:
        # JVMS §2.11.10, first rule of structured locking.
        return throw_class(t, wk.java_lang_IllegalMonitorStateException, NULL)
    if frame.flags & FRAME_ENTRY:
        t.frame = frame.previous
        return 1
    return 0

cdef int find_handler(JavaThread* t, Frame* frame) noexcept nogil:
    """Offset of the handler for t.exception, or -1 (JVMS §2.10, §3.12).  When a catch type cannot be
    resolved, that error takes the exception's place, thrown at the handler."""
    cdef Method* method = frame.method
    cdef Object* thrown = t.exception
    cdef u32 pc = <u32>(frame.pc - method.code)
    cdef Handler* handler
    cdef Class* caught
    cdef int index = 0
    while index < method.handler_count:
        handler = &method.handlers[index]
        index += 1
        if pc < handler.start_pc or pc >= handler.end_pc:
            continue
        if handler.catch_type == 0:
            return handler.handler_pc
        t.exception = NULL
        caught = resolve_class(t, method.holder, handler.catch_type)
        if caught == NULL:
            thrown = t.exception
            if handler.handler_pc == pc:
                return -1
            pc = handler.handler_pc
            index = 0
            continue
        t.exception = thrown
        if class_is_subtype(class_of(thrown), caught):
            return handler.handler_pc
    return -1

cdef public int unwind(JavaThread* t) noexcept nogil:
    cdef Frame* frame
    cdef Object* pending
    cdef int handler
    while True:
        frame = t.frame
        # The operands are gone (JVMS §2.10).  A caller's sp may never have been stored, and resolving a
        # catch type may call Java code above it.
        frame.sp = <Slot*>(frame + 1)
        handler = find_handler(t, frame)
        if handler >= 0:
            frame.pc = frame.method.code + handler
            frame.sp = <Slot*>(frame + 1)
            frame.sp[0].a = t.exception
            frame.sp += 1
            t.exception = NULL
            return 1
        if frame.flags & FRAME_MONITORS:
            pending = t.exception
            t.exception = NULL
            frame_unlock_all(t, frame)
            t.exception = pending
        unlock_method(t, frame)
        t.frame = frame.previous
        if frame.flags & FRAME_ENTRY:
            return 0

cdef public int java_call(JavaThread* t, Method* method, Slot* args, Slot* result) noexcept nogil:
    cdef Slot* base
    cdef Frame* frame
    cdef u32 index
    cdef int outcome
    if kernel_stack_is_short(t):
        return throw_stack_overflow(t)
    if method.flags & METHOD_POLYMORPHIC and method.intrinsic != 0:
        method = polymorphic_target(t, method, args)
        if method == NULL:
            return -1
    if ready(t, method) != 0:
        return -1
    base = stack_top(t)
    if base + method.argument_slots + FRAME_SLOTS > t.stack_limit:
        return throw_stack_overflow(t)
    for index in range(method.argument_slots):
        base[index].raw = args[index].raw
    t.native_depth += 1
    outcome = call_native(t, method, base) if method.access_flags & ACC_NATIVE else 1
    if outcome > 0:
        frame = push_frame(t, method, base, method.max_locals, FRAME_ENTRY)
        if frame == NULL:
            outcome = -1
        elif method.access_flags & ACC_SYNCHRONIZED and lock_method(t, frame) != 0:
            t.frame = frame.previous
            outcome = -1
        else:
            outcome = interpret(t, frame)
    t.native_depth -= 1
    if outcome == 0 and result != NULL:
        result.raw = base[0].raw
    return outcome
