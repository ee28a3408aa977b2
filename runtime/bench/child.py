"""Starts one process and measures it from outside.  A script: JSON in on stdin, JSON out on stdout.

Invariant: it stays small.  Linux counts the memory of the starting process into the peak of the one
started (ru_maxrss outlives exec), so what starts a measured process must be smaller than it: this
script imports no more than it needs and runs under `python -I -S`.

In:  {"argv": […], "env": {…}, "stdin": text}; the word @START@ in argv becomes the start time.
Out: {"started", "first_byte", "ended": CLOCK_MONOTONIC in ns, "processor": ns of it, "peak": bytes, "code", "out", "err"}
"""

import json
import os
import selectors
import sys
import time

START = "@START@"


def main() -> None:
    order = json.load(sys.stdin)
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    os.write(in_write, order["stdin"].encode())          # small enough for the pipe
    os.close(in_write)
    actions = [
        (os.POSIX_SPAWN_DUP2, in_read, 0), (os.POSIX_SPAWN_DUP2, out_write, 1), (os.POSIX_SPAWN_DUP2, err_write, 2),
    ]
    started = time.monotonic_ns()
    argv = [str(started) if word == START else word for word in order["argv"]]
    pid = os.posix_spawn(argv[0], argv, order["env"], file_actions=actions)
    for end in (in_read, out_write, err_write):
        os.close(end)
    texts = {out_read: b"", err_read: b""}
    first_byte = None
    with selectors.DefaultSelector() as selector:
        for end in texts:
            selector.register(end, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                data = os.read(key.fd, 65536)
                if not data:
                    selector.unregister(key.fd)
                elif key.fd == out_read and first_byte is None:
                    first_byte = time.monotonic_ns()
                texts[key.fd] += data
    _, status, usage = os.wait4(pid, 0)
    ended = time.monotonic_ns()
    json.dump({
        "started": started, "first_byte": first_byte, "ended": ended,
        "processor": round((usage.ru_utime + usage.ru_stime) * 1e9), "peak": usage.ru_maxrss * 1024,
        "code": os.waitstatus_to_exitcode(status),
        "out": texts[out_read].decode(errors="replace"), "err": texts[err_read].decode(errors="replace"),
    }, sys.stdout)


if __name__ == "__main__":
    main()
