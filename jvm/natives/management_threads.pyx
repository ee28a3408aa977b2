# sun.management.ThreadImpl: platform threads, their times, what they wait for and hold, deadlocks.
#
# Virtual threads are left out everywhere, as java.lang.management.ThreadMXBean says.
# Invariant: what is said about one thread was read while all others were stopped.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.threads.thread cimport Thread, thread_cpu_time
from jvm.heap.heap cimport HeapStatistics, heap_for_each, heap_statistics
from jvm.heap.object cimport Object, array_data, array_data_wide, array_get, array_length, array_set, ref_load
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport CLASS_LINKED, Class, Frame, JavaThread, METHOD_HIDDEN, Method, Slot, TYPE_INT, class_of
from jvm.loader.loader cimport class_initialize, class_is_subtype, loader_boot, loader_find_loaded
from jvm.loader.symbols cimport symbol_from
from jvm.natives.stack_trace cimport TRACE_DEPTH_MAX, trace_capture, trace_elements, trace_keep, trace_mirrors
from jvm.natives.support cimport (array_new_named, array_new_primitive, field_long, known_class, known_field, known_method,
                                  object_new)
from jvm.runtime.exceptions cimport throw_null_pointer, throw_out_of_memory
from jvm.runtime.monitor cimport monitor_owner
from jvm.runtime.thread_fields cimport BLOCKED_ON_MONITOR_ENTER, IN_OBJECT_WAIT, PARKED, STATUS_RUNNABLE
from jvm.runtime.thread_walk cimport (ThreadWait, frame_for_each_monitor, thread_park_blocker, thread_status, thread_wait_of, threads_collect,
                                      threads_find_deadlocks)
from jvm.runtime.threads cimport (java_thread_contention, java_threads_for_each, java_threads_peak,
                                  java_threads_resume_others, java_threads_stop_others, thread_contention_enable, thread_contention_on)

cdef u32 thread_tid
cdef u32 owner_thread
cdef Class* synchronizer_class
cdef Class* thread_array
cdef Class* info_array
cdef Class* object_array_class
cdef Method* info_constructor


cdef i64 id_of(Object* thread) noexcept nogil:
    return field_long(thread, known_field(&thread_tid, b"java/lang/Thread", b"tid", b"J"))


cdef bint counts(JavaThread* thread) noexcept nogil:
    return thread.object != NULL and not thread.ended and not thread.is_virtual


# --- finding threads; while the others are stopped ------------------------------------------------------

cdef i64 wanted_id
cdef u32 wanted_number
cdef JavaThread* found


cdef void find_by_id(JavaThread* thread) noexcept nogil:
    global found
    if counts(thread) and id_of(thread.object) == wanted_id:
        found = thread


cdef void find_by_number(JavaThread* thread) noexcept nogil:
    global found
    if thread.id == wanted_number:
        found = thread


# The live platform thread with this Thread.threadId(), or NULL.
cdef JavaThread* thread_by_id(i64 id) noexcept nogil:
    global wanted_id, found
    wanted_id = id
    found = NULL
    java_threads_for_each(find_by_id)
    return found


cdef JavaThread* thread_by_number(u32 number) noexcept nogil:
    global wanted_number, found
    if number == 0:
        return NULL
    wanted_number = number
    found = NULL
    java_threads_for_each(find_by_number)
    return found


# --- times and allocation ------------------------------------------------------------------------------

# A field of a thread by its Java id (0: the current one); -1: no such thread.
cdef i64 cpu_time_of(JavaThread* t, i64 id) noexcept nogil:
    cdef JavaThread* thread = t
    cdef i64 time = -1
    if id != 0:
        java_threads_stop_others()
        thread = thread_by_id(id)
        if thread != NULL:
            time = <i64>thread_cpu_time(<Thread*>thread.kernel)
        java_threads_resume_others()
        return time
    return <i64>thread_cpu_time(<Thread*>thread.kernel)


cdef i64 allocated_by(JavaThread* thread) noexcept nogil:
    # What was handed out to it, without the rest that it has not used yet.
    return <i64>(thread.span.allocated - <u64>(thread.span.end - thread.span.cursor)
                 - <u64>(thread.span.wide_end - thread.span.wide_cursor))


cdef i64 allocated_of(JavaThread* t, i64 id) noexcept nogil:
    cdef JavaThread* thread = t
    cdef i64 bytes = -1
    if id == 0:
        return allocated_by(t)
    java_threads_stop_others()
    thread = thread_by_id(id)
    if thread != NULL:
        bytes = allocated_by(thread)
    java_threads_resume_others()
    return bytes


