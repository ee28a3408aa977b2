"""The threaded programs of the corpus under preemption at every safepoint: python -m tests.conformance.stress --times 50

Every run has a seed of its own, which says who runs next at each switch; a failure is printed with the
options that bring it back.  The ways take turns: at safepoints; also wherever the kernel opens its event
mask; and by a time slice so short that a switch comes between any two instructions.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from tests import tools
from tests.programs import host
from tests.programs.catalogue import PROGRAMS, Program

#: What they print depends on which objects a collection finds at once, and so on the words that a switch leaves on stacks.
COLLECTED = {"CollectedOnce", "MemoryPressure"}
#: Programs whose threads meet.
THREADED = [program for program in PROGRAMS if "threads" in program.tags and program.name not in COLLECTED]
#: For one run under stress; the slowest programs take seconds.
TIMEOUT = 300.0


#: The ways of preemption, and their records of the launch configuration.
WAYS = {
    "safepoints": ("preempt-every=1",),
    "kernel": ("preempt-every=1", "preempt-kernel=1"),
    "slices": ("preempt-every=20", "preempt-slice=20000"),
}


class Stress(NamedTuple):
    """How a run is preempted."""

    seed: int
    way: str = "safepoints"
    home: str = "process"

    def options(self) -> list[str]:
        return [word for record in (*WAYS[self.way], f"preempt-seed={self.seed}") for word in ("--config", record)]


def stress_of(seed: int, home: str = "process") -> Stress:
    return Stress(seed, list(WAYS)[seed % len(WAYS)], home)


def run(program: Program, stress: Stress) -> tools.Outcome:
    environment = [word for name, value in host.ENVIRONMENT.items() for word in ("--env", f"{name}={value}")]
    return tools.run_demitasse("run", "--home", stress.home, *environment, *stress.options(), *program.vm_options,
                               *host.command(program), stdin=program.stdin, timeout=TIMEOUT)


def difference(program: Program, stress: Stress) -> str:
    """What a run under stress did wrong; empty if nothing."""
    try:
        outcome = run(program, stress)
    except subprocess.TimeoutExpired:
        return f"no end within {TIMEOUT:.0f} s"
    return host.difference(program, outcome.out, outcome.err, outcome.code)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.stress", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=50, help="runs of each program (50)")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--home", default="process")
    parser.add_argument("--way", choices=WAYS, help="this way alone; otherwise they take turns")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("programs", nargs="*", help="names; all threaded ones unless given")
    chosen = parser.parse_args(arguments)
    programs = [program for program in THREADED if not chosen.programs or program.name in chosen.programs]
    failures = 0
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for program in programs:
            tries = [Stress(seed, chosen.way, chosen.home) if chosen.way else stress_of(seed, chosen.home)
                     for seed in range(chosen.first_seed, chosen.first_seed + chosen.times)]
            found = [(stress, wrong) for stress, wrong in zip(tries, pool.map(lambda one: difference(program, one), tries))
                     if wrong]
            print(f"{program.name:24} {len(tries) - len(found)} of {len(tries)}", flush=True)
            for stress, wrong in found:
                print(f"    {' '.join(stress.options())}: {wrong}", flush=True)
            failures += len(found)
    print(f"{len(programs)} programs, {chosen.times} times each: {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
