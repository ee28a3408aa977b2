"""The command tree as Typer shows it: every command but `run` and `cc` is parsed here.

Invariant: wrong usage is one line on stderr and exit code 1, as it is for `run`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from demitasse.runtime.cli.options import nearest
from demitasse.runtime.errors import UserError
from demitasse.runtime.request import HOMES

COMMANDS = ("run", "cc", "adapt", "doctor", "inspect", "bench")

app = typer.Typer(
    name="demitasse", no_args_is_help=True, add_completion=False, rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""A small cup for one application: a unikernel that runs a Java jar on its own JVM.

    [bold]demitasse run app.jar[/] boots a guest, runs the jar in it and ends with its exit code.
    [bold]demitasse doctor[/] says what this machine can do. Each command explains itself with --help.""",
)
bench = typer.Typer(
    name="bench", no_args_is_help=True, rich_markup_mode="rich",
    help="Measure Demitasse beside the host JVM, in one run, taking turns.",
)
app.add_typer(bench)

Json = Annotated[Optional[Path], typer.Option("--json", help="Write all figures there.", metavar="FILE")]
Plot = Annotated[Optional[Path], typer.Option("--plot", help="Draw them (.svg or .png; needs matplotlib).", metavar="FILE")]
Homes = Annotated[Optional[list[str]], typer.Option("--home", help="process, kvm or qemu; repeat for several.", metavar="HOME")]


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="Print versions and end.")] = False) -> None:
    if version:
        from demitasse.runtime.cli.help import print_version

        print_version(sys.stdout)
        raise typer.Exit()


@app.command(
    name="run", add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    short_help="Run a jar, or a class on a class path, as java would.",
)
def _run(context: typer.Context) -> int:
    """Listed here for the help page; `run_command_line` takes `run` before Typer sees it."""
    from demitasse.runtime.cli.run import run

    return run(context.args)


@app.command(
    name="cc", add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    short_help="Compile and link a C program for a guest, as gcc would.",
)
def _cc(context: typer.Context) -> int:
    """Listed here for the help page; `run_command_line` takes `cc` before Typer sees it."""
    from demitasse.cabi.cc import cc_main

    return cc_main(context.args)


@app.command(name="adapt")
def _adapt(
    paths: Annotated[list[str], typer.Argument(metavar="FILE...", help="C files, folders of them, objects, archives, programs.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also what differs in rare uses only.")] = False,
) -> int:
    """Say what in a C program will not work in a guest, where, why, and what to write instead; exit code 1 if something blocks."""
    from demitasse.cabi.adapt.report import adapt_main

    return adapt_main(paths, as_json=as_json, everything=everything, out=sys.stdout)


@app.command(name="doctor")
def _doctor(
    remeasure: Annotated[bool, typer.Option("--remeasure", help="Forget what was measured before.")] = False,
) -> int:
    """Say which homes this machine has, how fast a guest is in them, and which one auto takes and why."""
    from demitasse.runtime import doctor

    return doctor.doctor_main(out=sys.stdout, remeasure=remeasure)


@app.command(name="inspect")
def _inspect(
    file: Annotated[str, typer.Argument(help="APP.jar, X.class, APP.jar::pkg.Class, modules, or modules::pkg.Class.")],
) -> int:
    """Show what is in a jar, in a class file or in the class library: members, constants and code."""
    from demitasse.jvm.model.inspect import inspect_main

    import io

    text = io.StringIO()
    to_screen = sys.stdout.isatty()
    code = inspect_main(file, out=sys.stdout if to_screen else text)
    if not to_screen:
        (sys.stderr if code else sys.stdout).write(text.getvalue())
    return code


@bench.command(name="hello")
def _hello(
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs of each.")] = 10,
    home: Homes = None, json: Json = None, plot: Plot = None,
) -> int:
    """Start-up: wall time, time to main and peak memory of Hello World, beside the host JVM."""
    from demitasse.runtime.bench import hello, output

    _check_files(json, plot)
    with output.progress("hello", runs + 1) as runner:
        report = hello.measure(runs, _homes(home), runner)
    output.deliver(report, sys.stdout, json, plot)
    return 0


@bench.command(name="interpreter")
def _interpreter(
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs of each.")] = 5,
    home: Homes = None,
    scale: Annotated[float, typer.Option("--scale", min=0.001, help="Multiply the number of iterations.")] = 1.0,
    json: Json = None, plot: Plot = None,
) -> int:
    """Interpreter speed: three loops on Demitasse and on java -Xint."""
    from demitasse.runtime.bench import interpreter, output

    _check_files(json, plot)
    with output.progress("interpreter", (runs + 1) * len(interpreter.LOOPS)) as runner:
        report = interpreter.measure(runs, _homes(home), scale, runner)
    output.deliver(report, sys.stdout, json, plot)
    return 0


@bench.command(name="collector")
def _collector(
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs of each.")] = 3,
    home: Homes = None,
    scale: Annotated[float, typer.Option("--scale", min=0.001, help="Multiply the size of the live set.")] = 1.0,
    json: Json = None, plot: Plot = None,
) -> int:
    """Collector time and pauses: binary trees and a large live set, beside the host's serial collector."""
    from demitasse.runtime.bench import collector, output

    _check_files(json, plot)
    with output.progress("collector", (runs + 1) * len(collector.PROGRAM_SIZES)) as runner:
        report = collector.measure(runs, _homes(home), scale, runner)
    output.deliver(report, sys.stdout, json, plot)
    return 0