cdef void each(JavaThread* t, Object* ids, Object* into, i64 (*value)(JavaThread* t, i64 id) noexcept nogil) noexcept nogil:
    cdef i32 i
    if ids == NULL or into == NULL:
        throw_null_pointer(t)
        return
    for i in range(array_length(ids)):
        if i < array_length(into):
            (<i64*>array_data_wide(into))[i] = value(t, (<i64*>array_data_wide(ids))[i])


# The guest has no kernel mode that a thread's time could be spent in: user time is all of it.
cdef public void native_threads_cpu_time(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = cpu_time_of(t, args[0].l)


cdef public void native_threads_cpu_times(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    each(t, args[0].a, args[1].a, cpu_time_of)


cdef public void native_threads_allocated(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = allocated_of(t, args[0].l)


cdef public void native_threads_allocated_each(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    each(t, args[0].a, args[1].a, allocated_of)


# Of all threads, also those that have ended.
cdef public void native_threads_allocated_total(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef HeapStatistics heap
    heap_statistics(&heap)
    result.l = <i64>heap.allocated


cdef public void native_threads_set_contention(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_contention_enable(args[0].i != 0)


cdef void reset_contention(JavaThread* thread) noexcept nogil:
    java_thread_contention(thread).blocked_time = 0
    java_thread_contention(thread).waited_time = 0


cdef public void native_threads_reset_contention(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef JavaThread* thread
    java_threads_stop_others()
    if args[0].l == 0:
        java_threads_for_each(reset_contention)
    else:
        thread = thread_by_id(args[0].l)
        if thread != NULL:
            reset_contention(thread)
    java_threads_resume_others()


cdef public void native_threads_reset_peak(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    java_threads_peak(1)


# --- all threads ----------------------------------------------------------------------------------------

cdef Object* filled                      # Thread[], or NULL: only count
cdef i32 fill_count


cdef void fill(JavaThread* thread) noexcept nogil:
    global fill_count
    if not counts(thread):
        return
    if filled != NULL and fill_count < array_length(filled):
        array_set(filled, fill_count, thread.object)
    fill_count += 1


# Thread[] of the live platform threads; elements at the end may be null.  NULL: thrown.
cdef Object* all_threads(JavaThread* t) noexcept nogil:
    global filled, fill_count
    cdef Object* array
    cdef Object* exact
    cdef i32 i
    cdef i32 count
    filled = NULL
    fill_count = 0
    java_threads_for_each(fill)
    array = array_new_named(t, &thread_array, b"[Ljava/lang/Thread;", fill_count + 16)
    if array == NULL:
        return NULL
    java_threads_stop_others()
    filled = array
    fill_count = 0
    java_threads_for_each(fill)
    filled = NULL
    i = fill_count if fill_count < array_length(array) else array_length(array)
    java_threads_resume_others()
    exact = array_new_named(t, &thread_array, b"[Ljava/lang/Thread;", i)
    if exact == NULL:
        return NULL
    count = i
    while i > 0:
        i -= 1
        array_set(exact, count - 1 - i, array_get(array, i))     # the oldest first, as the host has them
    return exact


cdef public void native_threads_all(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = all_threads(t)


# --- what a thread waits for; while the others are stopped ----------------------------------------------

# The object that the thread waits for, or NULL; `owner`: the Thread object that has it, or NULL.
cdef Object* waits_for(JavaThread* thread, Object** owner) noexcept nogil:
    cdef i32 status = thread_status(thread)
    cdef ThreadWait wait
    cdef JavaThread* holder
    thread_wait_of(thread, &wait)
    if status & IN_OBJECT_WAIT:          # for a notification: its owner is told, too
        wait.object = thread.blocker
        holder = thread_by_number(monitor_owner(thread.blocker)) if thread.blocker != NULL else NULL
        owner[0] = holder.object if holder != NULL else NULL
        return wait.object
    owner[0] = wait.owner.object if wait.owner != NULL else NULL
    if status & PARKED:
        return thread_park_blocker(thread)
    return wait.object


# --- ThreadInfo -----------------------------------------------------------------------------------------

cdef struct Held:
    JavaThread* thread
    Object* objects                      # Object[], or NULL
    i32* depths
    i32 room
    i32 count
    i32 depth


cdef void visit_monitor(Object* o, void* argument) noexcept nogil:
    cdef Held* held = <Held*>argument
    # What it waits for in Object.wait, or is about to enter, is not held.
    if o == NULL or monitor_owner(o) != held.thread.id:
        return
    if held.count < held.room:
        array_set(held.objects, held.count, o)
        held.depths[held.count] = held.depth
    held.count += 1


# Monitors that frames of the thread hold, youngest frame first; counts all, writes as many as there is room for.
cdef i32 held_monitors(JavaThread* thread, Object* objects, i32* depths, i32 room) noexcept nogil:
    cdef Frame* frame = thread.frame
    cdef Held held
    held.thread = thread
    held.objects = objects
    held.depths = depths
    held.room = room
    held.count = held.depth = 0
    while frame != NULL:
        frame_for_each_monitor(thread, frame, visit_monitor, &held)
        if not frame.method.flags & METHOD_HIDDEN:
            held.depth += 1
        frame = frame.previous
    return held.count


cdef Object* sync_owner
cdef Object* sync_into
cdef i32 sync_count
cdef Class* sync_class


cdef void visit_synchronizer(Object* o, void* argument) noexcept nogil:
    global sync_count
    if not class_is_subtype(class_of(o), sync_class) or ref_load(o, owner_thread) != sync_owner:
        return
    if sync_into != NULL and sync_count < array_length(sync_into):
        array_set(sync_into, sync_count, o)
    sync_count += 1


# AbstractOwnableSynchronizers whose owner the thread is; the heap is walked.
cdef i32 held_synchronizers(Object* thread, Object* into) noexcept nogil:
    global sync_owner, sync_into, sync_count, sync_class
    cdef const char* synchronizer = b"java/util/concurrent/locks/AbstractOwnableSynchronizer"
    sync_class = loader_find_loaded(loader_boot(), symbol_from(synchronizer))
    sync_count = 0
    if sync_class == NULL or sync_class.state < CLASS_LINKED:
        return 0
    known_field(&owner_thread, synchronizer, b"exclusiveOwnerThread", b"Ljava/lang/Thread;")
    sync_owner = thread
    sync_into = into
    heap_for_each(visit_synchronizer, NULL)
    sync_into = NULL
    return sync_count


cdef Object* trimmed(JavaThread* t, Object* array, i32 count) noexcept nogil:
    cdef Object* exact = array_new_named(t, &object_array_class, b"[Ljava/lang/Object;", count)
    cdef i32 i
    if exact != NULL:
        for i in range(count):
            array_set(exact, i, array_get(array, i))
    return exact


# object_construct has room for fewer arguments than this constructor takes.
cdef Object* info_construct(JavaThread* t, Slot* given) noexcept nogil:
    cdef Slot all[17]
    cdef Method* constructor = known_method(&info_constructor, b"java/lang/management/ThreadInfo", b"<init>",
        b"(Ljava/lang/Thread;ILjava/lang/Object;Ljava/lang/Thread;JJJJ[Ljava/lang/StackTraceElement;[Ljava/lang/Object;[I[Ljava/lang/Object;)V")
    cdef int i
    if class_initialize(t, constructor.holder) != 0:
        return NULL
    all[0].a = object_new(t, constructor.holder)
    if all[0].a == NULL:
        return NULL
    for i in range(16):
        all[1 + i] = given[i]
    return all[0].a if java_call(t, constructor, all, NULL) == 0 else NULL


# The ThreadInfo of a thread, NULL when there is no such thread or with an exception thrown.  `depth` -1: all
# frames; monitors, synchronizers: with those it holds.
cdef Object* info_of(JavaThread* t, i64 id, i32 depth, bint monitors, bint synchronizers) noexcept nogil:
    cdef JavaThread* thread
    cdef Object* thread_object = NULL
    cdef Object* owner = NULL
    cdef Object* lock = NULL
    cdef Object* held = NULL
    cdef Object* depths = NULL
    cdef Object* owned = NULL
    cdef Slot arguments[16]
    cdef u64* entries = NULL
    cdef Object* mirrors
    cdef i32 count = 0
    cdef i32 status = 0
    cdef i32 held_count = 0
    cdef i32 owned_count = 0
    cdef i32 room = 0
    cdef i32 sync_room = 0
    cdef i32 limit = TRACE_DEPTH_MAX
    known_class(&synchronizer_class, b"java/util/concurrent/locks/AbstractOwnableSynchronizer")
    mirrors = trace_mirrors(t, TRACE_DEPTH_MAX)
    if mirrors == NULL:
        return NULL
    entries = <u64*>kmalloc(TRACE_DEPTH_MAX * 8)
    if entries == NULL:
        throw_out_of_memory(t, b"stack trace")
        return NULL
    if 0 <= depth < limit:
        limit = depth
    while True:
        java_threads_stop_others()
        thread = thread_by_id(id)
        if thread != NULL:
            thread_object = thread.object
            status = thread_status(thread)
            lock = waits_for(thread, &owner)
            count = trace_capture(thread, entries, mirrors, 0, limit) if limit > 0 else 0
            arguments[4].l = <i64>java_thread_contention(thread).blocked
            arguments[6].l = java_thread_contention(thread).blocked_time if thread_contention_on() else -1
            arguments[8].l = <i64>java_thread_contention(thread).waited
            arguments[10].l = java_thread_contention(thread).waited_time if thread_contention_on() else -1
            if monitors:
                held_count = held_monitors(thread, held, <i32*>array_data(depths) if depths != NULL else NULL, room)
            if synchronizers:
                owned_count = held_synchronizers(thread_object, owned)
        java_threads_resume_others()
        if thread == NULL or (held_count <= room and owned_count <= sync_room):
            break
        room = held_count
        sync_room = owned_count
        held = array_new_named(t, &object_array_class, b"[Ljava/lang/Object;", room)
        depths = array_new_primitive(t, TYPE_INT, room) if held != NULL else NULL
        owned = array_new_named(t, &object_array_class, b"[Ljava/lang/Object;", sync_room) if depths != NULL else NULL
        if owned == NULL:
            kfree(entries)
            return NULL
    if thread == NULL:
        kfree(entries)
        return NULL
    if status & BLOCKED_ON_MONITOR_ENTER and owner == NULL:
        status = STATUS_RUNNABLE         # it got the monitor just now
        lock = NULL
    arguments[0].a = thread_object
    arguments[1].i = status
    arguments[2].a = lock
    arguments[3].a = owner
    arguments[12].a = trace_elements(t, entries, count)
    trace_keep(mirrors)
    kfree(entries)
    if arguments[12].a == NULL:
        return NULL
    if held_count < room:
        held = trimmed(t, held, held_count)
    if owned_count < sync_room and t.exception == NULL:
        owned = trimmed(t, owned, owned_count)
    if t.exception != NULL:
        return NULL
    arguments[13].a = held
    arguments[14].a = depths
    arguments[15].a = owned
    return info_construct(t, arguments)


# getThreadInfo1(long[] ids, int depth, ThreadInfo[] into)
cdef public void native_threads_info(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* ids = args[0].a
    cdef Object* into = args[2].a
    cdef Object* info
    cdef i32 i
    if ids == NULL or into == NULL:
        throw_null_pointer(t)
        return
    for i in range(array_length(ids)):
        info = info_of(t, (<i64*>array_data_wide(ids))[i], args[1].i, False, False)
        if t.exception != NULL:
            return
        array_set(into, i, info)


# dumpThreads0(long[] ids or null for all, boolean monitors, boolean synchronizers, int depth)
cdef public void native_threads_dump(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* ids = args[0].a
    cdef Object* threads = NULL
    cdef Object* infos
    cdef Object* info
    cdef i32 count
    cdef i32 i
    if ids == NULL:
        threads = all_threads(t)
        if threads == NULL:
            return
    count = array_length(ids) if ids != NULL else array_length(threads)
    infos = array_new_named(t, &info_array, b"[Ljava/lang/management/ThreadInfo;", count)
    if infos == NULL:
        return
    for i in range(count):
        info = info_of(t, (<i64*>array_data_wide(ids))[i] if ids != NULL else id_of(array_get(threads, i)), args[3].i,
                       args[1].i != 0, args[2].i != 0)
        if t.exception != NULL:
            return
        array_set(infos, i, info)
    result.a = infos


# --- deadlocks ------------------------------------------------------------------------------------------

# Writes the threads that wait in circles into `array`, if there is one; their number, -1 without memory.
# The others are stopped.
cdef i32 fill_deadlocked(Object* array, bint synchronizers) noexcept nogil:
    cdef u32 count = 0
    cdef JavaThread** threads = threads_collect(False, &count)
    cdef u32* following = <u32*>kcalloc(count + 1, 4)
    cdef u32* starts = <u32*>kcalloc(count + 1, 4)
    cdef i32 members = -1
    cdef u32 circles, circle, at
    if threads != NULL and following != NULL and starts != NULL:
        members = 0
        circles = threads_find_deadlocks(threads, count, synchronizers, following, starts)
        for circle in range(circles):
            at = starts[circle]
            while True:
                if array != NULL and members < array_length(array):
                    array_set(array, members, threads[at].object)
                members += 1
                at = following[at] - 1
                if at == starts[circle]:
                    break
    kfree(threads)
    kfree(following)
    kfree(starts)
    return members


# Thread[], or null when there are none.
cdef Object* deadlocked(JavaThread* t, bint synchronizers) noexcept nogil:
    cdef Object* array = NULL
    cdef i32 count
    while True:
        java_threads_stop_others()
        count = fill_deadlocked(array, synchronizers)
        java_threads_resume_others()
        if count == 0:
            return NULL
        if count < 0:
            throw_out_of_memory(t, b"deadlocks")
            return NULL
        if array != NULL and array_length(array) == count:
            return array
        array = array_new_named(t, &thread_array, b"[Ljava/lang/Thread;", count)
        if array == NULL:
            return NULL


cdef public void native_threads_monitor_deadlocked(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = deadlocked(t, False)


cdef public void native_threads_deadlocked(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = deadlocked(t, True)
