"""kernel/threads: scripted threads under a virtual clock; every outcome is exact."""

from __future__ import annotations

import enum
import heapq
import random
from typing import Any

import pytest

from demitasse import _guest as guest

ETIMEDOUT, EDEADLK, EINVAL = -110, -35, -22


class Op(enum.IntEnum):
    """tests/guest/kernel_threads.pxi, ScriptOperation."""

    LOG = 0
    YIELD = 1
    SLEEP = 2
    RUN = 3
    LOCK = 4
    UNLOCK = 5
    TRY = 6
    WAIT = 7
    SIGNAL = 8
    BROADCAST = 9
    PARK = 10
    UNPARK = 11
    SEM_WAIT = 12
    SEM_POST = 13
    PRIORITY = 14
    JOIN = 15
    START = 16
    EXIT = 17
    PREEMPT_OFF = 18
    PREEMPT_ON = 19
    MASK = 20
    UNMASK = 21
    DETACH = 22


def step(op: Op, a: int = 0, b: int = 0) -> tuple[int, int, int]:
    return (op, a, b)


def log(value: int) -> tuple[int, int, int]:
    return step(Op.LOG, value)


def thread(*steps: tuple[int, int, int], priority: int = 16, starts: bool = True) -> Any:
    return (priority, starts, list(steps))


def run(*threads: Any, code: int = -1) -> list[tuple[int, int, float]]:
    ended, events = guest.run_scripts(list(threads))
    assert ended == code, guest.kernel_text()
    return events


def order(*threads: Any) -> list[tuple[int, int]]:
    return [(who, value) for who, value, _ in run(*threads)]


# The clock stands at 1000 ms when the scripts start.

def test_equal_priorities_take_turns() -> None:
    steps = [log(0), step(Op.YIELD), log(1), step(Op.YIELD), log(2)]
    assert order(thread(*steps), thread(*steps), thread(*steps)) == [(t, i) for i in range(3) for t in range(3)]


def test_higher_priority_runs_first() -> None:
    assert order(thread(log(0), priority=5), thread(log(0), priority=20), thread(log(0), priority=10)) == \
        [(1, 0), (2, 0), (0, 0)]


def test_yield_does_not_give_way_to_lower_priority() -> None:
    assert order(thread(log(0), step(Op.YIELD), log(1), priority=10), thread(log(0), priority=9)) == \
        [(0, 0), (0, 1), (1, 0)]


def test_starting_a_more_urgent_thread_switches_at_once() -> None:
    assert order(thread(log(0), step(Op.START, 1), log(1)), thread(log(0), priority=20, starts=False)) == \
        [(0, 0), (1, 0), (0, 1)]


def test_time_slices_of_spinning_threads() -> None:
    """Each computes 12 ms in pieces of 1 ms; slices are 5 ms, so they change three times."""
    steps = [s for i in range(12) for s in (step(Op.RUN, 1), log(i))]
    events = run(thread(*steps), thread(*steps))
    runs = [events[0][0]]
    for who, _, _ in events:
        if who != runs[-1]:
            runs.append(who)
    assert runs == [0, 1, 0, 1, 0, 1]
    assert events[-1][2] == 1024


def test_a_lone_thread_is_not_interrupted() -> None:
    events = run(thread(*[step(Op.RUN, 50), log(0), step(Op.RUN, 50), log(1)]))
    assert [time for _, _, time in events] == [1050, 1100]


def test_sleepers_wake_in_the_order_of_their_deadlines() -> None:
    deadlines = [1040, 1010, 1030, 1020, 1010]
    events = run(*[thread(step(Op.SLEEP, d), log(d)) for d in deadlines])
    assert events == [(1, 1010, 1010), (4, 1010, 1010), (3, 1020, 1020), (2, 1030, 1030), (0, 1040, 1040)]


def test_sleep_into_the_past_returns() -> None:
    assert run(thread(step(Op.SLEEP, 5), log(1), step(Op.SLEEP, 0), log(2))) == [(0, 1, 1000), (0, 2, 1000)]


def test_a_waking_thread_of_higher_priority_preempts() -> None:
    events = run(thread(step(Op.RUN, 20), log(0)), thread(step(Op.SLEEP, 1007), log(1), priority=20))
    assert events[0] == (1, 1, 1007) and events[1][:2] == (0, 0)


def test_preempt_disable_defers_and_enable_catches_up() -> None:
    events = run(thread(step(Op.PREEMPT_OFF), step(Op.RUN, 20), log(0), step(Op.PREEMPT_ON), log(1)),
                 thread(step(Op.SLEEP, 1007), log(2), priority=20))
    assert events == [(0, 0, 1020), (1, 2, 1020), (0, 1, 1020)]


