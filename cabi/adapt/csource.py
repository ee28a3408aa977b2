"""C source text as tokens, and what of it is told by the facts.

The tokens are those of C11 §6.4 (comments, strings and lines that go on are what they are there), found by one regular
expression: a library's lexer took thirty times as long on a large program.  Nothing is expanded; but groups of the preprocessor that
cannot be compiled for a guest (#if 0, #ifdef _WIN32) are passed over.

Invariant: a comment or a string is never taken for a call; a string is looked at only as a path, or inside of asm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from demitasse.cabi import syscalls
from demitasse.cabi.adapt import facts
from demitasse.cabi.adapt.facts import Fact

TOKEN = re.compile(r"""
    (?P<newline>\n)
  | (?P<space>(?:[ \t\r\f\v]|\\\r?\n)+)
  | (?P<comment>//(?:[^\n\\]|\\.|\\\n)*|/\*.*?(?:\*/|\Z))
  | (?P<string>(?:u8|[uUL])?"(?:[^"\\\n]|\\.|\\\n)*"?)
  | (?P<char>[uUL]?'(?:[^'\\\n]|\\.|\\\n)*'?)
  | (?P<name>[A-Za-z_$][\w$]*)
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<operator>->|\+\+|--|&&|\|\||[<>=!]=|\.\.\.|\#\#|.)
""", re.X | re.S)

#: Macros of which it is known whether a guest's compiler defines them.
DEFINED = {name: True for name in ("__linux__", "__linux", "linux", "__unix__", "__unix", "unix", "__x86_64__", "__amd64__", "__GNUC__",
"__STDC__",
                                   "__demitasse__", "_POSIX_THREADS", "__ELF__", "__LP64__")}
DEFINED |= {name: False for name in (
    "_WIN32", "_WIN64", "WIN32", "__WIN32__", "__CYGWIN__", "__MINGW32__", "_MSC_VER", "__APPLE__", "__MACH__", "__FreeBSD__",
    "__NetBSD__", "__OpenBSD__",
    "__DragonFly__", "__sun", "sun", "__sun__", "__hpux", "_AIX", "__HAIKU__", "__ANDROID__", "__EMSCRIPTEN__", "__wasm__", "__arm__",
    "__aarch64__",
    "__i386__", "__i386", "__powerpc__", "__mips__", "__riscv", "__s390x__", "__cplusplus", "__GLIBC__", "__UCLIBC__", "__BIONIC__",
    "__QNX__", "__vxworks",
    "__BEOS__", "MSDOS", "__MSDOS__", "__DJGPP__", "OS2", "__OS2__", "VMS", "__VMS", "__minux", "macintosh", "__CYGWIN32__",
    "__BORLANDC__", "__WATCOMC__")}

#: Words after which a name followed by ( is a call, though a word before a name else makes a declaration of it.
BEFORE_CALLS = frozenset(("return", "else", "do", "case", "sizeof", "goto", "if", "while", "for", "switch"))
ASM = frozenset(("asm", "__asm__", "__asm"))
TRAP_TEXT = re.compile(r"(?:^|[^\w.])(syscall|sysenter|int[ \t]+\$0x80)\b")


@dataclass(frozen=True)
class Token:
    """kind as in TOKEN; line counted from 1; directive: in a line of the preprocessor."""

    kind: str
    text: str
    line: int
    directive: bool = False


@dataclass(frozen=True)
class Finding:
    """Where a fact was met; what: as it stands there."""

    file: str
    line: int
    what: str
    fact: Fact


@dataclass
class Source:
    """What one file calls and defines: `hits` may turn out to be the program's own functions."""

    hits: list[Finding] = field(default_factory=list)
    defined: set[str] = field(default_factory=set)


def tokens(text: str) -> Iterator[Token]:
    """All tokens that a guest's compiler might see, but comments and white space."""
    line = 1
    directive = False
    words: list[Token] = []
    groups = Groups()
    fresh = True                                     # nothing but white space on this line so far
    for match in TOKEN.finditer(text):
        kind, lexeme = match.lastgroup or "operator", match.group()
        if kind == "newline":
            if directive:
                yield from groups.line(words)
                words = []
            directive, fresh = False, True
        elif kind not in ("space", "comment"):
            if fresh and lexeme == "#":
                directive = True
            token = Token(kind, lexeme, line, directive)
            if directive:
                words.append(token)
            elif groups.seen():
                yield token
            fresh = False
        line += lexeme.count("\n")
    if directive:
        yield from groups.line(words)


class Groups:
    """The conditional groups around the current line; each is True, False or unknown (None), and whether one before it was taken."""

    def __init__(self) -> None:
        self.stack: list[tuple[bool | None, bool | None]] = []

    def seen(self) -> bool:
        return all(now is not False for now, _ in self.stack)

    def line(self, words: list[Token]) -> Iterator[Token]:
        """Take note of a directive; its tokens, if it is one that is compiled."""
        name = words[1].text if len(words) > 1 else ""
        rest = [word.text for word in words[2:]]
        if name in ("if", "ifdef", "ifndef"):
            now = Condition(rest).value() if name == "if" else DEFINED.get(rest[0] if rest else "")
            if name == "ifndef":
                now = None if now is None else not now
            self.stack.append((now, now))
        elif name in ("elif", "else") and self.stack:
            _, before = self.stack[-1]
            now = Condition(rest).value() if name == "elif" else True
            if before is True:
                now = False
            elif before is None and now is True:
                now = None
            taken = True if before is True or now is True else None if before is None or now is None else False
            self.stack[-1] = (now, taken)
        elif name == "endif" and self.stack:
            self.stack.pop()
        elif self.seen():
            yield from words


