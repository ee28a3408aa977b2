# Timers in a pairing heap (Fredman, Sedgewick, Sleator, Tarjan 1986): see timer.pxd.
#
# `child` is the first child; siblings are doubly linked, the first one's `previous` being the parent,
# so that any timer can be cut out.  Start and look are O(1), stop and expiry O(log n) amortised.
from kernel.types cimport u32, u64
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.scheduler cimport scheduler_arm
from kernel.threads.timer cimport Timer

cdef Timer* root
cdef u64 started                         # counts timer_start: the order among equal deadlines


cdef inline bint before(const Timer* a, const Timer* b) noexcept nogil:
    return a.deadline < b.deadline or (a.deadline == b.deadline and a.order < b.order)


# Both are roots without siblings; either may be NULL.
cdef Timer* meld(Timer* a, Timer* b) noexcept nogil:
    cdef Timer* t
    if a == NULL:
        return b
    if b == NULL:
        return a
    if before(b, a):
        t = a
        a = b
        b = t
    b.next = a.child
    if b.next != NULL:
        b.next.previous = b
    b.previous = a
    a.child = b
    return a


# Two passes over a list of siblings: meld pairs from the left, then all from the right.
cdef Timer* meld_list(Timer* first) noexcept nogil:
    cdef Timer* pairs = NULL             # linked through `next`, last pair first
    cdef Timer* a
    cdef Timer* b
    cdef Timer* result = NULL
    while first != NULL:
        a = first
        b = a.next
        first = b.next if b != NULL else NULL
        a.next = NULL
        a.previous = NULL
        if b != NULL:
            b.next = NULL
            b.previous = NULL
        a = meld(a, b)
        a.next = pairs
        pairs = a
    while pairs != NULL:
        a = pairs
        pairs = a.next
        a.next = NULL
        result = meld(result, a)
    return result


cdef void cut_out(Timer* timer) noexcept nogil:
    global root
    cdef Timer* rest
    if timer == root:
        root = meld_list(timer.child)
    else:
        if timer.previous.child == timer:
            timer.previous.child = timer.next
        else:
            timer.previous.next = timer.next
        if timer.next != NULL:
            timer.next.previous = timer.previous
        rest = meld_list(timer.child)
        root = meld(root, rest)
    timer.child = NULL
    timer.next = NULL
    timer.previous = NULL
    timer.queued = 0


cdef public void timers_init() noexcept nogil:
    global root, started
    root = NULL
    started = 0


cdef public void timer_start(Timer* timer, u64 deadline, void (*callback)(Timer* timer) noexcept nogil, void* argument) noexcept nogil:
    global root, started
    events_mask()
    if timer.queued:
        cut_out(timer)
    started += 1
    timer.deadline = deadline
    timer.order = started
    timer.callback = callback
    timer.argument = argument
    timer.child = NULL
    timer.next = NULL
    timer.previous = NULL
    timer.queued = 1
    root = meld(root, timer)
    if root == timer:
        scheduler_arm()
    events_unmask()


cdef public bint timer_stop(Timer* timer) noexcept nogil:
    cdef bint queued
    events_mask()
    queued = timer.queued
    if queued:
        cut_out(timer)
    events_unmask()
    return queued


cdef public u64 timer_next() noexcept nogil:
    return root.deadline if root != NULL else 0


cdef public void timers_run(u64 now) noexcept nogil:
    cdef Timer* timer
    while root != NULL and root.deadline <= now:
        timer = root
        cut_out(timer)
        timer.callback(timer)
