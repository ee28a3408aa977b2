"""The guest's trace ring (kernel/diagnostics/trace.pxd) as Chrome's trace event format.

`to_chrome_json` takes the ring as it lay in guest memory after the run and gives the text that
chrome://tracing and Perfetto open.  A ring that is not one raises `TraceError` of one line.
"""

from __future__ import annotations

import json
from typing import Any

from construct import Bytes, ConstructError, Const, Int8ul, Int16ul, Int32ul, Int64ul, Struct  # type: ignore[import-untyped]

MAGIC, VERSION, NAME_MAX = 0x43525444, 1, 32

Header = Struct(
    "magic" / Const(MAGIC, Int32ul),
    "version" / Const(VERSION, Int32ul),
    "event_size" / Int32ul,
    "capacity" / Int32ul,
    "count" / Int64ul,
    "start" / Int64ul,
)

Event = Struct(
    "time" / Int64ul,
    "duration" / Int64ul,
    "argument" / Int64ul,
    "thread" / Int32ul,
    "phase" / Int8ul,
    "cpu" / Int8ul,
    "reserved" / Int16ul,
    "name" / Bytes(NAME_MAX),
)


class TraceError(Exception):
    """The bytes are no trace ring; the message says why."""


def read_events(ring: bytes) -> tuple[int, int, list[Any]]:
    """Return (start, events lost, the events that are left, oldest first)."""
    try:
        header = Header.parse(ring)
    except ConstructError as error:
        raise TraceError(f"the guest left no trace: {str(error).splitlines()[-1]}") from None
    base, size, capacity = Header.sizeof(), header.event_size, header.capacity
    if size != Event.sizeof() or capacity == 0 or len(ring) < base + size * capacity:
        raise TraceError(f"the guest's trace is damaged: {capacity} events of {size} bytes in {len(ring)} bytes")
    first = max(0, header.count - capacity)
    events = [Event.parse(ring[base + n % capacity * size:][:size]) for n in range(first, header.count)]
    return header.start, first, events


def to_chrome_events(ring: bytes) -> dict[str, Any]:
    """The trace as the object form of the trace event format."""
    start, lost, events = read_events(ring)
    found = []
    open_spans: dict[int, int] = {}
    for event in events:
        phase = chr(event.phase)
        if phase not in "BEXi":
            raise TraceError(f"the guest's trace is damaged: phase {event.phase:#x}")
        if phase == "B":
            open_spans[event.thread] = open_spans.get(event.thread, 0) + 1
        elif phase == "E":
            if not open_spans.get(event.thread):
                continue                 # its beginning has been overwritten
            open_spans[event.thread] -= 1
        entry: dict[str, Any] = {
            "name": event.name.partition(b"\0")[0].decode("utf-8", "replace"),
            "ph": phase, "ts": (event.time - start) / 1000, "pid": 1, "tid": event.thread,
            "args": {"argument": event.argument},
        }
        if phase == "X":
            entry["dur"] = event.duration / 1000
        elif phase == "i":
            entry["s"] = "t"
        found.append(entry)
    return {"traceEvents": found, "displayTimeUnit": "ns", "otherData": {"lost": lost}}


def to_chrome_json(ring: bytes) -> str:
    """The trace as text for a file; an empty `ring` (the guest did not come far enough) is an empty trace."""
    if not ring:
        return json.dumps({"traceEvents": [], "displayTimeUnit": "ns", "otherData": {"lost": 0}}) + "\n"
    return json.dumps(to_chrome_events(ring)) + "\n"
