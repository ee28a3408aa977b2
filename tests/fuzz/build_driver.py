"""Compile the driver into fuzz.jar.

    python -m tests.fuzz.build_driver         (needs a javac of version 25)

The jar is committed, so that nobody needs a compiler to run the tests.
"""

from __future__ import annotations

from ..jvm_verifier.build_driver import compile_driver
from .campaign import HERE, JAR

if __name__ == "__main__":
    compile_driver(HERE / "driver", JAR)
