"""Monitors, safepoints, sleep and park of Java threads on the hosted scheduler with a virtual clock.

The threads run no Java code: scripts of operations stand for it, and yields for preemption.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse import _guest as guest

(END, ENTER, EXIT, WAIT, NOTIFY, NOTIFY_ALL, YIELD, SLEEP, PARK, UNPARK, STOP, POLL, SAFE, ADD, OWNED, WORK) = range(16)

Step = tuple[int, int, int]


def op(operation: int, thing: int = 0, argument: int = 0) -> Step:
    return operation, thing, argument


def run(*scripts: list[Step]) -> tuple[list[tuple[int, int, int, int]], list[int]]:
    """Run the scripts to their ends; everything must be unlocked, deflated and gone afterwards."""
    log, counters, locks, broken = guest.java_threads_run(scripts)
    assert broken == 0, "a stopped thread moved"
    assert locks == [0] * 16
    assert guest.java_monitors_in_use() == 0
    assert guest.java_threads_left() == 0
    assert len(log) == sum(len(s) for s in scripts)
    return log, counters


def order(log: list[tuple[int, int, int, int]], *wanted: tuple[int, int]) -> list[tuple[int, int]]:
    return [(thread, step) for thread, step, _, _ in log if (thread, step) in wanted]


def test_enter_and_exit_nest() -> None:
    depth = 600                          # beyond what a thin lock counts
    log, _ = run([op(ENTER)] * depth + [op(OWNED)] + [op(EXIT)] * depth + [op(OWNED)])
    assert [outcome for _, step, outcome, _ in log if step in (depth, 2 * depth + 1)] == [1, 0]


def test_contended_counter_loses_nothing() -> None:
    once = [op(ENTER), op(ADD), op(EXIT)]
    _, counters = run(*[once * 50 for _ in range(8)])
    assert counters[0] == 400


def test_without_a_monitor_it_does() -> None:
    """The check above means something only if unlocked additions are lost."""
    _, counters = run(*[[op(ADD)] * 50 for _ in range(8)])
    assert counters[0] < 400


def test_a_patient_thread_gets_its_turn() -> None:
    """A thread that always re-enters at once cannot starve the others."""
    greedy = [op(ENTER), op(YIELD), op(EXIT)] * 300
    log, _ = run(greedy, [op(ENTER), op(EXIT)])
    got = next(i for i, event in enumerate(log) if event[:2] == (1, 0))
    assert got < 60


def test_wait_gives_the_monitor_up_and_notify_returns_it() -> None:
    waiter = [op(ENTER), op(ENTER), op(WAIT), op(OWNED), op(ADD), op(EXIT), op(EXIT)]
    notifier = [op(YIELD), op(ENTER), op(ADD), op(NOTIFY), op(YIELD), op(ADD), op(EXIT)]
    log, counters = run(waiter, notifier)
    assert order(log, (0, 2), (0, 4), (1, 5)) == [(1, 5), (0, 2), (0, 4)]
    assert dict(((t, s), o) for t, s, o, _ in log)[0, 3] == 1
    assert counters[0] == 3


def test_notify_wakes_one_in_order_and_notify_all_the_rest() -> None:
    waiter = [op(ENTER), op(WAIT), op(EXIT)]
    last = [op(SLEEP, 0, 10), op(ENTER), op(NOTIFY), op(EXIT), op(SLEEP, 0, 10), op(ENTER), op(NOTIFY_ALL), op(EXIT)]
    log, _ = run(waiter, waiter, waiter, waiter, last)
    woken = [(thread, time) for thread, step, _, time in log if thread < 4 and step == 1]
    assert [thread for thread, _ in woken] == [0, 1, 2, 3]
    assert [round((time - 1000) / 10) for _, time in woken] == [1, 2, 2, 2]


def test_wait_with_a_timeout_ends_by_itself() -> None:
    log, _ = run([op(ENTER), op(WAIT, 0, 250), op(OWNED), op(EXIT)])
    assert log[2][2] == 1
    assert 1250 <= log[1][3] <= 1260


def test_a_timed_out_waiter_still_waits_for_the_monitor() -> None:
    waiter = [op(ENTER), op(WAIT, 0, 50), op(EXIT)]
    holder = [op(SLEEP, 0, 10), op(ENTER), op(SLEEP, 0, 200), op(EXIT)]
    log, _ = run(waiter, holder)
    assert dict(((t, s), time) for t, s, _, time in log)[0, 1] >= 1210


def test_notify_after_a_timeout_goes_to_another() -> None:
    """Both wait; the first times out while the notifier holds the monitor, then the second is notified."""
    first = [op(ENTER), op(WAIT, 0, 50), op(EXIT)]
    second = [op(YIELD), op(ENTER), op(WAIT), op(EXIT)]
    notifier = [op(SLEEP, 0, 10), op(ENTER), op(SLEEP, 0, 100), op(NOTIFY), op(EXIT)]
    run(first, second, notifier)


def test_sleep_takes_its_time_and_zero_none() -> None:
    log, _ = run([op(SLEEP, 0, 30), op(SLEEP, 0, 0)], [op(SLEEP, 0, 20)])
    assert [(t, s) for t, s, _, _ in log] == [(1, 0), (0, 0), (0, 1)]
    assert [time // 10 for _, _, _, time in log] == [102, 103, 103]


def test_park_takes_a_permit_or_waits_for_one() -> None:
    log, _ = run([op(YIELD), op(PARK), op(PARK), op(PARK, 0, 40)], [op(UNPARK, 0), op(UNPARK, 0), op(SLEEP, 0, 20), op(UNPARK, 0)])
    times = {(t, s): time for t, s, _, time in log}
    assert times[0, 1] < 1010, "two unparks leave one permit"
    assert 1020 <= times[0, 2] < 1030
    assert times[0, 3] >= 1060


def test_a_stop_waits_for_all_and_holds_them() -> None:
    busy = [op(WORK, 1, 1)]
    stopper = [op(STOP), op(STOP), op(ADD, 1)]
    run(busy, busy, busy, stopper)


def test_two_stops_at_once() -> None:
    run(*[[op(STOP), op(ADD, 0), op(STOP), op(SAFE)] * 10 for _ in range(6)])


def test_a_stop_while_others_block() -> None:
    """Threads in a monitor's line, in wait, asleep and parked count as stopped."""
    run([op(ENTER), op(SLEEP, 0, 50), op(EXIT), op(UNPARK, 3)],
        [op(YIELD), op(ENTER), op(NOTIFY_ALL, 0), op(EXIT)],
        [op(SLEEP, 0, 60)],
        [op(PARK)],
        [op(YIELD)] * 3 + [op(STOP)] * 5 + [op(SLEEP, 0, 45)] + [op(STOP)] * 5)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_random_programs_end(seed: int) -> None:
    """Well-formed random programs: locks taken in order, every wait timed, counters under their locks."""
    dice = random.Random(seed)
    expected = [0] * 16
    scripts = []
    for _ in range(dice.randint(2, 10)):
        script: list[Step] = []
        for _ in range(dice.randint(1, 40)):
            kind = dice.random()
            if kind < 0.6:
                locks = sorted(dice.sample(range(4), dice.choice((1, 1, 2, 3))))
                for lock in locks:
                    script += [op(ENTER, lock)] * dice.choice((1, 1, 2))
                inner = [op(ADD, lock) for lock in locks]
                for lock in locks:
                    expected[lock] += 1
                if dice.random() < 0.3:
                    inner.append(op(WAIT, locks[-1], dice.randint(1, 20)))
                if dice.random() < 0.4:
                    inner.append(op(dice.choice((NOTIFY, NOTIFY_ALL)), dice.choice(locks)))
                script += inner
                entered = [s for s in script if s[0] == ENTER]
                left = [s for s in script if s[0] == EXIT]
                for _, lock, _ in reversed(entered[len(left):]):
                    script.append(op(EXIT, lock))
            else:
                script.append(dice.choice([op(YIELD), op(SLEEP, 0, dice.randint(0, 5)), op(STOP), op(SAFE), op(POLL),
                                           op(PARK, 0, dice.randint(1, 5)), op(UNPARK, dice.randrange(10))]))
        scripts.append(script)
    log, counters = run(*scripts)
    assert counters == expected


@pytest.mark.parametrize("count", [1, 40])
def test_thread_ids_are_used_again(count: int) -> None:
    for _ in range(5):
        run(*[[op(ENTER), op(ADD), op(EXIT)] for _ in range(count)])
