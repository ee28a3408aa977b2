"""Writes build.ninja from the manifest and runs it: the image, the host extensions, the checks.

Invariant: ninja owns every dependency (Cython and gcc write depfiles), so a second build touches
only what changed.  Called by setup.py, for `pip install .` and for the Makefile alike; needs
Cython, ninja and pyelftools, and gcc with binutils on the PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from . import manifest
from .manifest import ROOT


@dataclass(frozen=True)
class Layout:
    """Where one build keeps its files: `base` for objects, `generated` for generated sources."""

    base: Path
    debug: bool

    @property
    def generated(self) -> Path:
        return self.base / "generated"

    @property
    def image(self) -> Path:
        return self.base / ("kernel-debug.elf" if self.debug else "kernel.elf")


class BuildError(Exception):
    """The build cannot go on; the message says what is missing or which step failed."""


class NinjaFile:
    """Collects rules and edges; paths are written relative to the root, with `$` escaped."""

    def __init__(self) -> None:
        self.lines: list[str] = ["ninja_required_version = 1.10"]

    def rule(self, name: str, command: str, **settings: str) -> None:
        self.lines += [f"rule {name}", f"  command = {command}"]
        self.lines += [f"  {key} = {value}" for key, value in settings.items()]

    def edge(self, rule: str, out: Path | str, inputs: list[Path | str], implicit: list[Path | str] | None = None,
             order_only: list[Path | str] | None = None, **variables: str) -> None:
        line = f"build {_esc(out)}: {rule} " + " ".join(_esc(i) for i in inputs)
        if implicit:
            line += " | " + " ".join(_esc(i) for i in implicit)
        if order_only:
            line += " || " + " ".join(_esc(i) for i in order_only)
        self.lines.append(line)
        self.lines += [f"  {key} = {value}" for key, value in variables.items()]


def _esc(path: Path | str) -> str:
    return str(path).replace("$", "$$").replace(" ", "$ ").replace(":", "$:")


def _directives(table: dict[str, str]) -> str:
    return " ".join(f"-X {key}={value}" for key, value in table.items() if key != "language_level")


def _in_probe(name: Path) -> bool:
    """Whether an object of the image belongs to the probe image too."""
    source = str(name.with_suffix("")) if name.suffixes[:1] == [".S"] else str(name.with_suffix(".pyx"))
    return source.startswith(manifest.PROBE_FOLDERS) and source not in manifest.PROBE_WITHOUT


def write_ninja(layout: Layout) -> Path:
    """Write `build.ninja` for `layout` and return its path."""
    from . import generate

    base = layout.base.relative_to(ROOT)
    gen = layout.generated.relative_to(ROOT)
    python = sys.executable
    include = sysconfig.get_paths()["include"]
    debug = " -DDEMITASSE_DEBUG=1 -O1" if layout.debug else ""
    ninja = NinjaFile()
    ninja.lines.append(f"builddir = {base}")

    common = " ".join(manifest.COMMON_CFLAGS) + f" -I. -I{gen} -I{include}"
    cython = f"{python} -m runtime.build.cythonize -3 --fast-fail -M -I . -I {gen} --module-name $module"
    ninja.rule("cython_guest", f"{cython} {_directives(manifest.GUEST_DIRECTIVES)} -o $out $in",
               depfile="$out.dep", description="cython $in", restat="1")
    ninja.rule("cython_host", f"{cython} {_directives(manifest.HOST_DIRECTIVES)} -o $out $in",
               depfile="$out.dep", description="cython $in", restat="1")
    ninja.rule("cc_guest", f"gcc {common} {' '.join(manifest.GUEST_CFLAGS)}{debug} $flags -MMD -MF $out.d -c $in -o $out",
               depfile="$out.d", deps="gcc", description="cc $out")
    ninja.rule("cc_host", f"gcc {common} {' '.join(manifest.HOST_CFLAGS)}{debug} -MMD -MF $out.d -c $in -o $out",
               depfile="$out.d", deps="gcc", description="cc $out")
    ninja.rule("generate", f"{python} -m runtime.build.generate $what $out", description="generate $out", restat="1")
    # One PT_LOAD per permission, no relocation left.  No relaxation: ld would turn loads from the global
    # offset table into 32-bit immediates, which cannot hold the image's addresses.
    ninja.rule("link_image", "gcc -nostdlib -static -no-pie -Wl,--gc-sections -Wl,-z,max-page-size=4096 "
               "-Wl,--no-relax -Wl,-z,noexecstack -Wl,--build-id=sha1 -Wl,--no-warn-rwx-segments -Wl,-T,$script "
               "-Wl,-Map=$out.map -o $out $in", description="link $out")
    ninja.rule("check_image", f"{python} -m runtime.build.check_image $in $out", description="check $in")
    ninja.rule("link_extension", "gcc -shared -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-Bsymbolic -o $out $in $libs",
               description="link $out")

    # Generated sources: every guest compilation waits for them, depfiles then keep them exact.
    generated: list[Path | str] = []
    for what, spec in generate.GENERATED.items():
        out = gen / spec.output
        generated.append(out)
        ninja.edge("generate", out, [], implicit=[ROOT / i for i in spec.inputs()], what=what)

    modules, assembly = manifest.guest_sources()
    objects: list[Path | str] = []
    sources = [(m, m) for m in modules]
    sources += [(gen / spec.output, Path(spec.output)) for spec in generate.GENERATED.values()
                if spec.output.endswith(".pyx") and spec.guest]
    for source, name in sources:
        c_file = base / "guest" / name.with_suffix(".c")
        obj = c_file.with_suffix(".o")
        module = ".".join(name.with_suffix("").parts)
        ninja.edge("cython_guest", c_file, [source], order_only=generated, module=module)
        # Modules of one name in two folders would define the same (unused) initialisation function.
        unique = "_".join(name.with_suffix("").parts)
        flags = [f"-DPyInit_{name.stem}=PyInit_{unique}", *manifest.FILE_CFLAGS.get(str(name.with_suffix("")), ())]
        ninja.edge("cc_guest", obj, [c_file], flags=" ".join(flags))
        objects.append(obj)
    boot_only: list[Path | str] = []
    for source in assembly:
        obj = base / "guest" / (str(source) + ".o")
        ninja.edge("cc_guest", obj, [source], order_only=generated)
        # The entry points hold absolute addresses and would be of no use in a shared object.
        (boot_only if source.is_relative_to("kernel/boot") else objects).append(obj)
    script = Path("kernel/boot/image.lds")
    ninja.edge("link_image", layout.image.relative_to(ROOT), objects + boot_only, implicit=[script], script=str(script))
    ninja.edge("check_image", Path(str(layout.image.relative_to(ROOT)) + ".report"),
               [layout.image.relative_to(ROOT)], implicit=["runtime/build/check_image.py"])

    probe: list[Path | str] = [o for o in objects + boot_only if _in_probe(Path(o).relative_to(base / "guest"))]
    probe_main = base / "guest" / Path(manifest.PROBE_MAIN).with_suffix(".c")
    ninja.edge("cython_guest", probe_main, [manifest.PROBE_MAIN], order_only=generated, module="tests.boot.probe")
    ninja.edge("cc_guest", probe_main.with_suffix(".o"), [probe_main])
    ninja.edge("link_image", base / "probe.elf", probe + [probe_main.with_suffix(".o")], implicit=[script],
               script=str(script))

    parts: dict[str, Path] = {}
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    for extension in manifest.host_extensions():
        inputs: list[Path | str] = []
        for source_name in (extension.main, *extension.parts):
            if source_name not in parts:
                is_main = source_name == extension.main
                path: Path = gen / source_name if source_name == "_guest.pyx" else Path(source_name)
                c_file = base / "host" / Path(source_name).with_suffix(".c")
                module = extension.module if is_main else ".".join(Path(source_name).with_suffix("").parts)
                ninja.edge("cython_host", c_file, [path], order_only=generated, module=module)
                ninja.edge("cc_host", c_file.with_suffix(".o"), [c_file])
                parts[source_name] = c_file.with_suffix(".o")
            inputs.append(parts[source_name])
        if extension.guest:
            inputs += objects
            for source in sorted((ROOT / manifest.TEST_SHELLS).glob("*.S")):
                obj = base / "guest" / (str(source.relative_to(ROOT)) + ".o")
                ninja.edge("cc_guest", obj, [source.relative_to(ROOT)])
                inputs.append(obj)
        target = base / "lib" / (extension.module.replace(".", "/") + suffix)
        ninja.edge("link_extension", target, inputs, libs="")
    path = layout.base / "build.ninja"
    text = "\n".join(ninja.lines) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


def build(debug: bool = False, targets: tuple[str, ...] = ()) -> Layout:
    """Build everything (or `targets`) and return the layout.  Raises BuildError."""
    for tool in ("gcc", "ld", "as"):
        if shutil.which(tool) is None:
            raise BuildError(f"{tool} not found: install gcc and binutils")
    layout = Layout(ROOT / "build" / ("debug" if debug else "release"), debug)
    file = write_ninja(layout)
    import ninja as ninja_package

    command = [os.path.join(ninja_package.BIN_DIR, "ninja"), "-f", str(file.relative_to(ROOT)), *targets]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise BuildError("the build failed; the first error is above")
    return layout


def built_files(layout: Layout) -> dict[str, Path]:
    """Map package-relative targets (`demitasse/runtime/monitor/process….so`) to built files."""
    files = {str(p.relative_to(layout.base / "lib")): p for p in (layout.base / "lib").rglob("*.so")}
    files[f"demitasse/runtime/{layout.image.name}"] = layout.image
    return files
