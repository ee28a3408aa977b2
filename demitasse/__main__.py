"""Entry point of the command `demitasse` and of `python -m demitasse`."""

import sys


def main() -> int:
    from demitasse.runtime.cli.main import run_command_line

    return run_command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
