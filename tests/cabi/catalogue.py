"""The C programs: where each comes from, how it is built, what it is asked to do.

In the words of a run, {built} is the folder in which the program was built and {run} a fresh folder that is the working directory: the
same paths on Linux and, through -v, in the guest.  Both streams, the exit code and all files in {run} must be equal.
"""

from __future__ import annotations

from dataclasses import dataclass

from .sources import Folder, Package, Source


@dataclass(frozen=True)
class Run:
    """One command line: the program in {built}, its arguments, what it reads, and how it must end."""

    program: str
    args: tuple[str, ...] = ()
    stdin: bytes = b""
    code: int = 0
    env: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Program:
    """One test.

    name      of the test
    source    what is fetched
    commands  of the shell, in the source's folder, with $CC set; they are the same for Linux and the guest
    runs      one after another, in one {run}
    files     that are in {run} to begin with: name and text
    copied    of the source's folder to {run}
    varying   (pattern, replacement) for both streams, and why
    tools     that the build needs besides make
    slow      takes more than some ten seconds
    """

    name: str
    source: Source | Folder
    commands: tuple[str, ...]
    runs: tuple[Run, ...]
    files: tuple[tuple[str, bytes], ...] = ()
    copied: tuple[str, ...] = ()
    varying: tuple[tuple[bytes, bytes], ...] = ()
    tools: tuple[str, ...] = ()
    slow: bool = False


BROTLI = Source("brotli", "1.1.0-2+deb13u1", "brotli_1.1.0.orig.tar.gz", "10973f4b4199eafa1d5735ef661ddb2ec2f97319ee9fd1824d4aabe08cff5265")
BZIP2 = Source("bzip2", "1.0.8-6", "bzip2_1.0.8.orig.tar.gz", "ab5a03176ee106d3f0fa90e381da478ddae405918153cca248e682cd0c4a2269")
CJSON = Source("cjson", "1.7.18-3.1+deb13u1", "cjson_1.7.18.orig.tar.gz", "3aa806844a03442c00769b83e99970be70fbef03735ff898f4811dd03b9f5ee5")
DUKTAPE = Source("duktape", "2.7.0-2", "duktape_2.7.0.orig.tar.xz", "90f8d2fa8b5567c6899830ddef2c03f3c27960b11aca222fa17aa7ac613c2890")
HELLO = Source("hello", "2.10-5", "hello_2.10.orig.tar.gz", "31e066137a962676e89f69d1b65382de95a7ef7d914b8cb956f41ea72e0f516b")
LUA = Source("lua5.4", "5.4.7-1", "lua5.4_5.4.7.orig.tar.gz", "9fbf5e28ef86c69858f6d3d34eccc32e911c1a28b4120ff3e84aaa70cfbf1e30")
MAWK = Source("mawk", "1.3.4.20250131-1", "mawk_1.3.4.20250131.orig.tar.gz", "51bcb82d577b141d896d9d9c3077d7aaa209490132e9f2b9573ba8511b3835be")
MUJS = Source("mujs", "1.3.6-1", "mujs_1.3.6.orig.tar.xz", "d52501cd9539e37ef95e8494323da25c7d10d3738cd95757cf71d248447dafa9")
QUICKJS = Source("quickjs", "2025.04.26-1", "quickjs_2025.04.26.orig.tar.xz",
                 "ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe")
SQLITE = Source("sqlite3", "3.46.1-7+deb13u2", "sqlite3_3.46.1.orig.tar.xz",
                "d0cdd2ece271b29e7ce18095745d892517ee26d0f270065b3a25c2e9eb11639c")
ZLIB = Source("zlib", "1:1.3.dfsg+really1.3.1-1", "zlib_1.3.dfsg+really1.3.1.orig.tar.gz",
              "60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb")
ZSTD = Source("libzstd", "1.5.7+dfsg-1", "libzstd_1.5.7+dfsg.orig.tar.xz", "0c092ef267edce57ba7f3f2645c861f72eaf5e76273c6c3632869423464b90a5")
COREMARK = Folder("DEMITASSE_TEST_COREMARK", "CoreMark")
#: Lua's suite is not in its releases; this binding to Lua 5.4.7 carries its whole tree.
LUA_TESTS = Package("lupa==2.4", "lupa-2.4.tar.gz", "5300d21f81aa1bd4d45f55e31dddba3b879895696068a3f84cfcb5fd9148aacd",
                    "third-party/lua54/testes")
LIBC_TEST = Folder("DEMITASSE_TEST_LIBC_TEST", "libc-test")

BUILD_LUA = ('make -s linux CC="$CC"',)
BUILD_SQLITE = (
    "mkdir build && cd build && ../configure --disable-tcl --disable-readline --disable-load-extension -q >log 2>&1",
    "make -s -C build BCC=gcc sqlite3.c shell.c",
    "cd build && $CC -O2 -DSQLITE_OMIT_LOAD_EXTENSION -I. -c sqlite3.c",
    "cd build && $CC -O2 -DSQLITE_OMIT_LOAD_EXTENSION -I. -o sqlite3 shell.c sqlite3.o",
    "cd build && $CC -O2 -DSQLITE_OMIT_LOAD_EXTENSION -I. -o speedtest1 ../test/speedtest1.c sqlite3.o",
)

