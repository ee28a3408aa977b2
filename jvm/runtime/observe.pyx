# See observe.pxd.
#
# A line is built whole and written at once, so lines of several threads do not mix.
from kernel.types cimport u8, u32, u64
from kernel.boot.config cimport config_count, config_get
from kernel.diagnostics.format cimport Text, text_char, text_init, text_print, text_string, text_unsigned
from kernel.diagnostics.log cimport log_warning
from kernel.diagnostics.trace cimport TRACE_NAME_MAX, trace_complete, trace_instant, trace_on, trace_start
from kernel.drivers.console cimport CONSOLE_MAIN, console_write
from kernel.memory.string cimport strcmp
from kernel.threads.thread cimport Thread
from kernel.time.clock cimport clock_monotonic
from jvm.heap.heap cimport HeapStatistics, heap_statistics
from jvm.interpreter.describe cimport describe_class, describe_location, describe_method
from jvm.loader.classes cimport Class, JavaThread, Method, Symbol
from jvm.runtime.observe cimport (COLLECTION_NONE, Collection, OBSERVE_CLASS, OBSERVE_GC, OBSERVE_NATIVE,
                                  OBSERVE_THREAD)
from jvm.runtime.statistics cimport statistics_collection, statistics_wanted
from jvm.runtime.thread cimport java_thread_current, thread_enter_safe, thread_leave_safe

cdef enum:
    LINE_MAX = 512

cdef extern from *:
    """
    uint32_t observed_topics;
    """
cdef u64 epoch                           # when the machine started, monotonic ns
cdef HeapStatistics before               # of the collection under way: collections are one at a time
cdef u64 collection_start

cdef u32 topic_of(const char* name) noexcept nogil:
    if strcmp(name, b"class") == 0:
        return OBSERVE_CLASS
    if strcmp(name, b"gc") == 0:
        return OBSERVE_GC
    if strcmp(name, b"native") == 0 or strcmp(name, b"jni") == 0:
        return OBSERVE_NATIVE
    if strcmp(name, b"thread") == 0:
        return OBSERVE_THREAD
    return 0

cdef public void observe_init() noexcept nogil:
    global observed_topics, epoch
    cdef u64 index
    cdef u32 topic
    epoch = clock_monotonic()
    observed_topics = 0
    for index in range(config_count(b"verbose")):
        topic = topic_of(config_get(b"verbose", index))
        if topic == 0:
            log_warning(b"verbose: no topic is called %s", config_get(b"verbose", index))
        observed_topics |= topic

cdef public void observe_set(u32 topics, bint on) noexcept nogil:
    global observed_topics
    observed_topics = observed_topics | topics if on else observed_topics & ~topics

# --- lines -------------------------------------------------------------------------------------------

# "[0.012s][info][class,load] ", as the host JVM's unified log begins.
cdef void begin(Text* text, char* line, const char* tags) noexcept nogil:
    cdef u64 now = (clock_monotonic() - epoch) // 1000000
    text_init(text, line, LINE_MAX)
    text_print(text, b"[%u.%03us][info][%s] ", now // 1000, now % 1000, tags)

cdef void finish(Text* text) noexcept nogil:
    cdef JavaThread* t = java_thread_current()
    if text.cut:
        text.length = text.capacity - 2
    text.data[text.length] = c'\n'
    if t != NULL:
        thread_enter_safe(t)
    console_write(CONSOLE_MAIN, text.data, text.length + 1)
    if t != NULL:
        thread_leave_safe(t)

# The last TRACE_NAME_MAX - 1 characters: what tells classes apart is at the end.
cdef const char* tail(Symbol* name, char* into) noexcept nogil:
    cdef u32 size = name.length if name.length < TRACE_NAME_MAX else TRACE_NAME_MAX - 1
    cdef u32 i
    for i in range(size):
        into[i] = <char>name.text[name.length - size + i]
    into[size] = 0
    return into

# --- what happens ------------------------------------------------------------------------------------

cdef public void observe_class_loaded_now(Class* klass) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    trace_instant(tail(klass.name, line), 0)
    if observed_topics & OBSERVE_CLASS:
        begin(&text, line, b"class,load")
        describe_location(&text, klass)
        finish(&text)

cdef public void observe_class_initialized_now(Class* klass, u64 start) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    if start != 0:
        trace_complete(tail(klass.name, line), 0, start)
    if observed_topics & OBSERVE_CLASS:
        begin(&text, line, b"class,init")
        describe_class(&text, klass)
        text_string(&text, b" is initialised")
        finish(&text)

cdef public void observe_class_unloaded(Symbol* name) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    cdef u32 i
    trace_instant(tail(name, line), 0)
    if observed_topics & OBSERVE_CLASS:
        begin(&text, line, b"class,unload")
        text_string(&text, b"unloading class ")
        for i in range(name.length):
            text_char(&text, <char>(c'.' if name.text[i] == c'/' else name.text[i]))
        finish(&text)

cdef public void observe_native_now(Method* method, bint intrinsic) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    begin(&text, line, b"jni,resolve")
    describe_method(&text, method, False)
    text_string(&text, b" is an intrinsic" if intrinsic else b" is native")
    finish(&text)

cdef public void observe_thread_now(JavaThread* t, bint starts) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    trace_instant(b"java thread starts" if starts else b"java thread ends", t.id)
    if observed_topics & OBSERVE_THREAD:
        begin(&text, line, b"os,thread")
        text_print(&text, b"Thread %u \"%s\" %s", t.id, (<Thread*>t.kernel).name, b"starts" if starts else b"ends")
        finish(&text)

cdef public void observe_collection_begin() noexcept nogil:
    global collection_start
    collection_start = trace_start()
    heap_statistics(&before)

cdef public void observe_collection_end(Collection* made) noexcept nogil:
    cdef HeapStatistics after
    made.number = COLLECTION_NONE
    if not trace_on and not observed_topics & OBSERVE_GC and not statistics_wanted():
        return
    heap_statistics(&after)
    if after.collections == before.collections:
        return
    statistics_collection(before.used, after.used)
    if collection_start != 0:
        trace_complete(b"collection", after.used, collection_start)
    if observed_topics & OBSERVE_GC:
        made.number = before.collections
        made.before = before.used
        made.after = after.used
        made.committed = after.committed
        made.pause = (after.pause_total - before.pause_total) // 1000

cdef void kibibytes(Text* text, u64 bytes) noexcept nogil:
    text_unsigned(text, (bytes + 1023) // 1024)
    text_char(text, c'K')

cdef public void observe_collection_report(Collection* made) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    if made.number == COLLECTION_NONE:
        return
    begin(&text, line, b"gc")
    text_print(&text, b"GC(%u) Pause Full ", made.number)
    kibibytes(&text, made.before)
    text_string(&text, b"->")
    kibibytes(&text, made.after)
    text_char(&text, c'(')
    kibibytes(&text, made.committed)
    text_print(&text, b") %u.%03ums", made.pause // 1000, made.pause % 1000)
    finish(&text)
