"""Builds and installs the one import package `demitasse` from the layered folders.

The folders stay where ARCHITECTURE.md shows them; `package_dir` gives them their import names.
"""

import os
import shutil
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from runtime.build.builder import BuildError, build, built_files  # noqa: E402

FOLDERS = {"demitasse": "demitasse", "demitasse.kernel": "kernel", "demitasse.jvm": "jvm",
           "demitasse.cabi": "cabi", "demitasse.runtime": "runtime"}


def packages() -> list[str]:
    """Every folder with an `__init__.py` below the layers, by its import name."""
    found = []
    for name, folder in FOLDERS.items():
        for init in sorted((ROOT / folder).rglob("__init__.py")):
            inner = init.parent.relative_to(ROOT / folder).parts
            found.append(".".join((name, *inner)))
    return found


class BuildAll(build_ext):
    """Runs the ninja build and puts its products where setuptools expects them."""

    user_options = [*build_ext.user_options, ("checks", None, "build with assertions and poisoned memory")]
    boolean_options = [*build_ext.boolean_options, "checks"]

    def initialize_options(self) -> None:
        super().initialize_options()
        self.checks = False

    def run(self) -> None:
        if os.environ.get("DEMITASSE_INSTALL_ONLY"):
            return                       # the Makefile builds afterwards, where progress can be seen
        try:
            layout = build(debug=bool(self.checks))
        except BuildError as error:
            raise SystemExit(f"error: {error}") from None
        for target, built in built_files(layout).items():
            if self.inplace:
                package, _, name = target.rpartition("/")
                top = ".".join(package.split("/")[:2])
                folder = ROOT / FOLDERS.get(top, "demitasse") / "/".join(package.split("/")[2:])
            else:
                folder, name = Path(self.build_lib) / Path(target).parent, Path(target).name
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / name).exists() or (folder / name).stat().st_mtime < built.stat().st_mtime:
                # Renamed into place: a running guest keeps the file that it has mapped.
                fresh = folder / f".{name}.new"
                shutil.copy2(built, fresh)
                fresh.replace(folder / name)

    def get_outputs(self) -> list[str]:
        return []

    def get_output_mapping(self) -> dict[str, str]:
        return {}


setup(
    packages=packages(),
    package_dir=FOLDERS,
    package_data={"demitasse": ["py.typed"], "demitasse.jvm.model.assembler": ["*.lark", "*.md"],
                  "demitasse.runtime.bench": ["programs/*"], "demitasse.cabi.musl": ["seam/*.S"]},
    # One nominal extension makes the wheel platform-specific; BuildAll builds what there really is.
    ext_modules=[Extension("demitasse.runtime.monitor.process", [])],
    cmdclass={"build_ext": BuildAll},
    zip_safe=False,
)
