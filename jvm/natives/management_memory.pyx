# sun.management.Memory*Impl and GarbageCollectorImpl, com.sun.management.internal.GcInfoBuilder: usage of
# memory, the pools and who manages them, collections, thresholds and their notifications.
#
# There are two pools, the Java heap and the metadata of classes, and two managers, one for each: the
# collector, and the metadata's, which frees nothing.
#
# Invariant: the beans are made once and are roots from then on.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.config cimport config_number
from kernel.time.clock cimport clock_wall
from jvm.heap.heap cimport HEAP_CAUSE_METADATA, HEAP_CAUSE_PROGRAM, HeapStatistics, heap_statistics
from jvm.heap.object cimport Object, array_data, array_length, array_set, ref_load
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport Class, JavaThread, Method, Slot
from jvm.loader.loader cimport class_initialize, loader_load_boot, loader_metadata
from jvm.loader.symbols cimport symbol_from
from jvm.natives.management cimport management_milliseconds
from jvm.natives.support cimport (array_new_named, field_set_int, known_class, known_field, known_method, object_construct,
                                  object_new)
from jvm.runtime.exceptions cimport throw_null_pointer
from jvm.runtime.memory_watch cimport *
from jvm.runtime.roots cimport roots_register_variable
from jvm.runtime.strings cimport string_from
from jvm.runtime.threads cimport java_thread_start_body

cdef enum:
    POOL_HEAP = 0
    POOL_METADATA = 1
    POOLS = 2
    HEAP_INITIAL_DEFAULT = 8388608       # jvm/heap/heap.pxd: HEAP_INITIAL

cdef Object* pool_beans[POOLS]
cdef Object* manager_beans[POOLS]
cdef Object* usage_sensor
cdef Object* after_sensor
cdef bint registered
cdef bint notifier_started
cdef u64 told                            # id of the latest collection that listeners know
cdef bint tell_listeners
cdef u64 usage_threshold
cdef u64 after_threshold
cdef bint usage_on                       # the sensor's state as the VM set it
cdef bint after_on
cdef u64 metadata_peak

cdef Class* factory_class
cdef Class* collector_class
cdef Class* pool_array
cdef Class* manager_array
cdef Class* object_array_class
cdef Method* usage_constructor
cdef Method* pool_factory
cdef Method* manager_factory
cdef Method* collector_factory


cdef void register_roots() noexcept nogil:
    global registered
    cdef int i
    if registered:
        return
    registered = True
    for i in range(POOLS):
        roots_register_variable(&pool_beans[i])
        roots_register_variable(&manager_beans[i])
    roots_register_variable(&usage_sensor)
    roots_register_variable(&after_sensor)


# --- usage --------------------------------------------------------------------------------------------

cdef Object* usage_new(JavaThread* t, i64 initial, u64 used, u64 committed, i64 maximum) noexcept nogil:
    cdef Slot arguments[8]
    arguments[0].l = initial
    arguments[2].l = <i64>used
    arguments[4].l = <i64>(committed if committed > used else used)
    arguments[6].l = maximum
    return object_construct(t, known_method(&usage_constructor, b"java/lang/management/MemoryUsage", b"<init>", b"(JJJJ)V"),
                            arguments, 8)


cdef i64 heap_maximum() noexcept nogil:
    cdef HeapStatistics statistics
    heap_statistics(&statistics)
    return <i64>statistics.maximum


cdef Object* heap_usage(JavaThread* t, u64 used, u64 committed) noexcept nogil:
    cdef i64 maximum = heap_maximum()
    cdef i64 initial = <i64>config_number(b"heap-initial", HEAP_INITIAL_DEFAULT)
    return usage_new(t, initial if initial < maximum else maximum, used, committed, maximum)


cdef Object* pool_usage(JavaThread* t, int pool) noexcept nogil:
    global metadata_peak
    cdef HeapStatistics statistics
    cdef u64 used = 0
    cdef u64 held = 0
    if pool == POOL_HEAP:
        heap_statistics(&statistics)
        return heap_usage(t, statistics.used, statistics.capacity)
    loader_metadata(&used, &held)
    if used > metadata_peak:
        metadata_peak = used
    return usage_new(t, 0, used, held, -1)


