# java.lang.StackWalker: StackStreamFactory$AbstractStackWalker and StackFrameInfo.
#
# The walk lives in a C local of callStackWalk, which calls Java back (doStackWalk) while its native frame is
# still there; fetchStackFrames goes on from the `anchor`, the address of that local.
# Invariant: an anchor is believed only if it is in the list of walks under way and the walk is this thread's.
from kernel.types cimport u16, u32, u64, i32, i64
from kernel.threads.cpu cimport events_mask, events_unmask
from jvm.heap.object cimport Object, array_get, array_length, ref_load, ref_store
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (Class, Frame, JavaThread, Method, Slot, ACC_NATIVE, METHOD_CALLER_SENSITIVE, METHOD_HIDDEN,
                                 METHOD_INTRINSIC)
from jvm.loader.loader cimport class_is_subtype
from jvm.loader.wellknown cimport off
from jvm.natives.member_names cimport member_flags, resolved_method_new
from jvm.natives.stack_trace cimport element_fill
from jvm.natives.support cimport (field_int, field_long, field_set_int, known_class, known_field, known_method, throw_text)
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer
from jvm.runtime.strings cimport string_from_symbol, string_intern_symbol

# java.lang.StackStreamFactory's constants.
cdef enum:
    WALK_CLASS_INFO_ONLY = 0x2
    WALK_SHOW_HIDDEN_FRAMES = 0x20
    WALK_FILL_LIVE_STACK_FRAMES = 0x100

cdef struct Walk:
    Walk* next
    JavaThread* thread
    Frame* frame                         # the next one to look at; NULL: the walk is at its end
    i32 mode

cdef Walk* walks
cdef Class* walker_class
cdef Class* abstract_class
cdef Class* frame_info_class
cdef Method* do_stack_walk
cdef u32 class_or_name
cdef u32 info_flags
cdef u32 info_bci
cdef u32 info_name
cdef u32 info_type


cdef Walk* walk_of(JavaThread* t, u64 anchor) noexcept nogil:
    cdef Walk* walk
    events_mask()
    walk = walks
    while walk != NULL and (<u64>walk != anchor or walk.thread != t):
        walk = walk.next
    events_unmask()
    return walk


cdef bint is_visible(Walk* walk, Method* method) noexcept nogil:
    return walk.mode & WALK_SHOW_HIDDEN_FRAMES or not method.flags & METHOD_HIDDEN


cdef int fill(JavaThread* t, Walk* walk, Object* info) noexcept nogil:
    cdef const char* holder = b"java/lang/ClassFrameInfo"
    cdef Frame* frame = walk.frame
    cdef Method* method = frame.method
    cdef Object* name
    cdef u32 flags = known_field(&info_flags, holder, b"flags", b"I")
    cdef u32 place = known_field(&class_or_name, holder, b"classOrMemberName", b"Ljava/lang/Object;")
    if info == NULL:
        throw_null_pointer(t)
        return -1
    if walk.mode & WALK_CLASS_INFO_ONLY:
        ref_store(info, place, method.holder.mirror)
    else:
        name = resolved_method_new(t, method)
        if name == NULL:
            return -1
        ref_store(info, place, name)
        field_set_int(info, known_field(&info_bci, b"java/lang/StackFrameInfo", b"bci", b"I"),
                      <i32>(frame.pc - method.code) if method.code != NULL and frame.pc != NULL else 0)
    field_set_int(info, flags, field_int(info, flags) | member_flags(method))
    return 0


# Fills frames[start:end); returns the index behind the last one filled, or -1 thrown.
cdef i32 fill_frames(JavaThread* t, Walk* walk, i32 start, i32 end, Object* frames) noexcept nogil:
    cdef i32 index = start
    end = min(end, array_length(frames))
    while walk.frame != NULL and index < end:
        if is_visible(walk, walk.frame.method):
            if fill(t, walk, array_get(frames, index)) != 0:
                return -1
            index += 1
        walk.frame = walk.frame.previous
    return index


cdef public void native_walk_check_modes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 1


