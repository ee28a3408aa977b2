"""java's two forms, every option, and what wrong options get."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demitasse.runtime.cli.options import OPTIONS, Form, Wanted, parse
from demitasse.runtime.errors import UserError
from demitasse.runtime.request import FolderRequest

MIB = 1 << 20


def refusal(*argv: str) -> str:
    with pytest.raises(UserError) as caught:
        parse(argv)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_jar_form() -> None:
    request = parse(["app.jar", "-Xmx1g", "--home", "x", "-jar"])
    assert (request.mode, request.main) == ("jar", "app.jar")
    assert request.args == ("-Xmx1g", "--home", "x", "-jar")      # behind the jar: the program's own
    assert request.heap_max is None


def test_jar_option_names_any_file() -> None:
    request = parse(["-jar", "-Xmx8m", "application", "a"])         # java takes options behind -jar too
    assert (request.mode, request.main, request.args, request.heap_max) == ("jar", "application", ("a",), 8 * MIB)


@pytest.mark.parametrize("words", [["-cp", "a:b"], ["-classpath", "a:b"], ["--class-path", "a:b"], ["--class-path=a:b"]])
def test_class_form(words: list[str]) -> None:
    request = parse([*words, "org.example.Main", "x"])
    assert (request.mode, request.main, request.args, request.class_path) == ("class", "org.example.Main", ("x",), "a:b")


def test_with_a_class_path_the_operand_is_a_class_even_if_it_ends_in_jar() -> None:
    assert parse(["-cp", "x", "app.jar"]).mode == "class"


def test_without_a_class_path_a_bare_word_is_a_class_and_a_file_is_a_jar(tmp_path: Path) -> None:
    assert parse(["Main"]).mode == "class"
    file = tmp_path / "app"
    file.touch()
    assert parse([str(file)]).mode == "jar"


def test_machine_options() -> None:
    request = parse(["--home", "kvm", "-m", "96m", "-Xmx64M", "-Xms8m", "-Xss512k", "--debug", "a.jar"])
    assert (request.home, request.memory, request.heap_max) == ("kvm", 96 * MIB, 64 * MIB)
    assert (request.heap_initial, request.stack_size, request.debug) == (8 * MIB, 512 << 10, True)
    assert parse(["--home=process", "a.jar"]).home == "process"


@pytest.mark.parametrize("value, expected", [
    ("a:/b", ("a", "/b", False)), ("a:/b:ro", ("a", "/b", True)), ("a:/b:rw", ("a", "/b", False)), ("/x:y:/b", ("/x:y", "/b", False)),
    ("./a b:/c d:ro", ("./a b", "/c d", True)), ("a:ro", ("a", "ro", False)), ("a:b", ("a", "b", False)), ("x:/y:/ro", ("x:/y", "/ro", False)),
])
def test_folders(value: str, expected: tuple[str, str, bool]) -> None:
    for words in (["-v", value], ["--volume", value], [f"--volume={value}"]):
        found = parse([*words, "-v", "q:/q", "x.jar"]).folders
        assert found == [FolderRequest(*expected), FolderRequest("q", "/q", False)]


@pytest.mark.parametrize("value", ["", "a", ":", "a:", ":/b", "/b"])
def test_folders_that_are_none(value: str) -> None:
    assert refusal("-v", value, "x.jar").startswith(f"Error: -v {value}: write -v HOST:GUEST or")


def test_properties_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ON_THE_HOST", "there")
    request = parse(["-Da=b=c", "-Dempty", "-Dd.e=", "--env", "K=V=W", "--env=ON_THE_HOST", "a.jar"])
    assert request.properties == [("a", "b=c"), ("empty", ""), ("d.e", "")]
    assert request.environment == [("K", "V=W"), ("ON_THE_HOST", "there")]


def test_module_options_become_the_properties_that_java_makes_of_them() -> None:
    request = parse(["--add-opens", "java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.util=ALL-UNNAMED",
                     "--add-modules", "jdk.httpserver", "--limit-modules=java.base", "a.jar"])
    assert request.properties == [
        ("jdk.module.addopens.0", "java.base/java.lang=ALL-UNNAMED"),
        ("jdk.module.addopens.1", "java.base/java.util=ALL-UNNAMED"),
        ("jdk.module.addmods.0", "jdk.httpserver"), ("jdk.module.limitmods", "java.base"),
    ]


def test_unsafe_memory_access() -> None:
    assert parse(["--sun-misc-unsafe-memory-access=deny", "a.jar"]).properties == [("sun.misc.unsafe.memory.access", "deny")]
    with pytest.raises(UserError, match="not recognized"):
        parse(["--sun-misc-unsafe-memory-access", "never", "a.jar"])


def test_looking_inside() -> None:
    assert parse(["--count-bytecodes", "a.jar"]).stats and not parse(["--stats", "a.jar"]).count_bytecodes
    request = parse(["--stats", "--stats-json", "s.json", "--trace", "t.json", "--verbose", "class,gc", "-verbose:thread",
                     "-verbose", "--config", "gc-every=7", "a.jar"])
    assert (request.stats, request.stats_json, request.trace) == (True, "s.json", "t.json")
    assert request.verbose == ["class", "gc", "thread", "class"]
    assert request.config == [("gc-every", "7")]


def test_assertions() -> None:
    assert not parse(["a.jar"]).assertions
    request = parse(["-ea", "-esa", "a.jar"])
    assert request.assertions and request.system_assertions
    assert not parse(["-ea", "-da", "a.jar"]).assertions
    assert "-ea:pkg..." in refusal("-ea:pkg...", "a.jar")


@pytest.mark.parametrize("word", ["-Xint", "-Xshare:off", "-Xshare:auto", "-server"])
def test_options_that_change_nothing_are_accepted(word: str) -> None:
    assert parse([word, "a.jar"]).main == "a.jar"


@pytest.mark.parametrize(("words", "expected"), [
    (["--hoem", "kvm", "a.jar"], "Unrecognized option: --hoem (did you mean --home?)"),
    (["--hoem=kvm", "a.jar"], "Unrecognized option: --hoem=kvm (did you mean --home?)"),
    (["-clspath", "x", "A"], "Unrecognized option: -clspath (did you mean -classpath?)"),
    (["-foo", "A"], "Unrecognized option: -foo"),
    (["-", "A"], "Unrecognized option: -"),
    (["-cp"], "Error: -cp requires class path specification"),
    (["-jar"], "Error: -jar requires jar file specification"),
    (["--home"], "Error: --home requires auto|process|kvm|qemu"),
    (["--home", "kwm", "a.jar"], "Error: unknown home 'kwm' (did you mean kvm?): --home takes auto, process, kvm, qemu"),
    (["-Xmx5q", "a.jar"], "Invalid maximum heap size: -Xmx5q (a size is written 512k, 64m or 2g)"),
    (["-Xmx", "a.jar"], "Invalid maximum heap size: -Xmx (a size is written 512k, 64m or 2g)"),
    (["-Xmx0", "a.jar"], "Invalid maximum heap size: -Xmx0 (a size is written 512k, 64m or 2g)"),
    (["-Xmx-5", "a.jar"], "Invalid maximum heap size: -Xmx-5 (a size is written 512k, 64m or 2g)"),
    (["-Xms1.5g", "a.jar"], "Invalid initial heap size: -Xms1.5g (a size is written 512k, 64m or 2g)"),
    (["-Xss3q", "a.jar"], "Invalid thread stack size: -Xss3q (a size is written 512k, 64m or 2g)"),
    (["-Xss1k", "a.jar"], "The Java thread stack size specified is too small: -Xss1k, specify at least 136k"),
    (["-m", "much", "a.jar"], "Invalid guest memory size: -m much (a size is written 512k, 64m or 2g)"),
    (["-D=x", "a.jar"], "Error: -D=x names no property: write -Dname=value"),
    (["--env", "=x", "a.jar"], "Error: --env =x names no variable: write --env NAME=VALUE"),
    (["--env", "SURELY_NOT_SET", "a.jar"],
     "Error: --env SURELY_NOT_SET: the host has no variable SURELY_NOT_SET; write --env SURELY_NOT_SET=VALUE"),
    (["--config", "x", "a.jar"], "Error: --config x: write --config KEY=VALUE"),
    (["-XX:+UseG1GC", "a.jar"], "Unsupported option: -XX:+UseG1GC: -XX options but -XX:MaxDirectMemorySize= tune HotSpot, and this is another JVM"),
    (["-XX:MaxDirectMemorySize=5x", "a.jar"],
     "Improperly specified VM option: -XX:MaxDirectMemorySize=5x (a size is written 512k, 64m or 2g)"),
    (["-javaagent:x.jar", "a.jar"], "Unsupported option: -javaagent:x.jar: agents are not supported"),
    (["-p", "mods", "A"], "Unsupported option: -p: programs run from the class path, with -cp"),
    (["@args"], "Error: @args: files of arguments are not supported"),
])
def test_wrong_options_get_one_line_that_names_them(words: list[str], expected: str) -> None:
    assert refusal(*words) == expected


def test_no_program() -> None:
    assert "no program given" in refusal()
    assert "no program given" in refusal("-Xmx8m")


@pytest.mark.parametrize(("word", "what"), [("--help", "help"), ("-?", "help"), ("-h", "help"), ("-version", "version")])
def test_help_and_version(word: str, what: str) -> None:
    with pytest.raises(Wanted, match=what):
        parse([word])


def test_no_spelling_hides_another() -> None:
    """Prefix options match first come, first served: no other spelling may begin like one above it."""
    joined = [name for option in OPTIONS if option.form == Form.JOINED for name in option.names]
    names = [name for option in OPTIONS for name in option.names]
    assert len(names) == len(set(names))
    for prefix in joined:
        assert [name for name in names if name.startswith(prefix)] == [prefix]


@given(st.lists(st.text()), st.sampled_from(["app.jar", "x/y.JAR"]))
def test_everything_behind_the_jar_is_the_programs(args: list[str], jar: str) -> None:
    assert parse(["-Xmx64m", jar, *args]).args == tuple(args)


@given(st.lists(st.text()))
def test_any_words_parse_or_are_refused_in_one_line(argv: list[str]) -> None:
    try:
        parse(argv)
    except (UserError, Wanted):
        pass
