# The signal dispatcher: see dispatcher.pxd.
from kernel.types cimport u32
from kernel.boot.bootinfo cimport EVENT_INTERRUPT_KEY, EVENT_QUIT_KEY, EVENT_TERMINATE
from kernel.boot.main cimport kernel_exit
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.events cimport events_set_signal_handler
from kernel.threads.stress cimport stress_on
from kernel.threads.sync cimport Semaphore, semaphore_post, semaphore_wait
from kernel.threads.thread cimport threads_expect_event
from jvm.heap.heap cimport heap_new
from jvm.heap.object cimport Object
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport Class, JavaThread, Method, Slot
from jvm.loader.loader cimport class_named_method, loader_load_boot
from jvm.loader.symbols cimport symbol_from
from jvm.natives.signals cimport SIGNAL_INT, SIGNAL_TERM, signal_dispatch, signal_is_handled
from jvm.runtime.dispatcher cimport *
from jvm.runtime.strings cimport string_from
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe
from jvm.runtime.thread_dump cimport thread_dump
from jvm.runtime.threads cimport java_thread_start_body

cdef enum:
    PRIORITY = 9
    EXIT_BASE = 128

cdef Semaphore arrivals
cdef u32 arrived                         # bits of vectors from EVENT_INTERRUPT_KEY on


# Masked, in some thread's context.
cdef void on_signal(u32 vector) noexcept nogil:
    global arrived
    arrived |= <u32>1 << (vector - EVENT_INTERRUPT_KEY)
    semaphore_post(&arrivals)


cdef void deliver(JavaThread* t, int number) noexcept nogil:
    if signal_is_handled(number):
        signal_dispatch(t, number)
        if t.exception == NULL:
            return
        t.exception = NULL               # no memory for the handler's thread: end without it
    thread_enter_safe(t)
    kernel_exit(EXIT_BASE + number)


cdef void work(JavaThread* t) noexcept nogil:
    global arrived
    cdef u32 bits
    while True:
        thread_enter_safe(t)
        semaphore_wait(&arrivals, 0)
        thread_leave_safe(t)
        events_mask()
        bits = arrived
        arrived = 0
        events_unmask()
        if bits & 1 << (EVENT_QUIT_KEY - EVENT_INTERRUPT_KEY):
            thread_dump(t)
        if bits & 1 << (EVENT_TERMINATE - EVENT_INTERRUPT_KEY):
            deliver(t, SIGNAL_TERM)
        if bits & 1:
            deliver(t, SIGNAL_INT)


cdef int call(JavaThread* t, Class* klass, const char* name, const char* descriptor, Slot* arguments) noexcept nogil:
    cdef Method* method = class_named_method(klass, name, descriptor)
    return java_call(t, method, arguments, NULL) if method != NULL else -1


cdef public int dispatcher_start(JavaThread* t, Object* system_group) noexcept nogil:
    cdef Class* klass = loader_load_boot(t, symbol_from(b"java/lang/Thread"))
    cdef Slot arguments[3]
    cdef Object* thread
    if klass == NULL:
        return -1
    thread = heap_new(&t.span, &klass.shape)
    if thread == NULL:
        return -1
    arguments[0].a = thread
    arguments[1].a = system_group
    arguments[2].a = string_from(t, b"Signal Dispatcher")
    if arguments[2].a == NULL or call(t, klass, b"<init>", b"(Ljava/lang/ThreadGroup;Ljava/lang/String;)V", arguments) != 0:
        return -1
    arguments[0].a = thread
    arguments[1].i = 1
    if call(t, klass, b"setDaemon", b"(Z)V", arguments) != 0:
        return -1
    arguments[0].a = thread
    arguments[1].i = PRIORITY
    if call(t, klass, b"setPriority", b"(I)V", arguments) != 0 or java_thread_start_body(t, thread, work) != 0:
        return -1
    # A program whose threads all wait for each other waits for a signal, too.  Under stress it is an error of ours.
    if not stress_on():
        threads_expect_event(1)
    events_set_signal_handler(on_signal)
    return 0
