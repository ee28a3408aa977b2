from .machine import MachineSpec, Plan, RunResult

def run(spec: MachineSpec, plan: Plan) -> RunResult:
    """Run `spec` as planned; see process.pyx."""
