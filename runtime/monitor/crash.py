"""What a monitor says when it has to stop the guest itself."""

from __future__ import annotations

from demitasse.runtime.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .image import Image

#: Exit code of a run that ended in a crash report: that of a process killed by SIGABRT.
CRASHED = 134

#: Why the monitor stopped the guest (bootinfo.pxd has no say in it: this is between a home's
#: Cython part and this file).
REASONS = {
    1: "the guest faulted before it had a handler: {fault}",
    2: "the guest faulted inside its event handler: {fault}",
    3: "the monitor faulted while it worked for the guest: {fault}",
    4: "the virtual processor shut down (triple fault); the first fault's cause is lost",
    5: "KVM could not go on with the guest ({detail})",
    6: "the guest broke the monitor's protocol ({detail})",
}

#: Intel SDM volume 3, table 6-1.
_VECTORS = {
    0: "divide error", 1: "debug exception", 3: "breakpoint", 4: "overflow", 5: "bound range exceeded",
    6: "invalid opcode", 7: "no floating-point unit", 8: "double fault", 10: "invalid TSS", 11: "segment not present",
    12: "stack-segment fault", 13: "general protection fault", 16: "x87 floating-point error", 17: "alignment check",
    19: "SIMD floating-point error",
}
_PAGE_FAULT = 14


def describe_fault(vector: int, error: int, address: int) -> str:
    """One phrase for an x86 exception."""
    if vector == _PAGE_FAULT:
        # Intel SDM volume 3, figure 4-12: bit 1 write, bit 4 instruction fetch.
        doing = "executing" if error & 16 else "writing" if error & 2 else "reading"
        return f"page fault {doing} address {address:#x}"
    return _VECTORS.get(vector, f"exception {vector}")


@record
class Crash:
    """Why the monitor stopped the guest: registers and return addresses, raw."""

    reason: str
    registers: Mapping[str, int]
    backtrace: Sequence[int]

    @classmethod
    def of(cls, kind: int, registers: Mapping[str, int], backtrace: Sequence[int], detail: str = "") -> Crash:
        """A crash of one of the `REASONS`; `registers` has the fields of an EventFrame."""
        fault = describe_fault(registers.get("vector", 0), registers.get("error", 0), registers.get("address", 0))
        return cls(REASONS[kind].format(fault=fault, detail=detail), registers, backtrace)

    def report(self, image: Image) -> str:
        """The report for the user, with the addresses named from the image's symbols."""
        lines = [f"demitasse: {self.reason}"]
        symbols = image.symbols()
        names = [name for name in self.registers if name not in ("vector", "error", "cs", "ss")]
        for start in range(0, len(names), 4):
            lines.append(" ".join(f"{name:>8} {self.registers[name]:016x}" for name in names[start:start + 4]))
        for depth, address in enumerate(self.backtrace):
            # A return address may lie behind a call that never returns: name the call itself.
            symbol = symbols.name(address - 1 if depth else address)
            lines.append(f"    #{depth:<2} {address:#018x} {symbol or ''}".rstrip())
        return "\n".join(lines) + "\n"