def test_a_slice_may_end_while_preemption_is_disabled() -> None:
    """The end of the slice is asked for once, not again and again in the past."""
    events = run(thread(step(Op.PREEMPT_OFF), step(Op.RUN, 20), log(0), step(Op.PREEMPT_ON), log(1)), thread(log(2)))
    assert events == [(0, 0, 1020), (1, 2, 1020), (0, 1, 1020)]


def test_mask_defers_events_and_unmask_catches_up() -> None:
    events = run(thread(step(Op.MASK), step(Op.RUN, 20), log(0), step(Op.UNMASK), log(1)),
                 thread(step(Op.SLEEP, 1007), log(2), priority=20))
    assert events == [(0, 0, 1020), (1, 2, 1020), (0, 1, 1020)]


def test_mutex_is_fifo() -> None:
    holder = thread(step(Op.LOCK), step(Op.SLEEP, 1100), log(0), step(Op.UNLOCK))
    waiters = [thread(step(Op.SLEEP, 1010 + 10 * i), step(Op.LOCK), log(i), step(Op.YIELD), step(Op.UNLOCK)) for i in range(4)]
    assert order(holder, *waiters) == [(0, 0), (1, 0), (2, 1), (3, 2), (4, 3)]


def test_mutex_prefers_priority() -> None:
    holder = thread(step(Op.LOCK), step(Op.SLEEP, 1100), step(Op.UNLOCK))
    waiters = [thread(step(Op.SLEEP, 1010 + i), step(Op.LOCK), log(p), step(Op.UNLOCK), priority=p)
               for i, p in enumerate([10, 20, 15, 20])]
    assert [who for who, _ in order(holder, *waiters)] == [2, 4, 3, 1]


def test_changing_the_priority_of_a_waiter_moves_it() -> None:
    holder = thread(step(Op.LOCK), step(Op.SLEEP, 1050), step(Op.PRIORITY, 2, 30), step(Op.SLEEP, 1100), step(Op.UNLOCK))
    waiters = [thread(step(Op.SLEEP, 1010 + i), step(Op.LOCK), log(i), step(Op.UNLOCK)) for i in range(2)]
    assert [who for who, _ in order(holder, *waiters)] == [2, 1]


def test_nobody_overtakes_a_handed_over_mutex() -> None:
    """The holder unlocks and locks again at once: the waiter has it already."""
    assert order(thread(step(Op.LOCK), step(Op.SLEEP, 1010), step(Op.UNLOCK), step(Op.LOCK), log(0), step(Op.UNLOCK)),
                 thread(step(Op.LOCK), log(1), step(Op.UNLOCK))) == [(1, 1), (0, 0)]


def test_mutex_timeout_and_try() -> None:
    events = run(thread(step(Op.LOCK), step(Op.SLEEP, 1100), step(Op.UNLOCK)),
                 thread(step(Op.TRY), step(Op.LOCK, 0, 1050), log(7), step(Op.LOCK, 0, 1200), step(Op.UNLOCK), step(Op.TRY)))
    assert events == [(1, 0, 1000), (1, ETIMEDOUT, 1050), (1, 7, 1050), (1, 0, 1100), (1, 1, 1100)]


def test_condition_signal_wakes_one_in_order() -> None:
    waiter = [step(Op.LOCK), step(Op.WAIT), step(Op.UNLOCK), log(9)]
    signaller = thread(step(Op.SLEEP, 1010), step(Op.LOCK), step(Op.SIGNAL), step(Op.UNLOCK), step(Op.SLEEP, 1020),
                       step(Op.LOCK), step(Op.BROADCAST), log(5), step(Op.UNLOCK))
    assert order(thread(*waiter), thread(*waiter), thread(*waiter), signaller) == \
        [(0, 0), (0, 9), (3, 5), (1, 0), (1, 9), (2, 0), (2, 9)]


def test_condition_timeout_takes_the_mutex_again() -> None:
    events = run(thread(step(Op.LOCK), step(Op.WAIT, 0, 1020), log(1), step(Op.UNLOCK)),
                 thread(step(Op.SLEEP, 1010), step(Op.LOCK), step(Op.SLEEP, 1050), log(2), step(Op.UNLOCK)))
    assert events == [(1, 2, 1050), (0, ETIMEDOUT, 1050), (0, 1, 1050)]


def test_condition_signalled_while_the_mutex_is_held_does_not_time_out() -> None:
    """Signalled at 1010, mutex free at 1050, deadline 1020: it was signalled in time."""
    events = run(thread(step(Op.LOCK), step(Op.WAIT, 0, 1020), step(Op.UNLOCK)),
                 thread(step(Op.SLEEP, 1010), step(Op.LOCK), step(Op.SIGNAL), step(Op.SLEEP, 1050), step(Op.UNLOCK)))
    assert events == [(0, 0, 1050)]


def test_signal_without_waiters_is_lost() -> None:
    assert run(thread(step(Op.SIGNAL), step(Op.LOCK), step(Op.WAIT, 0, 1010), step(Op.UNLOCK))) == [(0, ETIMEDOUT, 1010)]


