"""The constant pool of a class being assembled.

Invariant: the `.const` entries come first, in the order they were written, from index 1; everything
else is added after them when it is first needed, and equal constants share an entry.
"""

from __future__ import annotations

from demitasse.jvm.model import constant_pool as cp
from demitasse.jvm.model.assembler import syntax as s
from demitasse.jvm.model.attributes import BootstrapMethod
from demitasse.jvm.model.opcodes import Opcode
from demitasse.jvm.model.wire import layouts


class PoolWriter:
    """Turns names and constants of the syntax tree into indexes."""

    def __init__(self) -> None:
        self.pool = cp.ConstantPool()
        self.bootstraps: list[BootstrapMethod] = []
        self._labels: dict[str, int] = {}

    def add_raw(self, entries: list[s.RawConstantEntry]) -> None:
        """Append the `.const` entries; they may name each other in any order."""
        index = len(self.pool)
        for entry in entries:
            if entry.label is not None:
                if entry.label in self._labels:
                    raise s.SourceError(entry.at, f"constant #{entry.label} is there twice")
                self._labels[entry.label] = index
            index += 2 if entry.kind in ("Long", "Double") else 1
        for entry in entries:
            self.pool.append(self._raw(entry))

    def _raw(self, entry: s.RawConstantEntry) -> cp.Constant:
        values = entry.values
        if entry.kind == "Raw":
            if len(values) == 2 and isinstance(values[0], int) and isinstance(values[1], bytes):
                if 0 <= values[0] <= 255:
                    return cp.RawConstant(values[0], values[1])
            raise s.SourceError(entry.at, "Raw takes a tag of 0 to 255 and 0x bytes")
        kind = next(kind for kind in cp.KINDS.values() if entry.kind == kind.KIND)
        wanted = list(layouts(kind))
        if len(values) != len(wanted):
            raise s.SourceError(
                entry.at, f"{entry.kind} takes {len(wanted)} values: {', '.join(wanted)}")
        if kind is cp.Utf8:
            value = values[0]
            if isinstance(value, str):
                return cp.Utf8.of(value)
            if isinstance(value, bytes):
                return cp.Utf8(value)
            raise s.SourceError(entry.at, "Utf8 takes a string, or bytes 0x…")
        arguments = []
        for value in values:
            if isinstance(value, s.PoolRef):
                value = self.ref(value)
            elif isinstance(value, s.Number):
                value = value.value
                if kind is cp.Double and values[0].kind == "Float":  # type: ignore[attr-defined]
                    value = cp.Double.of(cp.Float(value).value).bits
                elif kind is cp.Float and values[0].kind == "Double":  # type: ignore[attr-defined]
                    value = cp.Float.of(cp.Double(value).value).bits
            if not isinstance(value, int):
                raise s.SourceError(entry.at, f"{entry.kind} takes integers and #constants")
            arguments.append(value)
        make: type[cp.Constant] = kind
        return make(*arguments)

    def ref(self, ref: s.PoolRef) -> int:
        """The index that #5 or #name means."""
        if ref.text.isdecimal() and len(ref.text) < 10:
            return int(ref.text)
        if ref.text not in self._labels:
            raise s.SourceError(ref.at, f"there is no constant #{ref.text}")
        return self._labels[ref.text]

    def utf8(self, name: s.Name) -> int:
        """The index of a Utf8."""
        return self.ref(name) if isinstance(name, s.PoolRef) else self.pool.add_utf8(name)

    def class_(self, name: s.Name) -> int:
        """The index of a Class."""
        return self.ref(name) if isinstance(name, s.PoolRef) else self.pool.add_class(name)

    def name_and_type(self, name: s.Name, descriptor: s.Name) -> int:
        """The index of a NameAndType."""
        return self.pool.add(cp.NameAndType(self.utf8(name), self.utf8(descriptor)))

    def member(self, kind: type[cp.Constant], member: s.Member | s.PoolRef) -> int:
        """The index of a Fieldref, Methodref or InterfaceMethodref."""
        if isinstance(member, s.PoolRef):
            return self.ref(member)
        make = cp.InterfaceMethodref if member.interface else kind
        owner = self.class_(member.owner)
        constructor: type[cp.Constant] = make
        return self.pool.add(
            constructor(owner, self.name_and_type(member.name, member.descriptor))  # type: ignore[call-arg]
        )

    def member_of(self, opcode: Opcode, member: s.Member | s.PoolRef) -> int:
        """The index of the member an instruction names."""
        if not opcode.mnemonic.startswith("invoke"):
            return self.member(cp.Fieldref, member)
        if opcode.mnemonic == "invokeinterface":
            return self.member(cp.InterfaceMethodref, member)
        return self.member(cp.Methodref, member)

    def constant(self, constant: s.Constant) -> int:
        """The index of a constant as ldc and bootstrap arguments have them."""
        if isinstance(constant, s.PoolRef):
            return self.ref(constant)
        if isinstance(constant, s.Number):
            return self.pool.add(number(constant))
        if isinstance(constant, s.Text):
            return self.pool.add_string(constant.value)
        if isinstance(constant, s.ClassConstant):
            return self.class_(constant.name)
        if isinstance(constant, s.MethodTypeConstant):
            return self.pool.add(cp.MethodType(self.utf8(constant.descriptor)))
        if isinstance(constant, s.Handle):
            kinds = cp.REFERENCE_KINDS[constant.kind][1]
            kind = next(k for k in cp.KINDS.values() if kinds[0] == k.KIND)
            return self.pool.add(cp.MethodHandle(constant.kind, self.member(kind, constant.member)))
        bootstrap = self.bootstrap(constant.bootstrap)
        return self.pool.add(
            cp.Dynamic(bootstrap, self.name_and_type(constant.name, constant.descriptor)))

    def bootstrap(self, bootstrap: s.Bootstrap, *, share: bool = True) -> int:
        """The index in BootstrapMethods; equal ones share an entry."""
        method = BootstrapMethod(
            self.constant(bootstrap.handle),
            [self.constant(argument) for argument in bootstrap.arguments],
        )
        if not (share and method in self.bootstraps):
            self.bootstraps.append(method)
            return len(self.bootstraps) - 1
        return self.bootstraps.index(method)


def number(constant: s.Number) -> cp.Constant:
    """The pool constant of a number; SourceError when it is out of range."""
    value = constant.value
    bits = {"Integer": 32, "Float": 32, "Long": 64, "Double": 64}[constant.kind]
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise s.SourceError(constant.at, f"{value} does not fit in {bits} bits")
    if constant.kind == "Integer":
        return cp.Integer(value - (1 << 32) if value >= 1 << 31 else value)
    if constant.kind == "Long":
        return cp.Long(value - (1 << 64) if value >= 1 << 63 else value)
    value &= (1 << bits) - 1
    return cp.Float(value) if constant.kind == "Float" else cp.Double(value)
