"""Every nth allocation fails: once in a run, in the Java heap, the kernel's heap or the pages.

What comes of it must be the program's own end (it caught the error, or did not need the memory), an
OutOfMemoryError, or one clear line; never a crash, a hang or a wrong diagnosis.  A sample runs with the
tests, from a seed that is printed; `python -m tests.conformance.test_allocation_faults PROGRAM` and the
tests marked slow go through every n.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from tests import tools
from tests.conftest import need_home
from tests.programs import host
from tests.programs.catalogue import PROGRAMS, Program

#: The switch of each allocator (jvm/runtime/vm.pyx, kernel/boot/main.pyx), and an n beyond its last allocation in "Nothing".
SWITCHES = {"gc-fail": 12_000, "heap.fail": 2_500, "pages.fail": 150}
#: What a message may say when memory was short.
WORDS = ("OutOfMemoryError", "insufficient memory", "no memory", "too little memory", "too small", "is missing or not a jimage",
         "Could not find or load main class", "thrown from the UncaughtExceptionHandler", "Cannot allocate memory", "No space left on device")
SAMPLE = 12
#: Programs of each kind that run for a short while.
SMALL = ("Nothing", "Exceptions", "Maps", "ThreadBasics", "StringConcats", "TryFinally", "Streams", "OutOfMemory")
BY_NAME = {program.name: program for program in PROGRAMS}


def judge(program: Program, switch: str, nth: int) -> str:
    """Runs `program` with the nth allocation failing; what is wrong with its end, or nothing."""
    try:
        found = tools.run_demitasse("run", "--home", "process", "--config", f"{switch}={nth}", *program.vm_options,
                                    *host.command(program), stdin=program.stdin, timeout=120)
    except subprocess.TimeoutExpired:
        return f"{switch}={nth}: does not end"
    expected = host.expected(program)
    if found.code == expected.code:
        return ""                        # it went on, perhaps having said so
    text = found.err.decode(errors="replace") + found.out.decode(errors="replace")
    if found.code != 1 or not any(word in text for word in WORDS):
        return f"{switch}={nth}: exit code {found.code}: {' / '.join(text.strip().splitlines()[-12:])[:600]}"
    return ""


@pytest.mark.parametrize("switch", SWITCHES)
def test_some_allocations(switch: str) -> None:
    need_home("process")
    seed = int(os.environ.get("ALLOCATION_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"ALLOCATION_SEED={seed}")
    chance = random.Random(seed)
    wrong = []
    for _ in range(SAMPLE):
        program = BY_NAME[chance.choice(SMALL)]
        wrong.append(judge(program, switch, chance.randint(1, SWITCHES[switch])))
    assert not any(wrong), f"seed {seed}:\n" + "\n".join(filter(None, wrong))


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("switch", SWITCHES)
def test_every_allocation(switch: str) -> None:
    need_home("process")
    wrong = list(filter(None, (judge(BY_NAME["Nothing"], switch, nth) for nth in range(1, SWITCHES[switch]))))
    assert not wrong, "\n".join(wrong[:50])


def main() -> None:
    program = BY_NAME[sys.argv[1] if len(sys.argv) > 1 else "Nothing"]
    switches = sys.argv[2:3] or list(SWITCHES)
    step = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for switch in switches:
        count = 0
        for nth in range(1, SWITCHES[switch], step):
            wrong = judge(program, switch, nth)
            count += 1
            if wrong:
                print(wrong, flush=True)
        print(f"{program.name} {switch}: {count} runs", flush=True)


if __name__ == "__main__":
    main()
