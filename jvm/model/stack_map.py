"""StackMapTable (JVMS §4.7.4): frames of verification types at the targets of branches.

Invariant: frames keep the form they were written in (same, chop, append, full …), because several
forms can say the same thing and a round trip must not change bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from demitasse.jvm.model.attribute import attribute
from demitasse.jvm.model.wire import Choice, Counted, PoolIndex, Record, Table, record, u1, u2, wire

# verification_type_info without further contents: tag -> name.
SIMPLE_TYPES: Final[dict[int, str]] = {
    0: "top", 1: "int", 2: "float", 3: "double", 4: "long", 5: "null", 6: "uninitializedThis",
}
OBJECT_TAG: Final = 7
UNINITIALIZED_TAG: Final = 8


@record
class SimpleType(Record):
    """A verification type named by its tag alone."""

    tag: int = wire(u1)


@record
class ObjectType(Record):
    """A class, interface or array type."""

    tag: int = wire(u1)
    cpool_index: int = wire(PoolIndex("Class"))


@record
class UninitializedType(Record):
    """The result of the `new` at an offset, before its constructor ran."""

    tag: int = wire(u1)
    offset: int = wire(u2)


def _type_for(tag: int) -> type[Record] | None:
    if tag in SIMPLE_TYPES:
        return SimpleType
    return {OBJECT_TAG: ObjectType, UNINITIALIZED_TAG: UninitializedType}.get(tag)


VerificationType = SimpleType | ObjectType | UninitializedType
_TYPE = Choice("verification type", _type_for)


@record
class SameFrame(Record):
    """Types 0-63: same locals, empty stack; the type is the offset delta."""

    frame_type: int = wire(u1)


@record
class SameLocals1StackItemFrame(Record):
    """Types 64-127: same locals, one value on the stack; the type is 64 + the offset delta."""

    frame_type: int = wire(u1)
    stack: list[VerificationType] = wire(Counted(lambda _: 1, _TYPE))


@record
class SameLocals1StackItemFrameExtended(Record):
    """Type 247: same locals, one value on the stack."""

    frame_type: int = wire(u1)
    offset_delta: int = wire(u2)
    stack: list[VerificationType] = wire(Counted(lambda *_: 1, _TYPE))


@record
class ChopFrame(Record):
    """Types 248-250: the last 251 - type locals are gone, empty stack."""

    frame_type: int = wire(u1)
    offset_delta: int = wire(u2)


@record
class SameFrameExtended(Record):
    """Type 251: same locals, empty stack."""

    frame_type: int = wire(u1)
    offset_delta: int = wire(u2)


@record
class AppendFrame(Record):
    """Types 252-254: type - 251 more locals, empty stack."""

    frame_type: int = wire(u1)
    offset_delta: int = wire(u2)
    locals: list[VerificationType] = wire(Counted(lambda kind, _: int(kind) - 251, _TYPE))


@record
class FullFrame(Record):
    """Type 255: all locals and the whole stack."""

    frame_type: int = wire(u1)
    offset_delta: int = wire(u2)
    locals: list[VerificationType] = wire(Table(u2, _TYPE))
    stack: list[VerificationType] = wire(Table(u2, _TYPE))


Frame = (
    SameFrame | SameLocals1StackItemFrame | SameLocals1StackItemFrameExtended | ChopFrame
    | SameFrameExtended | AppendFrame | FullFrame
)

# Frame records by the range of frame_type; 128-246 are reserved (§4.7.4).
_FRAMES: Final[tuple[tuple[range, type[Record], str], ...]] = (
    (range(0, 64), SameFrame, "same"),
    (range(64, 128), SameLocals1StackItemFrame, "same_locals_1_stack_item"),
    (range(247, 248), SameLocals1StackItemFrameExtended, "same_locals_1_stack_item_extended"),
    (range(248, 251), ChopFrame, "chop"),
    (range(251, 252), SameFrameExtended, "same_extended"),
    (range(252, 255), AppendFrame, "append"),
    (range(255, 256), FullFrame, "full"),
)


def _frame_for(frame_type: int) -> type[Record] | None:
    return next((cls for types, cls, _ in _FRAMES if frame_type in types), None)


@attribute("code", since=50)
class StackMapTable(Record):
    """Frames in the order of their offsets."""

    entries: list[Frame] = wire(Table(u2, Choice("frame type", _frame_for)))

    def offsets(self) -> Iterator[tuple[int, Frame]]:
        """Each frame with the offset in the code it applies to."""
        at = -1
        for frame in self.entries:
            at += offset_delta(frame) + 1
            yield at, frame


def offset_delta(frame: Frame) -> int:
    """The offset delta, which short forms hold in their type."""
    if isinstance(frame, SameFrame):
        return frame.frame_type
    if isinstance(frame, SameLocals1StackItemFrame):
        return frame.frame_type - 64
    return frame.offset_delta


def frame_name(frame: Frame) -> str:
    """The name of the frame's form in §4.7.4."""
    return next(name for types, _, name in _FRAMES if frame.frame_type in types)
