"""`demitasse ARGV`: finds the command and guards it.

Invariant: no exception gets out of `run_command_line`.  A UserError is its own one line; anything
else is a defect of ours and is one line with a hint, unless DEMITASSE_TRACEBACK is set.  `run` and `cc`
are dispatched by hand so that they do not wait for Typer and Rich to be imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from demitasse.runtime.errors import UserError

EXIT_ERROR = 1
EXIT_INTERRUPTED = 128 + 2                   # SIGINT, as a shell reports it
EXIT_BROKEN_PIPE = 128 + 13                  # SIGPIPE


def run_command_line(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return the exit code."""
    try:
        return _dispatch(argv)
    except UserError as error:
        _complain(str(error))
        return EXIT_ERROR
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone: nothing more to say, also not at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_BROKEN_PIPE
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else EXIT_ERROR
    except BaseException as error:           # the guard: a traceback is of no use to a user
        if os.environ.get("DEMITASSE_TRACEBACK"):
            raise
        text = " ".join(str(error).split())
        _complain(f"demitasse: internal error: {type(error).__name__}{': ' + text if text else ''} "
                  "(DEMITASSE_TRACEBACK=1 shows where)")
        return EXIT_ERROR


def _dispatch(argv: Sequence[str]) -> int:
    if argv and argv[0] == "run":
        from demitasse.runtime.cli.run import run

        return run(argv[1:])
    if argv and argv[0] == "cc":
        from demitasse.cabi.cc import cc_main

        return cc_main(argv[1:])
    if argv and argv[0] in ("--version", "-version", "version"):
        from demitasse.runtime.cli.help import print_version

        print_version(sys.stdout)
        return 0
    from demitasse.runtime.cli.commands import run_app

    return run_app(list(argv))


def _complain(line: str) -> None:
    # Whatever the text holds (a strange file name), it comes out as one line that can be written.
    clean = "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
    try:
        sys.stdout.flush()
    except OSError:
        pass
    try:
        sys.stderr.write(clean.encode("utf-8", "backslashreplace").decode() + "\n")
        sys.stderr.flush()
    except (OSError, UnicodeError):
        pass
