"""`demitasse ARGV`: finds the command and guards it.

Invariant: no exception gets out of `run_command_line`.  A UserError is its own one line; anything
else is a defect of ours and is one line with a hint, unless DEMITASSE_TRACEBACK is set.  `run` and `cc`
are dispatched by hand so that they do not wait for Typer and Rich to be imported.
"""

from __future__ import annotations

import errno
import os
import sys

from demitasse.runtime.errors import UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_ERROR = 1
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
EXIT_INTERRUPTED = 128 + 2                   # SIGINT, as a shell reports it
EXIT_BROKEN_PIPE = 128 + 13                  # SIGPIPE


def run_command_line(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name), write out what it said, and return the exit code."""
    try:
        code = _guarded(argv)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:           # None: closed before we were started
                stream.flush()
        return code
    except BrokenPipeError:
        # Whoever read our output has gone: nothing more to say, also not at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_BROKEN_PIPE
    except OSError as error:
        _complain(f"demitasse: the output cannot be written: {error.strerror}")
        return EXIT_ERROR


def _guarded(argv: Sequence[str]) -> int:
    try:
        return _dispatch(argv)
    except UserError as error:
        _complain(str(error))
        return EXIT_ERROR
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        raise
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else EXIT_ERROR
    except BaseException as error:           # the guard: a traceback is of no use to a user
        if isinstance(error, OSError) and error.errno in FULL and error.filename is None:
            raise                            # written to no file of a name: our own output
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
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        pass
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(clean.encode("utf-8", "backslashreplace").decode() + "\n")
        sys.stderr.flush()
    except (OSError, UnicodeError):
        pass