def test_parker_keeps_one_permit() -> None:
    events = run(thread(step(Op.UNPARK), step(Op.UNPARK), step(Op.PARK), step(Op.PARK, 0, 1030)),
                 thread(step(Op.PARK, 1), log(1)), thread(step(Op.SLEEP, 1010), step(Op.UNPARK, 1)))
    assert events == [(0, 0, 1000), (1, 0, 1010), (1, 1, 1010), (0, ETIMEDOUT, 1030)]


def test_semaphore_counts() -> None:
    events = run(thread(*[step(Op.SEM_POST)] * 3, *[step(Op.SEM_WAIT, 0, 1010)] * 4))
    assert [value for _, value, _ in events] == [0, 0, 0, ETIMEDOUT]


def test_join_returns_the_value() -> None:
    events = run(thread(step(Op.JOIN, 1)), thread(step(Op.SLEEP, 1010), step(Op.EXIT, 42)))
    assert events == [(0, 0, 1010), (0, 42, 1010)]


def test_join_a_thread_that_is_dead_already() -> None:
    assert run(thread(step(Op.SLEEP, 1010), step(Op.JOIN, 1)), thread(step(Op.EXIT, 3))) == [(0, 0, 1010), (0, 3, 1010)]


def test_join_times_out_and_can_be_tried_again() -> None:
    events = run(thread(step(Op.JOIN, 1, 1010), step(Op.JOIN, 1)), thread(step(Op.SLEEP, 1020)))
    assert events == [(0, ETIMEDOUT, 1010), (0, 0, 1020), (0, 0, 1020)]


def test_join_oneself_and_join_twice() -> None:
    events = order(thread(step(Op.JOIN, 0)), thread(step(Op.JOIN, 3)), thread(step(Op.YIELD), step(Op.JOIN, 3)),
                   thread(step(Op.SLEEP, 1050)))
    assert events == [(0, EDEADLK), (2, EINVAL), (1, 0), (1, 0)]


def test_detached_threads_free_themselves() -> None:
    run(thread(step(Op.DETACH, 1), step(Op.DETACH, 2), step(Op.SLEEP, 1030)), thread(step(Op.SLEEP, 1010)),
        thread(step(Op.SLEEP, 1020)))
    assert guest.threads_alive() == 1


def test_a_panic_in_a_thread_ends_the_kernel() -> None:
    """A mutex locked twice by its owner."""
    run(thread(step(Op.LOCK), step(Op.LOCK)), code=134)
    assert "its owner locks it again" in guest.kernel_text().splitlines()[0]


def test_deadlock_is_reported_with_the_threads() -> None:
    run(thread(step(Op.LOCK, 0), step(Op.YIELD), step(Op.LOCK, 1)), thread(step(Op.LOCK, 1), step(Op.YIELD), step(Op.LOCK, 0)),
        code=134)
    text = guest.kernel_text()
    assert text.startswith("panic: deadlock")
    assert text.count("waits: mutex") == 2 and "waits: join" in text


@pytest.mark.parametrize("seed", range(20))
def test_mutual_exclusion_under_preemption(seed: int) -> None:
    """Between lock and unlock, logs of one thread are never parted, whatever preempts."""
    rng = random.Random(seed)
    threads = []
    for _ in range(5):
        steps = []
        for section in range(8):
            steps += [step(Op.RUN, rng.randrange(4)), step(Op.LOCK), log(2 * section)]
            steps += [step(Op.RUN, rng.randrange(7)) for _ in range(rng.randrange(3))]
            steps += [log(2 * section + 1), step(Op.UNLOCK)]
        threads.append(thread(*steps, priority=rng.choice([10, 16, 16, 20])))
    events = order(*threads)
    assert len(events) == 5 * 16
    for (who, value), (other, after) in zip(events[::2], events[1::2], strict=True):
        assert who == other and after == value + 1


@pytest.mark.parametrize("seed", range(30))
def test_timers_against_a_heap(seed: int) -> None:
    rng = random.Random(seed)
    commands: list[tuple[str, int, int]] = []
    model: list[tuple[int, int, int]] = []
    expected: list[list[int]] = []
    now = 0
    for count in range(400):
        choice = rng.random()
        n = rng.randrange(256)
        if choice < 0.6:
            deadline = now + rng.randrange(1, 60)
            commands.append(("start", n, deadline))
            model = [entry for entry in model if entry[2] != n]
            heapq.heapify(model)
            heapq.heappush(model, (deadline, count, n))
        elif choice < 0.8:
            commands.append(("stop", n, 0))
            model = [entry for entry in model if entry[2] != n]
            heapq.heapify(model)
        else:
            now += rng.randrange(20)
            commands.append(("run", 0, now))
            fired = []
            while model and model[0][0] <= now:
                fired.append(heapq.heappop(model)[2])
            expected.append(fired)
    assert guest.run_timers(commands) == expected
