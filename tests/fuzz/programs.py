"""A campaign of damaged ELF programs against the guest's loader.

    python -m tests.fuzz.programs --cases 100000 [--seed S] [--first N]

Each case is a seed and a number, so that one number is enough to see it again:  … --seed S --first NUMBER --cases 1 --show.
The loader runs in this process, its file at the end of readable memory: a failure is a crash of the process, memory that
is not given back, or an answer that is neither success nor one line of text.
"""

from __future__ import annotations

import argparse
import random
import struct
import sys
from collections import Counter

from demitasse import _guest as guest

from tests.cabi import elves

ENOMEM, ENOEXEC = 12, 8
#: What numbers are damaged to.
EDGES = (0, 1, 2, 7, 8, 15, 16, 24, 55, 56, 63, 64, 0x7F, 0xFF, 0xFFF, 0x1000, 0x1001, 0x2000, 0x3000, 0x3400, 0xFFFF, 0x10000,
         0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 30, (1 << 30) + 1, 1 << 40, 1 << 44, (1 << 47) - 1, 1 << 47, 1 << 62, (1 << 63) - 1,
         1 << 63, (1 << 64) - 0x1000, (1 << 64) - 8, (1 << 64) - 1)


def _fields(data: bytes) -> list[tuple[int, int]]:
    """Where numbers are: (offset, size) in the headers, the dynamic section, symbols, relocations and section headers."""
    found = [(16, 2), (18, 2), (20, 4), (24, 8), (32, 8), (40, 8), (52, 2), (54, 2), (56, 2), (58, 2), (60, 2)]
    count, = struct.unpack_from("<H", data, 56)
    for i in range(count):
        at = 64 + 56 * i
        found += [(at, 4), (at + 4, 4), *((at + j, 8) for j in range(8, 56, 8))]
    found += [(elves.DATA + 8 * i, 8) for i in range(48)]
    found += [(elves.TABLES + 8 * i, 8) for i in range(60)]
    found += [(elves.TABLES + 4 * i, 4) for i in range(120)]
    start, = struct.unpack_from("<Q", data, 40)
    found += [(start + 4 * i, 4) for i in range(48)] + [(start + 8 * i, 8) for i in range(24)]
    return found


ORIGINAL = elves.everything().build()
FIELDS = [place for place in _fields(ORIGINAL) if sum(place) <= len(ORIGINAL)]


def mutated(seed: int, number: int) -> bytes:
    """Case `number` of the campaign `seed`."""
    random_ = random.Random(f"{seed}/{number}")
    data = bytearray(ORIGINAL)
    for _ in range(random_.choice((1, 1, 1, 2, 2, 3, 5, 10))):
        kind = random_.random()
        at, size = random_.choice(FIELDS)
        if at + size > len(data):
            continue
        if kind < 0.5:
            struct.pack_into({2: "<H", 4: "<I", 8: "<Q"}[size], data, at, random_.choice(EDGES) & (1 << 8 * size) - 1)
        elif kind < 0.7:
            old = int.from_bytes(data[at:at + size], "little")
            data[at:at + size] = ((old + random_.choice((-4096, -8, -1, 1, 8, 4096))) % (1 << 8 * size)).to_bytes(size, "little")
        elif kind < 0.85:
            data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
        elif kind < 0.95:
            source = random_.choice(FIELDS)[0]
            data[at:at + 56] = data[source:source + 56][:len(data) - at].ljust(min(56, len(data) - at), b"\0")
        else:
            del data[random_.randrange(len(data)):]
            data = data.ljust(16, b"\0")
            data += ORIGINAL[len(data):] if random_.random() < 0.5 else b""
    return bytes(data)


def wrong(found: dict[str, object]) -> str:
    """What is wrong with the loader's answer; empty: nothing."""
    if found["result"] not in (0, -ENOEXEC, -ENOMEM):
        return f"result {found['result']}"
    if found["leaked"]:
        return f"{found['leaked']} bytes are not given back"
    text = str(found["text"])
    if found["result"] and (not text or "\n" in text or found["cut"]):
        return f"the text {text!r}"
    return ""


def run(seed: int, first: int, count: int) -> tuple[Counter[str], list[str]]:
    """Some cases: how often each answer came, and the failures."""
    answers: Counter[str] = Counter()
    failures = []
    guest.kernel_reset()
    for number in range(first, first + count):
        found = guest.elf_try(mutated(seed, number), (elves.TEXT, elves.TEXT + 3, elves.DATA, (1 << 64) - 1))
        answers[str(found["text"]).split(":")[-1].strip() if found["result"] else "loaded"] += 1
        if problem := wrong(found):
            failures.append(f"seed {seed} case {number}: {problem}")
    return answers, failures


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Damaged ELF programs against the guest's loader.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    print(f"seed {args.seed}, cases {args.first} to {args.first + args.cases - 1}", file=sys.stderr, flush=True)
    answers: Counter[str] = Counter()
    failures: list[str] = []
    for at in range(args.first, args.first + args.cases, 10_000):
        some, failed = run(args.seed, at, min(10_000, args.first + args.cases - at))
        answers += some
        failures += failed
        print(f"{at + sum(some.values())} cases", file=sys.stderr, flush=True)
    for text, count in answers.most_common(20 if not args.show else None):
        print(f"{count:8}  {text}")
    print("\n".join(failures))
    print(f"{sum(answers.values())} cases of seed {args.seed}: {len(failures)} failures, {len(answers)} different answers")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