#: A guest has no /etc/passwd that tells where a user is at home.
HOME = (("HOME", "/nowhere"),)
#: Parts of Lua's suite that musl itself does not pass on Linux: `literals` wants the locale pt_BR not to be taken; `big` runs in a coroutine.
LUA_PARTS = ("main", "attrib", "api", "bitwise", "bwcoercion", "calls", "closure", "code", "constructs", "coroutine", "cstack", "db",
             "errors", "events", "files", "gc", "gengc", "goto", "locals", "math", "nextvar", "pm", "sort", "strings", "tpack", "utf8",
             "vararg")
#: Those in which the kernel and the C library do most: files, the allocator, jumps, deep stacks, numbers to text.
LUA_PARTS_IN_KVM = ("attrib", "calls", "coroutine", "cstack", "errors", "files", "gc", "math", "strings")

LUA_PROGRAM = b"""
local t = {}
for i = 1, 2000 do t[i] = (i * 7919) % 2003 end
table.sort(t)
local words = {}
for w in ("the quick brown fox"):gmatch("%a+") do words[#words + 1] = w:upper() end
print(t[1], t[1000], t[2000], table.concat(words, "-"), string.format("%q %5.2f %x", "a\\n", math.pi, 255))
local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) error("end " .. b) end)
print(co(1), pcall(co, 2))
local f = assert(io.open("out.txt", "w"))
f:write("line 1\\n", 2, "\\n"):close()
for l in io.lines("out.txt") do print(l) end
print(io.read("n", "l", "a"))
print(os.rename("out.txt", "renamed.txt"), os.remove("nothing"), os.getenv("GIVEN"), os.time({year = 2020, month = 1, day = 1, hour = 0}))
print(require == nil, pcall(require, "nothing.of.that.name") == false, collectgarbage("count") > 10)
os.exit(tonumber(arg[1]))
"""

SQL = b"""
create table t(a integer primary key, b text, c real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)
insert into t select i, printf('row %05d', (i * 7919) % 5003), i * 0.5 from n;
create index tb on t(b);
select count(*), sum(a), min(b), max(b), round(avg(c), 3) from t;
select * from t where b between 'row 00100' and 'row 00110' order by b;
begin; delete from t where a % 3 = 0; rollback;
begin; update t set b = upper(b) where a < 4; commit;
select group_concat(b, '|') from t where a < 6;
explain query plan select * from t where b = 'x';
.mode json
select json_object('a', a, 'b', b) as j from t limit 2;
.schema
pragma integrity_check;
select no_such_column from t;
vacuum;
"""

JAVASCRIPT = b"""
var s = 0; for (var i = 0; i < 1000; i++) s += Math.sqrt(i) * Math.sin(i); print(s);
print([3, 1, 2].sort().join(), JSON.stringify({a: [1, 2.5, null], b: "x\\u00e9"}), "abcabc".replace(/b(c)/g, "<$1>"));
function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } print(f(20)); try { null.x } catch (e) { print(e) }
print(new Date(0).toISOString(), (0.1 + 0.2).toFixed(20), 1e21, 123.456e-10, parseInt("ff", 16));
function deep(n) { return 1 + deep(n + 1) } try { deep(0) } catch (e) { print(String(e).slice(0, 60)) }
"""

AWK = b"""
function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) }
{ sum += $2; seen[$1]++; gsub(/[aeiou]/, "#"); print > ("part" NR % 3) }
END { print sum, seen["beta"], f(18), split("a:b:c", q, ":"), match("foobar", /o+/), RLENGTH; printf "%5.2f %s\\n", log(10), substr("hello", 2, 3) }
"""
WORDS = b"the quick brown fox\nalpha 12 3.5\nbeta 7 -2\n\n" * 300