class Condition:
    """An #if expression in three values: what is not known stays unknown."""

    def __init__(self, words: list[str]) -> None:
        self.words = [word for word in words if word not in ("(", ")") or len(words) < 200]
        self.at = 0

    def value(self) -> bool | None:
        try:
            found = self._or()
        except IndexError:
            return None
        return found if self.at == len(self.words) else None

    def _or(self) -> bool | None:
        left = self._and()
        while self._next("||"):
            right = self._and()
            left = True if left is True or right is True else None if left is None or right is None else False
        return left

    def _and(self) -> bool | None:
        left = self._not()
        while self._next("&&"):
            right = self._not()
            left = False if left is False or right is False else None if left is None or right is None else True
        return left

    def _not(self) -> bool | None:
        if self._next("!"):
            found = self._not()
            return None if found is None else not found
        if self._next("("):
            found = self._or()
            self._next(")")
        else:
            word = self._word()
            if word == "defined":
                bracket = self._next("(")
                found = DEFINED.get(self._word())
                if bracket:
                    self._next(")")
            elif re.fullmatch(r"\d+[uUlL]*", word):
                found = int(word.rstrip("uUlL")) != 0
            else:
                found = False if DEFINED.get(word) is False else None
        # What a comparison says is not known, whatever is compared.
        while self.at < len(self.words) and self.words[self.at] not in ("&&", "||", ")"):
            found = None
            if self._word() == "(":
                self._or()
                self._next(")")
        return found

    def _next(self, word: str) -> bool:
        if self.at < len(self.words) and self.words[self.at] == word:
            self.at += 1
            return True
        return False

    def _word(self) -> str:
        self.at += 1
        return self.words[self.at - 1]


def read(file: str, text: str) -> Source:
    """What stands in the text of a C file."""
    found = Source()
    calls, rows = facts.of_calls(), {row.name: row for row in syscalls.TABLE}
    stream = list(tokens(text))
    depth = 0
    asm_until = -1
    for i, token in enumerate(stream):
        def hit(fact: Fact | None, what: str) -> None:
            if fact is not None:
                found.hits.append(Finding(file, token.line, what, fact))

        after = stream[i + 1].text if i + 1 < len(stream) else ""
        if token.kind == "operator" and not token.directive:
            if token.text == "{" and not (i > 1 and stream[i - 1].kind == "string" and stream[i - 2].text == "extern"):
                depth += 1
            elif token.text == "}":
                depth = max(0, depth - 1)
        elif token.kind == "string":
            if i < asm_until:
                trap = TRAP_TEXT.search(re.sub(r"\\[nt]", " ", token.text.strip('"')))
                hit(facts.INSTRUCTION if trap else None, f"asm: {trap[1]}" if trap else "")
            elif not (token.directive and stream[i - 1].text == "include"):
                path = token.text.partition('"')[2].rstrip('"')
                hit(facts.of_path(path), f'"{path}"')
        elif token.kind == "name":
            if token.directive and token.text == "include" and stream[i - 1].text == "#" and after == "<":
                header = ""
                for word in stream[i + 2:i + 20]:
                    if word.text == ">":
                        break
                    header += word.text
                hit(facts.of_header(header), f"#include <{header}>")
            elif token.text in ASM:
                asm_until = _closing(stream, i)
            elif token.text in facts.CONSTANTS:
                hit(facts.CONSTANTS[token.text], token.text)
            elif after == "(" and (token.text in calls or token.text == "syscall"):
                if _declares(stream, i, depth):
                    if _defines(stream, i):
                        found.defined.add(token.text)
                elif stream[i - 1].text not in (".", "->"):
                    if token.text == "syscall":
                        number = stream[i + 2].text if i + 2 < len(stream) else ""
                        row = rows.get(re.sub(r"^(SYS_|__NR_)", "", number))
                        hit(facts.of_system_call(row) if row and row.state != "done" else None, f"syscall({number})")
                    else:
                        hit(calls[token.text], f"{token.text}()")
    return found


def _declares(stream: list[Token], i: int, depth: int) -> bool:
    """Is the function at i, a name before (, declared there and not called?"""
    if i == 0 or stream[i].directive:
        return False
    before = stream[i - 1]
    if depth == 0:
        return before.text != "=" and before.text != "("
    return before.kind == "name" and before.text not in BEFORE_CALLS


def _defines(stream: list[Token], i: int) -> bool:
    end = _closing(stream, i)
    return end < len(stream) and stream[end].text == "{"


def _closing(stream: list[Token], i: int) -> int:
    """The index behind the bracket that closes the first one after i."""
    depth = 0
    for at in range(i + 1, min(len(stream), i + 5000)):
        if stream[at].text == "(":
            depth += 1
        elif stream[at].text == ")":
            depth -= 1
            if depth == 0:
                return at + 1
    return len(stream)