cdef int pool_of(Object* bean) noexcept nogil:
    return POOL_METADATA if bean == pool_beans[POOL_METADATA] else POOL_HEAP


cdef public void native_memory_usage(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = pool_usage(t, POOL_HEAP if args[1].i != 0 else POOL_METADATA)


cdef public void native_pool_usage(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = pool_usage(t, pool_of(args[0].a))


cdef public void native_pool_peak_usage(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef HeapStatistics statistics
    cdef u64 peak
    if pool_of(args[0].a) == POOL_METADATA:
        result.a = pool_usage(t, POOL_METADATA)      # nothing is ever freed
        return
    peak = memory_watch_peak()
    heap_statistics(&statistics)
    result.a = heap_usage(t, peak, statistics.capacity)


cdef public void native_pool_reset_peak(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if pool_of(args[0].a) == POOL_HEAP:
        memory_watch_reset_peak()


# Usage after the latest collection; null for a pool that the collector does not manage.
cdef public void native_pool_collection_usage(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef CollectionRecord record
    result.a = NULL
    if pool_of(args[0].a) == POOL_HEAP:
        if memory_watch_record(memory_watch_last(), &record):
            result.a = heap_usage(t, record.used_after, record.committed_after)
        else:
            result.a = heap_usage(t, 0, 0)


# --- the beans ----------------------------------------------------------------------------------------

cdef bint factory_ready(JavaThread* t) noexcept nogil:
    register_roots()
    return class_initialize(t, known_class(&factory_class, b"sun/management/ManagementFactoryHelper")) == 0


cdef Object* make_pool(JavaThread* t, const char* name, int is_heap, i64 usage, i64 after) noexcept nogil:
    cdef Slot arguments[6]
    cdef Slot made
    arguments[0].a = string_from(t, name)
    arguments[1].i = is_heap
    arguments[2].l = usage               # -1: there is no such threshold
    arguments[4].l = after
    if arguments[0].a == NULL or java_call(t, known_method(
            &pool_factory, b"sun/management/ManagementFactoryHelper", b"createMemoryPool",
            b"(Ljava/lang/String;ZJJ)Ljava/lang/management/MemoryPoolMXBean;"), arguments, &made) != 0:
        return NULL
    return made.a


cdef bint have_pools(JavaThread* t) noexcept nogil:
    if not factory_ready(t):
        return False
    if pool_beans[POOL_HEAP] == NULL:
        pool_beans[POOL_HEAP] = make_pool(t, b"Java Heap", 1, 0, 0)
    if pool_beans[POOL_METADATA] == NULL and t.exception == NULL:
        pool_beans[POOL_METADATA] = make_pool(t, b"Metaspace", 0, -1, -1)
    return pool_beans[POOL_HEAP] != NULL and pool_beans[POOL_METADATA] != NULL


# The collector's bean: jdk.management's where that module is there, with its notifications.
cdef Object* make_collector(JavaThread* t) noexcept nogil:
    cdef const char* type = b"(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/management/GarbageCollectorMXBean;"
    cdef const char* holder = b"com/sun/management/internal/GarbageCollectorExtImpl"
    cdef Class* klass = loader_load_boot(t, symbol_from(holder))
    cdef Slot arguments[2]
    cdef Slot made
    if klass == NULL:
        if t.exception != NULL:
            return NULL
        holder = b"sun/management/ManagementFactoryHelper"
        klass = known_class(&factory_class, holder)
    if class_initialize(t, klass) != 0:
        return NULL
    arguments[0].a = string_from(t, b"Mark Region")
    arguments[1].a = NULL
    if arguments[0].a == NULL or java_call(t, known_method(&collector_factory, holder, b"createGarbageCollector", type),
                                           arguments, &made) != 0:
        return NULL
    return made.a


cdef bint have_managers(JavaThread* t) noexcept nogil:
    cdef Slot arguments[1]
    cdef Slot made
    if not factory_ready(t):
        return False
    if manager_beans[POOL_METADATA] == NULL:
        arguments[0].a = string_from(t, b"Metaspace Manager")
        if arguments[0].a == NULL or java_call(t, known_method(
                &manager_factory, b"sun/management/ManagementFactoryHelper", b"createMemoryManager",
                b"(Ljava/lang/String;)Ljava/lang/management/MemoryManagerMXBean;"), arguments, &made) != 0:
            return False
        manager_beans[POOL_METADATA] = made.a
    if manager_beans[POOL_HEAP] == NULL:
        manager_beans[POOL_HEAP] = make_collector(t)
    return manager_beans[POOL_HEAP] != NULL


# `only`: the one bean wanted, or -1 for all, the metadata's manager first as the host has it.
cdef Object* beans(JavaThread* t, Object** all, Class** cache, const char* array_class, int only) noexcept nogil:
    cdef Object* array = array_new_named(t, cache, array_class, POOLS if only < 0 else 1)
    cdef int i
    if array == NULL:
        return NULL
    if only >= 0:
        array_set(array, 0, all[only])
    else:
        for i in range(POOLS):
            array_set(array, i, all[i])
    return array


cdef public void native_memory_pools(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if have_pools(t):
        result.a = beans(t, pool_beans, &pool_array, b"[Ljava/lang/management/MemoryPoolMXBean;", -1)


cdef public void native_memory_managers(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if have_managers(t):
        result.a = beans(t, manager_beans, &manager_array, b"[Ljava/lang/management/MemoryManagerMXBean;", -1)


cdef public void native_manager_pools(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if have_pools(t) and have_managers(t):
        result.a = beans(t, pool_beans, &pool_array, b"[Ljava/lang/management/MemoryPoolMXBean;",
                         POOL_METADATA if args[0].a == manager_beans[POOL_METADATA] else POOL_HEAP)


cdef public void native_pool_managers(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if have_pools(t) and have_managers(t):
        result.a = beans(t, manager_beans, &manager_array, b"[Ljava/lang/management/MemoryManagerMXBean;",
                         pool_of(args[0].a))


# --- collections --------------------------------------------------------------------------------------

cdef public void native_collector_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>memory_watch_last()


cdef public void native_collector_time(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>(memory_watch_time() // 1000000)


# One attribute of our own besides those of GcInfo, which the host's collectors have too.
cdef public void native_gc_attribute_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 1


# fillGcAttributeInfo(bean, count, String[] names, char[] types, String[] descriptions)
cdef public void native_gc_attributes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* text
    if args[3].a == NULL or args[4].a == NULL or args[5].a == NULL or array_length(args[3].a) < 1:
        throw_null_pointer(t)
        return
    text = string_from(t, b"GcThreadCount")
    if text == NULL:
        return
    array_set(args[3].a, 0, text)
    (<u8*>array_data(args[4].a))[0] = c'I'
    (<u8*>array_data(args[4].a))[1] = 0
    text = string_from(t, b"Number of GC threads")
    if text != NULL:
        array_set(args[5].a, 0, text)


cdef Method* info_constructor
cdef Class* integer_class
cdef u32 integer_value


# A GcInfo of a record; `before`, `after` (MemoryUsage[]) have an element for each pool, `extra` is Object[1].
cdef Object* info_new(JavaThread* t, Object* builder, CollectionRecord* record, Object* before, Object* after,
                      Object* extra) noexcept nogil:
    cdef Slot arguments[10]
    cdef Object* made
    made = object_new(t, known_class(&integer_class, b"java/lang/Integer"))
    if made == NULL:
        return NULL
    field_set_int(made, known_field(&integer_value, b"java/lang/Integer", b"value", b"I"), 1)
    array_set(extra, 0, made)
    made = heap_usage(t, record.used_before, record.committed_before)
    if made == NULL:
        return NULL
    array_set(before, POOL_HEAP, made)
    made = heap_usage(t, record.used_after, record.committed_after)
    if made == NULL:
        return NULL
    array_set(after, POOL_HEAP, made)
    made = pool_usage(t, POOL_METADATA)
    if made == NULL:
        return NULL
    array_set(before, POOL_METADATA, made)
    array_set(after, POOL_METADATA, made)
    arguments[0].a = builder
    arguments[1].l = <i64>record.id
    arguments[3].l = <i64>management_milliseconds(record.start)
    arguments[5].l = <i64>management_milliseconds(record.end)
    arguments[7].a = before
    arguments[8].a = after
    arguments[9].a = extra
    return object_construct(t, known_method(&info_constructor, b"com/sun/management/GcInfo", b"<init>",
        b"(Lcom/sun/management/internal/GcInfoBuilder;JJJ[Ljava/lang/management/MemoryUsage;[Ljava/lang/management/MemoryUsage;[Ljava/lang/Object;)V"),
        arguments, 10)


# getLastGcInfo0(bean, count, Object[] values, char[] types, MemoryUsage[] before, MemoryUsage[] after): null before
# the first collection.
cdef public void native_gc_last_info(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef CollectionRecord record
    cdef Object* before = args[5].a
    cdef Object* after = args[6].a
    if before == NULL or after == NULL or args[3].a == NULL or array_length(before) < POOLS or array_length(after) < POOLS \
            or array_length(args[3].a) < 1:
        throw_null_pointer(t)
        return
    result.a = NULL
    if memory_watch_record(memory_watch_last(), &record):
        result.a = info_new(t, args[0].a, &record, before, after, args[3].a)


# --- notifications ------------------------------------------------------------------------------------
# A daemon thread of the VM's own calls sensors and listeners, as the host's "Notification Thread" does.

cdef Method* sensor_trigger
cdef Method* sensor_clear
cdef Method* builder_of
cdef Method* notify_collection
cdef Class* usage_array
cdef Method* thread_constructor
cdef Method* get_group
cdef Method* set_daemon
cdef u32 parent_field


# Trigger or clear `sensor` (which may be NULL) with the usage that led to it.
cdef void set_sensor(JavaThread* t, Object* sensor, bint on, Object* usage) noexcept nogil:
    cdef Slot arguments[3]
    if sensor == NULL:
        return
    arguments[0].a = sensor
    if on:
        arguments[1].i = 1
        arguments[2].a = usage
        java_call(t, known_method(&sensor_trigger, b"sun/management/Sensor", b"trigger",
                                  b"(ILjava/lang/management/MemoryUsage;)V"), arguments, NULL)
    else:
        java_call(t, known_method(&sensor_clear, b"sun/management/Sensor", b"clear", b"()V"), arguments, NULL)


# Usage crosses its threshold upwards: once, until it was below again.
cdef void check_usage(JavaThread* t) noexcept nogil:
    global usage_on
    cdef HeapStatistics now
    heap_statistics(&now)
    cdef bint above = usage_threshold != 0 and now.used >= usage_threshold
    if above == usage_on:
        return
    usage_on = above
    set_sensor(t, usage_sensor, above, heap_usage(t, now.used, now.capacity) if above else NULL)


# Usage after a collection: told each time.
cdef void check_after(JavaThread* t) noexcept nogil:
    global after_on
    cdef CollectionRecord record
    cdef bint above
    if not memory_watch_record(memory_watch_last(), &record):
        return
    above = after_threshold != 0 and record.used_after >= after_threshold
    if above or after_on:
        after_on = above
        set_sensor(t, after_sensor, above, heap_usage(t, record.used_after, record.committed_after) if above else NULL)


cdef const char* cause_text(u32 cause) noexcept nogil:
    if cause == HEAP_CAUSE_PROGRAM: return b"System.gc()"
    elif cause == HEAP_CAUSE_METADATA: return b"Metadata GC Threshold"
    return b"Allocation Failure"


cdef void tell_collection(JavaThread* t, CollectionRecord* record) noexcept nogil:
    cdef const char* holder = b"com/sun/management/internal/GarbageCollectorExtImpl"
    cdef Slot arguments[7]
    cdef Slot builder
    cdef Object* before
    cdef Object* after
    cdef Object* extra
    arguments[0].a = manager_beans[POOL_HEAP]
    if java_call(t, known_method(&builder_of, holder, b"getGcInfoBuilder",
                                 b"()Lcom/sun/management/internal/GcInfoBuilder;"), arguments, &builder) != 0:
        return
    before = array_new_named(t, &usage_array, b"[Ljava/lang/management/MemoryUsage;", POOLS)
    after = array_new_named(t, &usage_array, b"[Ljava/lang/management/MemoryUsage;", POOLS) if before != NULL else NULL
    extra = array_new_named(t, &object_array_class, b"[Ljava/lang/Object;", 1) if after != NULL else NULL
    if extra == NULL:
        return
    arguments[6].a = info_new(t, builder.a, record, before, after, extra)
    if arguments[6].a == NULL:
        return
    arguments[1].l = <i64>(clock_wall() // 1000000)
    arguments[3].a = string_from(t, b"Mark Region")
    arguments[4].a = string_from(t, b"end of major GC") if arguments[3].a != NULL else NULL
    arguments[5].a = string_from(t, cause_text(record.cause)) if arguments[4].a != NULL else NULL
    if arguments[5].a != NULL:
        java_call(t, known_method(&notify_collection, holder, b"createGCNotification",
            b"(JLjava/lang/String;Ljava/lang/String;Ljava/lang/String;Lcom/sun/management/GcInfo;)V"), arguments, NULL)


cdef void tell_collections(JavaThread* t) noexcept nogil:
    global told
    cdef CollectionRecord record
    cdef u64 last = memory_watch_last()
    while told < last and tell_listeners:
        told += 1
        if memory_watch_record(told, &record):
            tell_collection(t, &record)
            t.exception = NULL
    told = last


# Listeners' exceptions end with the notification, as on the host.
cdef void notifier(JavaThread* t) noexcept nogil:
    cdef u32 work
    while True:
        work = memory_watch_wait(t)
        if work & WATCH_USAGE:
            check_usage(t)
            t.exception = NULL
        if work & WATCH_AFTER:
            check_after(t)
            t.exception = NULL
        if work & WATCH_COLLECTION:
            tell_collections(t)


cdef Object* parent_of(Object* group) noexcept nogil:
    return ref_load(group, known_field(&parent_field, b"java/lang/ThreadGroup", b"parent", b"Ljava/lang/ThreadGroup;"))


# A new daemon java.lang.Thread of this name in the system group; not started.
cdef Object* system_thread(JavaThread* t, const char* name) noexcept nogil:
    cdef Slot arguments[2]
    cdef Slot group
    cdef Object* thread
    arguments[0].a = t.object
    if java_call(t, known_method(&get_group, b"java/lang/Thread", b"getThreadGroup", b"()Ljava/lang/ThreadGroup;"),
                 arguments, &group) != 0:
        return NULL
    # The root of the tree of groups.
    while group.a != NULL and parent_of(group.a) != NULL:
        group.a = parent_of(group.a)
    arguments[0].a = group.a
    arguments[1].a = string_from(t, name)
    if arguments[1].a == NULL:
        return NULL
    thread = object_construct(t, known_method(&thread_constructor, b"java/lang/Thread", b"<init>",
                                              b"(Ljava/lang/ThreadGroup;Ljava/lang/String;)V"), arguments, 2)
    if thread == NULL:
        return NULL
    arguments[0].a = thread
    arguments[1].i = 1
    if java_call(t, known_method(&set_daemon, b"java/lang/Thread", b"setDaemon", b"(Z)V"), arguments, NULL) != 0:
        return NULL
    return thread


cdef bint have_notifier(JavaThread* t) noexcept nogil:
    global notifier_started
    cdef Object* thread
    if notifier_started:
        return True
    thread = system_thread(t, b"Notification Thread")
    if thread == NULL or java_thread_start_body(t, thread, notifier) != 0:
        return False
    notifier_started = True
    return True


cdef public void native_gc_set_notification(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global tell_listeners, told
    if args[2].i != 0:
        if not have_managers(t) or not have_notifier(t):
            return
        told = memory_watch_last()
    tell_listeners = args[2].i != 0
    memory_watch_collections(tell_listeners)


cdef public void native_pool_set_usage_sensor(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global usage_sensor
    if have_notifier(t):
        usage_sensor = args[1].a


cdef public void native_pool_set_after_sensor(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global after_sensor
    if have_notifier(t):
        after_sensor = args[1].a


cdef public void native_pool_set_usage_threshold(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global usage_threshold
    usage_threshold = <u64>args[3].l
    memory_watch_usage_threshold(usage_threshold)


cdef public void native_pool_set_after_threshold(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    global after_threshold
    after_threshold = <u64>args[3].l
    memory_watch_after_threshold(after_threshold)
