"""Entry points of the commands `demitasse` (also `python -m demitasse`) and `demitasse-cc`."""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main(*words: str) -> "NoReturn":
    try:
        from demitasse.runtime.cli.main import run_command_line

        code = run_command_line([*words, *sys.argv[1:]])
    except KeyboardInterrupt:                # while the guard itself was being imported
        code = 130
    # Nothing is left to be done, and to take the interpreter apart costs two milliseconds.
    os._exit(code)


def compiler() -> "NoReturn":
    """`demitasse cc` as one word, for makefiles that allow a compiler no more."""
    main("cc")


if __name__ == "__main__":
    main()
