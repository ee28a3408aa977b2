"""The launcher's end of the control line (kernel/drivers/control.pxd), for machines that are not ours.

What it is: a socket whose other end QEMU gives the guest as its third console, with the two things
that only the launcher knows: where standard input ends, and which signals came.

Invariant: a guest that does not listen, or is gone, stops nothing here.  Standard input is read only
as fast as the guest takes it, but for what a pipe holds (`AHEAD` bytes).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from types import FrameType

#: The guest's events and the signals that stand for them.
SIGNALS = {signal.SIGINT: b"I", signal.SIGQUIT: b"Q", signal.SIGTERM: b"T"}
#: Bytes of standard input that may have been read without the guest having asked for them.
AHEAD = 4096


class ControlLine:
    """The pair of sockets; `guest_end` is for the child to inherit."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)

    @property
    def guest_end(self) -> int:
        """The descriptor that the machine has to have."""
        return self._theirs.fileno()

    def started(self) -> None:
        """The machine has its end: ours of it can go."""
        self._theirs.close()

    def send_signal(self, number: int) -> None:
        """Tell of SIGINT, SIGQUIT or SIGTERM."""
        self._send(SIGNALS[signal.Signals(number)])

    def send_end_of_input(self, count: int) -> None:
        """Standard input ends after `count` bytes."""
        self._send(b"E" + struct.pack("<Q", count))

    def _send(self, message: bytes) -> None:
        with contextlib.suppress(OSError):
            self._ours.send(message)

    def close(self) -> None:
        self._ours.close()
        self._theirs.close()


class InputPump:
    """Copies a descriptor into a pipe for the machine to read, and tells the control line of its end."""

    def __init__(self, source: int, line: ControlLine) -> None:
        self._source, self._line = source, line
        self.guest_end, self._into = os.pipe()
        fcntl.fcntl(self._into, fcntl.F_SETPIPE_SZ, AHEAD)
        os.set_blocking(self._into, False)
        self._stop, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._copy, daemon=True)

    def start(self) -> None:
        """The machine has its end."""
        os.close(self.guest_end)
        self._thread.start()

    def stop(self) -> None:
        """The machine has ended."""
        os.close(self._wake)
        if self._thread.ident is not None:
            self._thread.join()
        else:
            os.close(self.guest_end)
        os.close(self._into)
        os.close(self._stop)

    def _ready(self, reading: int | None, writing: int | None) -> bool:
        """Wait for one of them; False when the pump is to stop."""
        poll = select.poll()
        poll.register(self._stop, 0)
        if reading is not None:
            poll.register(reading, select.POLLIN)
        if writing is not None:
            poll.register(writing, select.POLLOUT)
        return all(descriptor != self._stop for descriptor, _ in poll.poll())

    def _copy(self) -> None:
        count = 0
        try:
            while self._ready(self._source, None):
                data = os.read(self._source, AHEAD)
                if not data:
                    break
                count += len(data)
                while data:
                    if not self._ready(None, self._into):
                        return
                    with contextlib.suppress(BlockingIOError):
                        data = data[os.write(self._into, data):]
        except OSError:
            pass                         # no more input: the source failed, or the machine has gone
        self._line.send_end_of_input(count)


@contextlib.contextmanager
def signals_to(line: ControlLine, give_up: Callable[[], None]) -> Iterator[list[int]]:
    """While inside, SIGINT, SIGQUIT and SIGTERM go to the guest; a second SIGINT or SIGTERM calls
    `give_up`.  Yields the list of what came.  Outside the main thread nothing changes."""
    came: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        if any(earlier != signal.SIGQUIT for earlier in came) and number != signal.SIGQUIT:
            give_up()
        came.append(number)
        line.send_signal(number)

    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
