"""`demitasse run`: options, launch, machine, exit code.

Invariant: this path imports neither Typer nor Rich nor any parser of class files, and of the standard library
only what a bare interpreter has anyway, or next to it: what the host does before the guest starts is part of
every start time (tests/cli/test_start_time.py).  stdin, stdout
and stderr belong to the program: the command writes there only what the user asked for.
"""

from __future__ import annotations

import os
import sys

from demitasse.runtime.errors import UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from demitasse.runtime.monitor.machine import Home, MachineSpec, RunResult
    from demitasse.runtime.request import Request

_RUNTIME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def run(argv: Sequence[str]) -> int:
    """Do what `demitasse run ARGV` asks; the program's exit code, or 1 with UserError before it ran."""
    from demitasse.runtime.cli import options

    try:
        request = options.parse(argv)
    except options.Wanted as wanted:
        from demitasse.runtime.cli import help

        if str(wanted) == "version":
            help.print_version(sys.stdout)
        else:
            help.print_run_help(sys.stdout)
        return 0
    return run_request(request)


def run_request(request: Request) -> int:
    """Run a request to its end; the exit code that the shell gets."""
    from demitasse.runtime.monitor import machine

    spec = machine_spec(request)
    try:
        result = machine.run(spec)
    except machine.MachineError as error:
        raise UserError(f"Error: {error}") from None
    report_run(request, result)
    return result.exit_code & 0xFF


def machine_spec(request: Request) -> MachineSpec:
    """Check the request and describe the machine for it.  Raises UserError."""
    from demitasse.runtime import launch
    from demitasse.runtime.monitor import machine

    for option, file in (("--trace", request.trace), ("--stats-json", request.stats_json)):
        if file is not None:
            check_writable(option, file)
    prepared = launch.prepare(request)
    home = choose_home(request)
    if home == "qemu" and request.trace is not None:
        raise UserError("Error: --trace: under QEMU nobody can read the guest's memory afterwards; use --home process or kvm")
    return machine.MachineSpec(
        image=image_path(request.debug), memory=prepared.memory, home=home,
        modules=prepared.modules, config=prepared.config, folders=prepared.folders,
    )


def image_path(debug: bool = False) -> str:
    """The kernel image beside this package; UserError with the way to get it if it is not built."""
    path = os.path.join(_RUNTIME, "kernel-debug.elf" if debug else "kernel.elf")
    if not os.path.isfile(path):
        raise UserError(f"Error: {path} is not built: " + ("make debug" if debug else "make") + " builds it")
    return path


def choose_home(request: Request) -> Home:
    """The home that was asked for; `auto` is decided by the doctor, who remembers measurements."""
    if request.home != "auto":
        from demitasse.runtime import homes

        reason = homes.missing(request.home)
        if reason is not None:
            raise UserError(f"Error: no {request.home} home here: {reason}")
        return request.home
    try:
        from demitasse.runtime import doctor
    except ImportError:                      # no doctor in this installation: the home that is everywhere
        return "process"
    return doctor.choose_home()


def check_writable(option: str, path: str | os.PathLike[str]) -> None:
    """UserError if `option` could not write its file: found out before the program runs."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path) or not os.path.isdir(folder) or not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise UserError(f"Error: {option} {path}: cannot be written")


def _write(option: str, path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"Error: {option} {path}: {error.strerror}") from None


def report_run(request: Request, result: RunResult) -> None:
    """Write what --trace, --stats and --stats-json asked for."""
    if request.trace is not None:
        from demitasse.runtime import trace

        _write("--trace", request.trace, trace.to_chrome_json(result.trace))
    if request.stats_json is not None:
        import json

        _write("--stats-json", request.stats_json, json.dumps(stats(result)) + "\n")
    if request.stats:
        from demitasse.runtime import figures

        # Behind everything that the program printed.
        print("\n".join(stats_lines(result.home, result.marks, result.peak_memory, figures.parse(result.figures))),
              file=sys.stderr)


def stats(result: RunResult) -> dict[str, object]:
    """What --stats-json writes: marks in ns from image entry, memory in bytes; java: the guest's own figures,
    times in ns, sizes in bytes, methods by samples (runtime/figures.py)."""
    from demitasse.runtime import figures

    return {
        "home": result.home, "exit_code": result.exit_code, "marks": dict(result.marks),
        "peak_memory": result.peak_memory, "monitor_peak_memory": own_peak_memory(),
        "java": figures.parse(result.figures),
    }


def own_peak_memory() -> int:
    """The peak of this process's resident memory (VmHWM) in bytes; 0 where there is no /proc."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next((int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def stats_lines(home: str, marks: Mapping[str, int], peak_memory: int, told: Mapping[str, Any]) -> list[str]:
    """What --stats prints: marks in ms from image entry, the guest's memory, and what the guest told."""
    from demitasse.runtime import figures
    from demitasse.runtime.sizes import readable

    lines = [f"demitasse: home {home}"]
    lines += [f"demitasse: {name:<14}{nanoseconds / 1e6:10.3f} ms after image entry"
              for name, nanoseconds in sorted(marks.items(), key=lambda item: item[1])]
    lines.append(f"demitasse: guest memory  {readable(peak_memory)} touched at the most")
    lines += [f"demitasse: {line}" for line in figures.lines(told)]
    return lines