@bench.command(name="kernel")
def _kernel(
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs of each.")] = 5,
    home: Homes = None,
    scale: Annotated[float, typer.Option("--scale", min=0.0001, help="Multiply how often each call is made.")] = 1.0,
    json: Json = None, plot: Plot = None,
) -> int:
    """What a C program pays for calls of the kernel and switches of threads, beside Linux with the same C library."""
    from demitasse.runtime.bench import kernel, output

    _check_files(json, plot)
    with output.progress("kernel", runs + 1) as runner:
        report = kernel.measure(runs, _homes(home), scale, runner)
    output.deliver(report, sys.stdout, json, plot)
    return 0


@bench.command(name="program")
def _program(
    guest: Annotated[str, typer.Argument(metavar="GUEST", help="The program as demitasse cc builds it.")],
    linux: Annotated[str, typer.Argument(metavar="LINUX", help="The same for this machine: demitasse cc --for-linux.")],
    args: Annotated[Optional[list[str]], typer.Argument(
        metavar="[-- ARG...]", help="For both. {folder} in them is an empty folder in memory, on each side its own.")] = None,
    runs: Annotated[int, typer.Option("--runs", "--rounds", "-n", min=1, help="Runs of each.")] = 5,
    time: Annotated[Optional[str], typer.Option("--time", help="Take also the time that the program prints: a pattern whose group is the number.", metavar="REGEX")] = None,
    unit: Annotated[str, typer.Option("--unit", help="Of that time: ns, us, ms or s.")] = "ms",
    guest_option: Annotated[Optional[list[str]], typer.Option("--guest-option", help="For demitasse run; repeat for several.", metavar="OPTION")] = None,
    home: Homes = None, json: Json = None, plot: Plot = None,
) -> int:
    """A C program of yours in a guest and on Linux, with the same C library."""
    from demitasse.runtime.bench import output, program, suite

    _check_unit(unit)
    suite.time_pattern(time)
    _check_files(json, plot)
    for file in (guest, linux):
        if not Path(file).is_file():
            raise UserError(f"Error: {file}: no such file")
    twins = program.Twins(str(Path(guest).resolve()), str(Path(linux).resolve()), tuple(args or ()), tuple(guest_option or ()), time, unit)
    with output.progress("program", runs + 1) as runner:
        report = program.measure(twins, runs, _homes(home), runner)
    output.deliver(report, sys.stdout, json, plot)
    return 0


@bench.command(name="suite")
def _suite(
    program: Annotated[str, typer.Argument(metavar="APP.jar|CLASS", help="What to run: a jar, or a class of --class-path.")],
    cases: Annotated[Optional[list[str]], typer.Argument(metavar="[CASE]...", help="Argument lines, each a case of its own, in quotes.")] = None,
    class_path: Annotated[Optional[str], typer.Option("--class-path", help="As java's -cp.", metavar="PATH")] = None,
    runs: Annotated[int, typer.Option("--runs", "-n", min=1, help="Runs of each.")] = 3,
    time: Annotated[Optional[str], typer.Option("--time", help="Take the times that the program prints: a pattern whose group is the number.", metavar="REGEX")] = None,
    unit: Annotated[str, typer.Option("--unit", help="Of those times: ns, us, ms or s.")] = "ms",
    java_option: Annotated[Optional[list[str]], typer.Option("--java-option", help="For the host JVM, such as -Xint; repeat for several.", metavar="OPTION")] = None,
    guest_option: Annotated[Optional[list[str]], typer.Option("--guest-option", help="For demitasse run; repeat for several.", metavar="OPTION")] = None,
    home: Homes = None, json: Json = None, plot: Plot = None,
) -> int:
    """Any program of yours, case by case, on Demitasse and on the host JVM."""
    from demitasse.runtime.bench import output, suite

    _check_unit(unit)
    target = ("-cp", class_path, program) if class_path is not None else ("-jar", program)
    wanted = suite.Suite(target, tuple(cases or ("",)), tuple(java_option or ()), tuple(guest_option or ()), time, unit)
    suite.time_pattern(time)
    _check_files(json, plot)
    with output.progress("suite", (runs + 1) * len(wanted.cases)) as runner:
        report = suite.measure(wanted, runs, _homes(home), runner)
    output.deliver(report, sys.stdout, json, plot)
    return 0


def _check_unit(unit: str) -> None:
    from demitasse.runtime.bench.suite import UNITS

    if unit not in UNITS:
        raise UserError(f"Error: --unit {unit}{nearest(unit, tuple(UNITS))}: {', '.join(UNITS)}")


def _check_files(json: Path | None, plot: Path | None) -> None:
    """Before minutes of measuring: can the results be written?"""
    from demitasse.runtime.bench import output
    from demitasse.runtime.cli.run import check_writable

    if json is not None:
        check_writable("--json", json)
    if plot is not None:
        check_writable("--plot", plot)
        output.check_plot(plot)


def _homes(given: list[str] | None) -> list[str] | None:
    for home in given or ():
        if home not in HOMES or home == "auto":
            raise UserError(f"Error: --home {home}{nearest(home, HOMES)}: process, kvm or qemu")
    return given


def run_app(argv: list[str]) -> int:
    """Parse and run; the exit code.  Raises UserError for wrong usage."""
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        if argv[0].lower().endswith(".jar"):
            raise UserError(f"Error: no command {argv[0]}; to run it: demitasse run {argv[0]}")
        raise UserError(f"Error: no command {argv[0]}{nearest(argv[0], COMMANDS)}; "
                        f"there are {', '.join(COMMANDS)} (demitasse --help)")
    try:
        code = app(argv, prog_name="demitasse", standalone_mode=False)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(error.format_message())
            return 0
        raise UserError(f"Error: {' '.join(error.format_message().split())} (demitasse --help)") from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0