PROGRAMS = (
    Program("brotli", BROTLI, ("$CC -O2 -Ic/include -o brotli c/common/*.c c/dec/*.c c/enc/*.c c/tools/brotli.c -lm",),
            (Run("brotli", ("-k", "text")), Run("brotli", ("-t", "text.br")), Run("brotli", ("-dc", "text.br")), Run("brotli", ("-c", "-q", "3"), b"abc" * 10000),
             Run("brotli", ("-d",), b"nonsense", 1), Run("brotli", ("missing",), b"", 1)),
            files=(("text", WORDS),), slow=True),
    Program("cjson", CJSON, ("$CC -O1 -o cjson_test cJSON.c test.c -lm",), (Run("cjson_test"),)),
    Program("duktape", DUKTAPE, ('make -s -f Makefile.cmdline CC="$CC"',),
            (Run("duk", ("script.js",)), Run("duk", ("-i",), b"1+1\nnope()\n", 1), Run("duk", ("-c", "script.bin", "script.js")), Run("duk", ("-b", "script.bin"))),
            files=(("script.js", JAVASCRIPT),), slow=True),
    Program("mawk", MAWK, ("./configure -q >log 2>&1", 'make -s BUILD_CC=gcc >log 2>&1'),
            (Run("mawk", ("-f", "program.awk", "text")), Run("mawk", ("-W", "version")), Run("mawk", ("BEGIN {",), b"", 2)),
            files=(("program.awk", AWK), ("text", WORDS)), slow=True),
    Program("mujs", MUJS, ('make -s CC="$CC" HAVE_READLINE=no build/release/mujs',),
            (Run("build/release/mujs", ("script.js",)), Run("build/release/mujs", (), b"print(1+1)\nfoo\n"), Run("build/release/mujs", ("missing.js",), b"", 1)),
            files=(("script.js", JAVASCRIPT),), slow=True),
    Program("zstd", ZSTD, ('make -s -C programs zstd-nolegacy CC="$CC" HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0',),
            tuple(Run("programs/zstd-nolegacy", words, text, code) for words, text, code in (
                (("-q", "-k", "text"), b"", 0), (("-q", "-t", "text.zst"), b"", 0), (("-dc", "text.zst"), b"", 0), (("-c", "-T2"), WORDS * 5, 0),
                (("-dc",), b"nonsense", 1), (("missing",), b"", 1))),
            files=(("text", WORDS),), slow=True),
    Program("zlib", ZLIB, ("./configure --static >log", "make -s static"),
            (Run("example"), Run("minigzip", ("text",)), Run("minigzip", ("-d", "text.gz")), Run("minigzip", (), b"abc" * 5000),
             Run("minigzip", ("-d",), b"not compressed")),
            files=(("text", b"some text, and more of it\n" * 4000),)),
    Program("bzip2", BZIP2, ('make -s bzip2 bzip2recover CC="$CC"',),
            (Run("bzip2", ("-k", "text")), Run("bzip2", ("-tvv", "text.bz2")), Run("bzip2", ("-dc", "text.bz2")), Run("bzip2", ("-9",), b"x" * 100000),
             Run("bzip2recover", ("text.bz2",), b"", 1), Run("bzip2", ("-d", "missing.bz2"), b"", 1), Run("bzip2", ("-t",), b"BZh9nonsense", 2)),
            files=(("text", bytes(range(256)) * 800),)),
    Program("hello", HELLO, ("./configure -q >log 2>&1", "make -s >log 2>&1"),
            (Run("hello"), Run("hello", ("-t",)), Run("hello", ("--greeting", "cup"),), Run("hello", ("--nonsense",)), Run("hello", ("--version",)))),
    Program("lua", LUA, BUILD_LUA,
            (Run("src/lua", ("program.lua", "7"), b"42 rest of the line\nall\nthe rest\n", 7, (("GIVEN", "from outside"),)),
             Run("src/lua", ("-e", "error({})"), b"", 1), Run("src/lua", ("-v",)), Run("src/luac", ("-l", "-o", "out.luac", "program.lua")),
             Run("src/lua", ("-i",), b"1 + 1\nx = 'a'\nx .. x\nos.exit(3)\n", 3)),
            files=(("program.lua", LUA_PROGRAM),),
            varying=((rb"0x[0-9a-f]{8,}", b"ADDRESS"),)),           # luac shows where it has its functions
    Program("sqlite", SQLITE, BUILD_SQLITE,
            (Run("build/sqlite3", ("-batch", "file.db"), SQL, 1, HOME), Run("build/sqlite3", ("file.db", ".dump t"), b"", 0, HOME), Run("build/sqlite3", (":memory:", "select sqlite_version()"), b"", 0, HOME),
             Run("build/speedtest1", ("--size", "5", "--nosync", "speed.db"))),
            # speedtest1 prints times; the file's page 1 holds counters of changes, the same in both.
            varying=((rb"\d+\.\d{3}s", b"TIME"),), tools=("tclsh",), slow=True),
    Program("quickjs", QUICKJS, ('make -s qjs CC="$CC" CROSS_PREFIX=any- AR=ar STRIP=strip HOST_CC=gcc',),
            tuple(Run("qjs", words) for words in (
                ("tests/test_closure.js",), ("tests/test_language.js",), ("--std", "tests/test_builtin.js"), ("tests/test_loop.js",),
                ("tests/test_bigint.js",), ("tests/test_cyclic_import.js",), ("tests/test_worker.js",), ("-e", "print([3,1,2].sort(), 2n**200n)"))),
            copied=("tests",), slow=True),
    Program("coremark", COREMARK, (
        'make compile CC="$CC" PORT_DIR=linux ITERATIONS=300 XCFLAGS="-DPERFORMANCE_RUN=1"',),
        (Run("coremark.exe", ("0x0", "0x0", "0x66", "300")), Run("coremark.exe", ("0x3415", "0x3415", "0x66", "300"))),
        varying=((rb"(?m)^(Total ticks|Total time \(secs\)|Iterations/Sec)( *): .*$", rb"\1\2: TIME"), (rb"ERROR! Must execute .*\n", b""),
                 (rb"(Correct operation|Errors) .*", b"END"), (rb"(?m)^CoreMark 1.0 : .*\n", b"")), slow=True),
)
