from .machine import MachineSpec, Plan, RunResult

#: Where GuestMarks lie behind BootInfo.
BOOT_INFO_SIZE: int

def tsc_khz() -> int:
    """Frequency of a guest's time stamp counter in kHz."""

def run(spec: MachineSpec, plan: Plan) -> RunResult:
    """Run `spec` as planned; see kvm.pyx."""
