"""Entry point of the command `demitasse` and of `python -m demitasse`."""

import sys


def main() -> int:
    try:
        from demitasse.runtime.cli.main import run_command_line

        return run_command_line(sys.argv[1:])
    except KeyboardInterrupt:                # while the guard itself was being imported
        return 130


if __name__ == "__main__":
    sys.exit(main())
