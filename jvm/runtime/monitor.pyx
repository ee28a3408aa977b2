# Monitors: entry, exit, wait, notify; see monitor.pxd for the lock word.
#
# Invariant: an inflated monitor's index is in the lock word of `object` exactly while it is in use.
# `owner` is a thread id, 0 when free.  `users` counts the threads inside the slow paths, so that a
# monitor with users is never deflated.  A waiting thread's Node is on its C stack and is in exactly
# one of the lists `entry` and `waiters` until it owns the monitor.  Everything here changes with
# events masked; the lock word itself also changes by compare-and-swap outside.
# A thread ends without monitors: the interpreter unlocks what a frame locked (JVMS §2.11.10).
# Only threads in STATE_JAVA inflate (it writes to the heap); blocking happens in STATE_SAFE.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.files.errno cimport ETIMEDOUT
from kernel.memory.heap cimport kcalloc
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.sync cimport parker_unpark
from kernel.threads.stress cimport stress_point
from kernel.threads.thread cimport Thread, thread_block, thread_wake
from kernel.time.clock cimport clock_monotonic
from jvm.heap.heap cimport heap_is_marked
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread
from jvm.runtime.exceptions cimport throw_named, throw_out_of_memory
from jvm.runtime.monitor cimport *
from jvm.runtime.thread cimport SAFEPOINT_STRESS, safepoint_requested, thread_enter_safe, thread_leave_safe
from jvm.runtime.thread_fields cimport (
    STATUS_BLOCKED, STATUS_IN_WAIT, STATUS_IN_WAIT_TIMED, thread_set_status, thread_test_interrupt)
from jvm.runtime.threads cimport Blocking

cdef enum:
    CHUNK = 64                           # monitors allocated together
    CHUNKS = 16384
    PATIENCE = 3                         # failed attempts after which the first in line is handed the monitor

cdef enum NodePlace:
    PLACE_NONE = 0
    PLACE_ENTRY = 1
    PLACE_WAIT = 2

cdef struct Node:
    JavaThread* thread
    Node* next
    Node* previous
    u32 place                            # NodePlace
    u32 blocked                          # inside thread_block: may be woken
    u32 attempts
    u8 notified
    u8 interrupted

cdef struct NodeList:
    Node* first
    Node* last

cdef struct Monitor:
    Object* object                       # NULL: not in use
    u32 index
    u32 owner
    u32 recursion
    u32 users
    NodeList entry
    NodeList waiters
    Monitor* next_free

cdef Monitor* chunks[CHUNKS]
cdef u32 chunk_count
cdef Monitor* free_monitors
cdef u32 in_use

# --- lists and the table ----------------------------------------------------------------------------

cdef void append(NodeList* to, Node* node, u32 place) noexcept nogil:
    node.place = place
    node.next = NULL
    node.previous = to.last
    if to.last != NULL:
        to.last.next = node
    else:
        to.first = node
    to.last = node

cdef void remove(NodeList* from_list, Node* node) noexcept nogil:
    if node.previous != NULL:
        node.previous.next = node.next
    else:
        from_list.first = node.next
    if node.next != NULL:
        node.next.previous = node.previous
    else:
        from_list.last = node.previous
    node.place = PLACE_NONE

