"""Entry points of the commands `demitasse` (also `python -m demitasse`) and `demitasse-cc`."""

import sys


def main(*words: str) -> int:
    try:
        from demitasse.runtime.cli.main import run_command_line

        return run_command_line([*words, *sys.argv[1:]])
    except KeyboardInterrupt:                # while the guard itself was being imported
        return 130


def compiler() -> int:
    """`demitasse cc` as one word, for makefiles that allow a compiler no more."""
    return main("cc")


if __name__ == "__main__":
    sys.exit(main())