# Object callStackWalk(int mode, int skip, ContinuationScope, Continuation, int count, int start, T[] frames)
cdef public void native_walk_call(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global walks
    cdef Walk walk
    cdef Walk** link
    cdef Slot call[7]
    cdef Object* frames = args[7].a
    cdef Class* walker = known_class(&walker_class, b"java/lang/StackWalker")
    cdef Class* base = known_class(&abstract_class, b"java/lang/StackStreamFactory$AbstractStackWalker")
    cdef i32 skip = args[2].i
    cdef i32 start = args[6].i
    cdef i32 end
    if frames == NULL:
        throw_null_pointer(t)
        return
    if args[1].i & WALK_FILL_LIVE_STACK_FRAMES or args[4].a != NULL:
        throw_named(t, b"java/lang/UnsupportedOperationException", b"live stack frames and continuations")
        return
    if start < 0 or args[5].i < 0:
        throw_named(t, b"java/lang/IllegalArgumentException", b"not enough space in buffers")
        return
    walk.thread = t
    walk.mode = args[1].i
    walk.frame = t.frame
    # The walker's own frames.
    while walk.frame != NULL and (walk.frame.method.holder == walker or class_is_subtype(walk.frame.method.holder, base)):
        walk.frame = walk.frame.previous
    while walk.frame != NULL and skip > 0:
        if is_visible(&walk, walk.frame.method):
            skip -= 1
        walk.frame = walk.frame.previous
    end = fill_frames(t, &walk, start, start + args[5].i, frames)
    if end < 0:
        return
    events_mask()
    walk.next = walks
    walks = &walk
    events_unmask()
    call[0].a = args[0].a
    call[1].l = <i64>&walk
    call[3].i = args[2].i
    call[4].i = end - start
    call[5].i = start
    call[6].i = end
    java_call(t, known_method(&do_stack_walk, b"java/lang/StackStreamFactory$AbstractStackWalker", b"doStackWalk",
                              b"(JIIII)Ljava/lang/Object;"), call, result)
    events_mask()
    link = &walks
    while link[0] != &walk:
        link = &link[0].next
    link[0] = walk.next
    events_unmask()


# How many frames it has filled: int fetchStackFrames(int mode, long anchor, int last, int count, int start, T[] frames)
cdef public void native_walk_fetch(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Walk* walk = walk_of(t, <u64>args[2].l)
    cdef i32 end
    if args[7].a == NULL:
        throw_null_pointer(t)
        return
    if walk == NULL:
        throw_named(t, b"java/lang/InternalError", b"doStackWalk: corrupted buffers")
        return
    if args[6].i < 0 or args[5].i < 0:
        throw_named(t, b"java/lang/IllegalArgumentException", b"not enough space in buffers")
        return
    end = fill_frames(t, walk, args[6].i, args[6].i + args[5].i, args[7].a)
    if end >= 0:
        result.i = end - args[6].i


# void expandStackFrameInfo(): name and descriptor of a frame that knows its method.
cdef public void native_frame_info_expand(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const char* holder = b"java/lang/StackFrameInfo"
    cdef Method* method = frame_method(args[0].a)
    cdef Object* text
    if method == NULL:
        throw_null_pointer(t)
        return
    text = string_intern_symbol(t, method.name)
    if text == NULL:
        return
    ref_store(args[0].a, known_field(&info_name, holder, b"name", b"Ljava/lang/String;"), text)
    text = string_from_symbol(t, method.descriptor, 0)
    if text != NULL:
        ref_store(args[0].a, known_field(&info_type, holder, b"type", b"Ljava/lang/Object;"), text)


cdef Method* frame_method(Object* info) noexcept nogil:
    cdef Object* name = ref_load(info, known_field(&class_or_name, b"java/lang/ClassFrameInfo", b"classOrMemberName",
                                                   b"Ljava/lang/Object;"))
    return <Method*>field_long(name, off.java_lang_invoke_ResolvedMethodName_vmtarget) if name != NULL else NULL


# static void initStackTraceElement(StackTraceElement element, StackFrameInfo info)
cdef public void native_element_init(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Method* method
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)
        return
    method = frame_method(args[1].a)
    if method == NULL:
        throw_null_pointer(t)
        return
    element_fill(t, args[0].a, method, <u32>field_int(args[1].a, known_field(&info_bci, b"java/lang/StackFrameInfo", b"bci", b"I")))