cdef inline Monitor* monitor_at(u32 word) noexcept nogil:
    cdef u32 index = word & ~<u32>LOCK_INFLATED
    return &chunks[index // CHUNK][index % CHUNK]

cdef bint grow() noexcept nogil:
    global chunk_count, free_monitors
    cdef Monitor* chunk
    cdef u32 i
    if chunk_count == CHUNKS:
        return False
    chunk = <Monitor*>kcalloc(CHUNK, sizeof(Monitor))
    if chunk == NULL:
        return False
    for i in range(CHUNK):
        chunk[i].index = chunk_count * CHUNK + i
        chunk[i].next_free = free_monitors
        free_monitors = &chunk[i]
    chunks[chunk_count] = chunk
    chunk_count += 1
    return True

cdef void free_monitor(Monitor* m) noexcept nogil:
    global free_monitors, in_use
    m.object = NULL
    m.next_free = free_monitors
    free_monitors = m
    in_use -= 1

# The object's monitor, inflated now if it was not.  Masked, in STATE_JAVA.  NULL: no memory.
cdef Monitor* inflate(Object* o) noexcept nogil:
    global free_monitors, in_use
    cdef u32 word
    cdef Monitor* m
    while True:
        word = lock_load(&o.lock)
        if word & LOCK_INFLATED:
            return monitor_at(word)
        if free_monitors == NULL and not grow():
            return NULL
        m = free_monitors
        m.owner = word >> LOCK_OWNER_SHIFT
        m.recursion = (word >> LOCK_RECURSION_SHIFT) & LOCK_RECURSION_MAX
        m.users = 0
        m.object = o
        if lock_cas(&o.lock, word, LOCK_INFLATED | m.index):
            free_monitors = m.next_free
            in_use += 1
            return m
        m.object = NULL

cdef Thread* kernel_thread(JavaThread* t) noexcept nogil:
    return <Thread*>t.kernel

cdef void wake(Node* node) noexcept nogil:
    if node.blocked:
        node.blocked = 0
        thread_wake(kernel_thread(node.thread), 0)

# --- ownership (masked) -----------------------------------------------------------------------------

# Newcomers may take a free monitor before the first in line has woken up, which saves two switches
# for each exit; one who was overtaken PATIENCE times is handed it instead.
cdef void release(Monitor* m) noexcept nogil:
    cdef Node* first = m.entry.first
    m.owner = 0
    m.recursion = 0
    if first != NULL:
        if first.attempts >= PATIENCE:
            m.owner = first.thread.id
        wake(first)

cdef int block(Node* node, u64 deadline, const char* reason, Object* o) noexcept nogil:
    cdef int result
    node.blocked = 1
    result = thread_block(NULL, deadline, reason, o)
    node.blocked = 0
    return result

# Queues the node, unless it is in line already, and waits for ownership.  Masked, in STATE_SAFE.
cdef void acquire(Monitor* m, Node* node) noexcept nogil:
    cdef u32 me = node.thread.id
    if node.place != PLACE_ENTRY:
        append(&m.entry, node, PLACE_ENTRY)
    while m.owner != me:
        if m.owner == 0:
            m.owner = me
            break
        block(node, 0, b"monitor", m.object)
        if m.owner != 0 and m.owner != me:
            node.attempts += 1
    remove(&m.entry, node)

cdef void node_init(Node* node, JavaThread* t) noexcept nogil:
    memset(node, 0, sizeof(Node))
    node.thread = t

cdef int not_owner(JavaThread* t) noexcept nogil:
    return throw_named(t, b"java/lang/IllegalMonitorStateException", b"current thread is not owner")

# --- enter and exit ---------------------------------------------------------------------------------

cdef int enter_inflated(JavaThread* t, Object* o) noexcept nogil:
    cdef Monitor* m
    cdef Node node
    cdef i32 status
    events_mask()
    m = inflate(o)
    if m == NULL:
        events_unmask()
        return throw_out_of_memory(t, b"no memory for a monitor")
    if m.owner == 0 or m.owner == t.id:
        if m.owner == t.id:
            m.recursion += 1
        else:
            m.owner = t.id
        events_unmask()
        return 0
    m.users += 1
    events_unmask()
    node_init(&node, t)
    status = thread_set_status(t, STATUS_BLOCKED)
    t.blocker = o
    thread_enter_safe(t)
    events_mask()
    acquire(m, &node)
    events_unmask()
    thread_leave_safe(t)
    t.blocker = NULL
    thread_set_status(t, status)
    events_mask()
    m.users -= 1
    events_unmask()
    return 0

# In stress mode a monitor operation is a point, too (kernel/threads/stress.pxd).
cdef inline void point() noexcept nogil:
    if safepoint_requested & SAFEPOINT_STRESS:
        stress_point()

cdef public int monitor_enter(JavaThread* t, Object* o) noexcept nogil:
    cdef u32 word
    point()
    while True:
        word = lock_load(&o.lock)
        if word == 0:
            if lock_cas(&o.lock, 0, t.id << LOCK_OWNER_SHIFT):
                return 0
        elif (word & LOCK_INFLATED) == 0 and word >> LOCK_OWNER_SHIFT == t.id and (
                (word >> LOCK_RECURSION_SHIFT) & LOCK_RECURSION_MAX) < LOCK_RECURSION_MAX:
            if lock_cas(&o.lock, word, word + (1 << LOCK_RECURSION_SHIFT)):
                return 0
        else:
            return enter_inflated(t, o)

cdef int exit_inflated(JavaThread* t, Object* o) noexcept nogil:
    cdef Monitor* m
    events_mask()
    m = monitor_at(lock_load(&o.lock))
    if m.owner != t.id:
        events_unmask()
        # The monitorexit instruction (JVMS §6.5) reports no text.
        return throw_named(t, b"java/lang/IllegalMonitorStateException", NULL)
    if m.recursion > 0:
        m.recursion -= 1
    else:
        release(m)
    events_unmask()
    return 0

cdef public int monitor_exit(JavaThread* t, Object* o) noexcept nogil:
    cdef u32 word
    point()
    while True:
        word = lock_load(&o.lock)
        if word & LOCK_INFLATED:
            return exit_inflated(t, o)
        if word >> LOCK_OWNER_SHIFT != t.id:
            return throw_named(t, b"java/lang/IllegalMonitorStateException", NULL)
        if (word >> LOCK_RECURSION_SHIFT) & LOCK_RECURSION_MAX:
            if lock_cas(&o.lock, word, word - (1 << LOCK_RECURSION_SHIFT)):
                return 0
        elif lock_cas(&o.lock, word, 0):
            return 0

cdef public u32 monitor_owner(Object* o) noexcept nogil:
    cdef u32 owner
    cdef u32 word
    events_mask()
    word = lock_load(&o.lock)
    owner = monitor_at(word).owner if word & LOCK_INFLATED else word >> LOCK_OWNER_SHIFT
    events_unmask()
    return owner

cdef public int monitor_owned(JavaThread* t, Object* o) noexcept nogil:
    return monitor_owner(o) == t.id

# --- wait and notify (JLS §17.2) --------------------------------------------------------------------

cdef u64 deadline_after(i64 milliseconds) noexcept nogil:
    cdef u64 now
    if milliseconds == 0:
        return 0
    now = clock_monotonic()
    if milliseconds > <i64>((<u64>1 << 62) // 1000000):
        return 0                         # centuries: for ever
    return now + <u64>milliseconds * 1000000

# In STATE_SAFE: waits for a notification, the deadline or an interrupt, then for the monitor.
cdef void wait_safe(JavaThread* t, Monitor* m, Node* node, u64 deadline, u32 recursion) noexcept nogil:
    events_mask()
    while node.place == PLACE_WAIT and not node.interrupted:
        if block(node, deadline, b"Object.wait", m.object) == -ETIMEDOUT:
            break
    if node.place == PLACE_WAIT:
        remove(&m.waiters, node)
    t.waiting = NULL
    events_unmask()
    thread_set_status(t, STATUS_BLOCKED) # writes no reference, so it may happen in STATE_SAFE
    events_mask()
    acquire(m, node)
    m.recursion = recursion
    events_unmask()

cdef public int monitor_wait(JavaThread* t, Object* o, i64 milliseconds) noexcept nogil:
    cdef Monitor* m
    cdef Node node
    cdef i32 status
    cdef u32 recursion
    cdef u64 deadline = deadline_after(milliseconds)
    if milliseconds < 0:
        return throw_named(t, b"java/lang/IllegalArgumentException", b"timeout value is negative")
    if not monitor_owned(t, o):
        return not_owner(t)
    if thread_test_interrupt(t, 1):
        return throw_named(t, b"java/lang/InterruptedException", NULL)
    node_init(&node, t)
    status = thread_set_status(t, STATUS_IN_WAIT_TIMED if deadline else STATUS_IN_WAIT)
    events_mask()
    m = inflate(o)
    if m == NULL:
        events_unmask()
        thread_set_status(t, status)
        return throw_out_of_memory(t, b"no memory for a monitor")
    m.users += 1
    recursion = m.recursion
    append(&m.waiters, &node, PLACE_WAIT)
    t.waiting = &node
    t.blocker = o
    # An interrupt that came after the test above did not see the node.
    node.interrupted = t.interrupted
    release(m)
    events_unmask()
    thread_enter_safe(t)
    wait_safe(t, m, &node, deadline, recursion)
    thread_leave_safe(t)
    t.blocker = NULL
    thread_set_status(t, status)
    events_mask()
    m.users -= 1
    events_unmask()
    # A notification that was received is not lost: the interrupt then stays pending (JLS §17.2.4).
    if not node.notified and thread_test_interrupt(t, 1):
        return throw_named(t, b"java/lang/InterruptedException", NULL)
    return 0

cdef public int monitor_notify(JavaThread* t, Object* o, int everyone) noexcept nogil:
    cdef Monitor* m
    cdef Node* node
    cdef u32 word
    if not monitor_owned(t, o):
        return not_owner(t)
    events_mask()
    word = lock_load(&o.lock)
    if word & LOCK_INFLATED:             # nobody waits on a thin lock
        m = monitor_at(word)
        while m.waiters.first != NULL:
            # It goes into the line for the monitor, and wakes when its turn has come.
            node = m.waiters.first
            remove(&m.waiters, node)
            node.notified = 1
            append(&m.entry, node, PLACE_ENTRY)
            if not everyone:
                break
    events_unmask()
    return 0

cdef public void monitor_interrupt(JavaThread* target) noexcept nogil:
    cdef Node* node
    cdef Blocking* blocking
    events_mask()
    target.interrupted = 1
    node = <Node*>target.waiting
    if node != NULL and node.place == PLACE_WAIT:
        node.interrupted = 1
        wake(node)
    blocking = <Blocking*>target.parker
    if blocking != NULL:
        parker_unpark(&blocking.sleep)
        parker_unpark(&blocking.park)
    events_unmask()

# --- sweeping ---------------------------------------------------------------------------------------

# All other Java threads are stopped or in STATE_SAFE; the latter may still run here, between the masks.
cdef public void monitors_sweep() noexcept nogil:
    cdef Monitor* m
    cdef u32 i
    for i in range(chunk_count * CHUNK):
        events_mask()
        m = monitor_at(i)
        if m.object != NULL and m.users == 0:
            if not heap_is_marked(m.object):
                free_monitor(m)
            elif m.owner == 0:
                m.object.lock = 0
                free_monitor(m)
        events_unmask()

cdef public u32 monitors_in_use() noexcept nogil:
    return in_use
