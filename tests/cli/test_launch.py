"""What the guest gets: boot modules, configuration records, and java's complaints about bad jars."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from demitasse.runtime import boot_folder, launch
from demitasse.runtime.cli.options import parse
from demitasse.runtime.errors import UserError
from demitasse.runtime.launch import Launch
from tests import tools
from tests.cli.jars import make_jar


def prepare(*argv: str) -> Launch:
    return launch.prepare(parse(argv))


def values(launched: Launch, key: str) -> list[str]:
    """Records of a key; `property:NAME` means those of a system property."""
    key, _, name = key.partition(":")
    found = [value for record, value in launched.config if record == key]
    return [value.partition("=")[2] for value in found if value.partition("=")[0] == name] if name else found


def refusal(*argv: str) -> str:
    with pytest.raises(UserError) as caught:
        prepare(*argv)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_jar_form(tmp_path: Path) -> None:
    jar = make_jar(tmp_path / "my.jar")
    launched = prepare("-Da=b=c", "--env", "K=V", "-Xmx64m", "-Xms8m", "-Xss1m", "--verbose", "gc", str(jar), "one", "", "tw o")
    assert launched.modules["app/0/my.jar"] == str(jar)
    for key, expected in {
        "application": ["java"], "mode": ["jar"], "main": ["/boot/app/0/my.jar"], "property:java.class.path": ["/boot/app/0/my.jar"],
        "arg": ["one", "", "tw o"], "property:a": ["b=c"], "env": ["K=V"], "heap-max": [str(64 << 20)],
        "heap-initial": [str(8 << 20)], "stack-size": [str(1 << 20)], "verbose": ["gc"], "user-dir": ["/"],
        "property:sun.java.command": [f"{jar} one  tw o"], "stats": [], "trace": [], "assertions": [],
    }.items():
        assert values(launched, key) == expected, key
    assert launched.memory >= (64 + 32) << 20


def test_nothing_of_the_hosts_environment_gets_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    launched = prepare(str(make_jar(tmp_path / "a.jar")))
    assert values(launched, "env") == []
    assert not any("s3cret" in value for _, value in launched.config)


def test_the_class_library_is_mapped_and_comes_first(tmp_path: Path) -> None:
    launched = prepare(str(make_jar(tmp_path / "a.jar")))
    assert next(iter(launched.modules)) == "jdk/lib/modules"
    library = launched.modules["jdk/lib/modules"]
    assert isinstance(library, str) and Path(library).is_file()
    for name in ("jdk/conf/security/java.security", "jdk/lib/tzdb.dat", "jdk/release", "jdk/lib/security/cacerts"):
        assert isinstance(launched.modules[name], str)


def test_switches(tmp_path: Path) -> None:
    jar = str(make_jar(tmp_path / "a.jar"))
    plain = prepare(jar)
    launched = prepare("--stats", "--count-bytecodes", "--trace", "t.json", "-ea", "-esa", "--config", "gc-every=5", jar)
    for key in ("stats", "count-bytecodes", "assertions", "system-assertions"):
        assert values(launched, key) == ["1"]
    assert int(values(launched, "trace")[0]) > 1000
    assert launched.memory > plain.memory                # the ring takes room of its own
    assert values(launched, "gc-every") == ["5"]


def test_class_form(tmp_path: Path) -> None:
    one, two = make_jar(tmp_path / "x" / "lib.jar"), make_jar(tmp_path / "y" / "lib.jar")
    launched = prepare("-cp", f"{one}:{tmp_path}/missing.jar:{two}", "org/example/Main", "a")
    assert values(launched, "mode") == ["class"]
    assert values(launched, "main") == ["org.example.Main"]
    assert values(launched, "property:java.class.path") == ["/boot/app/0/lib.jar:/boot/app/1/lib.jar"]
    assert values(launched, "property:sun.java.command") == ["org/example/Main a"]
    assert launched.modules["app/1/lib.jar"] == str(two)


def test_wildcard_and_folders(tmp_path: Path) -> None:
    make_jar(tmp_path / "lib" / "b.jar")
    make_jar(tmp_path / "lib" / "a.JAR")
    (tmp_path / "lib" / "readme.txt").touch()
    classes = tmp_path / "classes"
    (classes / "org" / "x").mkdir(parents=True)
    (classes / "org" / "x" / "Main.class").write_bytes(b"class bytes")
    launched = prepare("-cp", f"{classes}/:{tmp_path}/lib/*", "org.x.Main")
    assert values(launched, "property:java.class.path") == ["/boot/app/0/classes:/boot/app/1/a.JAR:/boot/app/2/b.jar"]
    packed = launched.modules["app/0/classes/"]
    assert isinstance(packed, bytes)
    assert boot_folder.read(packed) == {"org/": b"", "org/x/": b"", "org/x/Main.class": b"class bytes"}


def test_the_default_class_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLASSPATH", raising=False)
    (tmp_path / "Main.class").write_bytes(b"here")
    launched = prepare("Main")
    assert values(launched, "property:java.class.path") == [f"/boot/app/0/{tmp_path.name}"]
    jar = make_jar(tmp_path / "from-environment.jar")
    monkeypatch.setenv("CLASSPATH", str(jar))
    assert values(prepare("Main"), "property:java.class.path") == ["/boot/app/0/from-environment.jar"]


def test_an_empty_class_path_is_left_to_the_guest(tmp_path: Path) -> None:
    assert values(prepare("-cp", str(tmp_path / "nothing"), "Main"), "property:java.class.path") == [""]


def test_a_folder_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot_folder, "FOLDER_MAX", 4096)
    (tmp_path / "large").write_bytes(b"x" * 5000)
    assert "holds more than 4k" in refusal("-cp", str(tmp_path), "Main")


def test_class_path_attribute_is_followed(tmp_path: Path) -> None:
    jar = make_jar(tmp_path / "app.jar", "Main-Class: M\nClass-Path: lib/one.jar lib/missing.jar http://x/y.jar lib/\n")
    make_jar(tmp_path / "lib" / "one.jar", "Class-Path: two%20words.jar ../app.jar\n")
    make_jar(tmp_path / "lib" / "two words.jar")
    launched = prepare(str(jar))
    application = [name for name in launched.modules if name.startswith("app/")]
    assert application == ["app/0/app.jar", "app/0/lib/one.jar", "app/0/lib/two words.jar", "app/0/lib/"]
    assert values(launched, "property:java.class.path") == ["/boot/app/0/app.jar"]


def test_folders_of_the_class_path_attribute(tmp_path: Path) -> None:
    root = tmp_path / "root"
    jar = make_jar(root / "in" / "app.jar", "Main-Class: M\nClass-Path: conf/ lib/ ./ ../ . conf/deep/ lib/a.jar none/ ../../jdk/\n")
    make_jar(root / "in" / "lib" / "a.jar", "Class-Path: ../ ../../out/\n")
    for name in ("in/conf/deep/text", "in/lib/text", "in/secret", "out/text", "../jdk/lib/modules"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    application = {name: data for name, data in prepare(str(jar)).modules.items() if not name.startswith("jdk/")}
    assert list(application) == ["app/0/app.jar", "app/0/lib/a.jar", "app/0/conf/", "app/0/lib/", "app/out/"]
    assert boot_folder.read(application["app/0/conf/"]) == {"deep/": b"", "deep/text": b"in/conf/deep/text"}
    assert boot_folder.read(application["app/0/lib/"]) == {"text": b"in/lib/text"}
    assert boot_folder.read(application["app/out/"]) == {"text": b"out/text"}


def test_names_beyond_the_guests_limit(tmp_path: Path) -> None:
    jar = make_jar(tmp_path / ("näme-" * 12 + ".jar"))
    launched = prepare(str(jar))
    name = next(name for name in launched.modules if name.startswith("app/"))
    assert len(os.fsencode(name)) <= launch.NAME_MAX and name.endswith(".jar")
    assert values(launched, "main") == ["/boot/" + name]


def test_too_many_jars(tmp_path: Path) -> None:
    jars = [str(make_jar(tmp_path / f"{number}.jar")) for number in range(launch.MODULES_MAX)]
    assert f"has {len(jars)} entries" in refusal("-cp", ":".join(jars), "Main")


def test_bad_jars_get_javas_words_and_a_reason(tmp_path: Path) -> None:
    good = make_jar(tmp_path / "good.jar").read_bytes()
    bad = {
        "text.jar": (b"not a jar", "Error: Invalid or corrupt jarfile {} ("),
        "empty.jar": (b"", "Error: Invalid or corrupt jarfile {} ("),
        "cut.jar": (good[:-30], "Error: Invalid or corrupt jarfile {} ("),
    }
    for name, (data, expected) in bad.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert refusal(str(path)).startswith(expected.format(path))
    missing = tmp_path / "missing.jar"
    assert refusal(str(missing)) == f"Error: Unable to access jarfile {missing}"
    assert refusal("-jar", "") == "Error: Unable to access jarfile "
    folder = tmp_path / "folder.jar"
    folder.mkdir()
    assert refusal(str(folder)).startswith(f"Error: Invalid or corrupt jarfile {folder} (")
    no_main = make_jar(tmp_path / "nomain.jar", "")
    assert refusal(str(no_main)) == f"no main manifest attribute, in {no_main}"
    no_manifest = make_jar(tmp_path / "nomanifest.jar", None)
    assert refusal(str(no_manifest)).startswith(f"Error: Invalid or corrupt jarfile {no_manifest} (")


@pytest.mark.parametrize("case", ["missing", "text", "cut", "nomain", "nomanifest"])
def test_the_host_jvm_says_the_same_first_words(tmp_path: Path, case: str) -> None:
    path = tmp_path / f"{case}.jar"
    if case == "text":
        path.write_bytes(b"not a jar")
    elif case == "cut":
        path.write_bytes(make_jar(tmp_path / "good.jar").read_bytes()[:-30])
    elif case != "missing":
        make_jar(path, "" if case == "nomain" else None)
    host = tools.run_java_host("-jar", str(path))
    assert host.code == 1 and host.out == b""
    assert refusal("-jar", str(path)).startswith(host.err.decode().strip())


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = make_jar(tmp_path / "a.jar")
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    old = os.umask(0o027)
    try:
        launched = prepare("-v", "one:/a/b", "-v", f"{tmp_path}/two:/a//:ro", "-v", "three:/c d/../e f", str(jar))
    finally:
        os.umask(old)
    assert values(launched, "mount") == ["vol001 /a ro", "vol002 /e f rw", "vol000 /a/b rw"]      # what holds others comes first
    assert [(folder.tag, Path(folder.path), folder.read_only) for folder in launched.folders] == [
        ("vol001", tmp_path / "two", True), ("vol002", tmp_path / "three", False), ("vol000", tmp_path / "one", False)]
    assert all((2 + len(folder.tag)) % 4 == 0 for folder in launched.folders)
    assert values(launched, "umask") == [str(0o027)]


@pytest.mark.parametrize("value, reason", [
    ("absent:/a", "absent does not exist"), ("a.jar:/a", "a.jar is not a folder"), (".:a", "must be absolute, such as /a"),
    (".:/", "/ is the guest's own"), (".:/boot/x", "/boot/x is the guest's own"), (".:/a/../dev", "/dev is the guest's own"),
    (".:/" + "x" * 5000, "longer than 4000 bytes"),
])
def test_folders_that_cannot_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, reason: str) -> None:
    jar = make_jar(tmp_path / "a.jar")
    monkeypatch.chdir(tmp_path)
    assert reason in refusal("-v", value, str(jar))


def test_two_folders_on_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = make_jar(tmp_path / "a.jar")
    monkeypatch.chdir(tmp_path)
    assert "/a is given twice" in refusal("-v", ".:/a", "-v", ".:/b/../a/", str(jar))
    assert "at most 16 folders" in refusal(*(word for i in range(17) for word in ("-v", f".:/{i}")), str(jar))


def test_sizes_are_checked(tmp_path: Path) -> None:
    jar = str(make_jar(tmp_path / "a.jar"))
    assert "Too little memory: -m 8m" in refusal("-m", "8m", jar)
    assert "Initial heap size set to a larger value than the maximum heap size" in refusal("-Xms2g", "-Xmx1g", jar)
