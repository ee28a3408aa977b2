# The Java frames of a running machine, in words: see stack_trace.pxd.
from kernel.types cimport i32, u32, u64
from kernel.diagnostics.format cimport Text, kprint, text_init
from jvm.interpreter.describe cimport describe_method
from jvm.loader.classes cimport Frame, JavaThread, Method, Slot
from jvm.natives.stack_trace cimport method_line
from jvm.runtime.thread cimport FRAME_NATIVE, java_thread_current

cdef enum:
    LINE_MAX = 512
    FRAMES_MAX = 64                      # of a deep recursion the youngest are enough

cdef public void stack_trace_print(JavaThread* t) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    cdef Frame* frame = t.frame
    cdef i32 count = 0
    cdef u64 bci
    while frame != NULL:
        if <Slot*>frame < t.stack_base or <Slot*>frame >= t.stack_limit or frame.method == NULL:
            kprint(b"    (the chain of frames is broken at %p)\n", frame)
            return
        if count == FRAMES_MAX:
            kprint(b"    ...\n")
            return
        text_init(&text, line, sizeof(line))
        describe_method(&text, frame.method, False)
        if frame.flags & FRAME_NATIVE:
            kprint(b"    at %s (native)\n", <const char*>line)
        else:
            bci = <u64>(frame.pc - frame.method.code)
            kprint(b"    at %s (bytecode %d, line %d)\n", <const char*>line, bci, method_line(frame.method, <u32>bci))
        frame = frame.previous
        count += 1

cdef public void stack_trace_report() noexcept nogil:
    cdef JavaThread* t = java_thread_current()
    if t == NULL:
        return
    kprint(b"Java frames of thread %d, youngest first:\n", t.id)
    stack_trace_print(t)
