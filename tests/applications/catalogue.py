"""The applications: what each is made of, what it is asked to do, and what of it is compared.

An application is one or more runs, one after another, in one folder.  In all words of a run, {run} stands for that
folder: the same path on the host and, through -v, in the guest; and {own} for a folder that the guest has in its own
file system only.  Everything is compared byte for byte: both streams and the exit code of every run, and at the end
every file in {run}.  What cannot be equal is named here, with the reason; but for the place of the class path's jars,
which the guest has elsewhere: in the streams, a jar's path is replaced by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Run:
    """One command line.

    main    the main class
    args    its arguments
    jars    names of pins, in front of everything else on the class path
    path    more of the class path: folders that an earlier run wrote, driver.jar
    stdin   what it reads
    options of the VM
    code    the exit code, so that an application that fails alike on both sides shows
    """

    main: str
    args: tuple[str, ...] = ()
    jars: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    stdin: bytes = b""
    options: tuple[str, ...] = ()
    code: int = 0


@dataclass(frozen=True)
class Application:
    """One test.

    name        of the test
    runs        one after another
    inputs      folder or file of inputs/ that is copied into {run}
    drivers     files of drivers/ that are compiled into {run}/driver.jar; with the jars of all runs on the class path
    libraries   names of pins that are copied to {run}/NAME.jar, for programs that open jars themselves
    sources     a pinned jar of sources that is unpacked into {run}/src
    folder      an environment variable that names a folder to be copied to {run}/src; without it the test is skipped
    varying     (pattern, replacement) for both streams, and why
    unequal     patterns of names of files that are there on both sides but not compared, and why
    homes       besides the process home
    slow        takes more than some ten seconds
    """

    name: str
    runs: tuple[Run, ...]
    inputs: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    sources: str = ""
    folder: str = ""
    varying: tuple[tuple[bytes, bytes], ...] = ()
    unequal: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    slow: bool = False


def compile_with_ecj(*sources: str, path: str = "") -> Run:
    """Eclipse's batch compiler, into {run}/classes.  Its newest target is a little older than our class library."""
    options = ("-nowarn", "-source", "24", "-target", "24", *(("-cp", path) if path else ()))
    return Run("org.eclipse.jdt.internal.compiler.batch.Main", (*options, "-d", "{run}/classes", *sources), ("ecj",))


#: The line over each message of java.util.logging.
LOG_TIME = (rb"(?m)^[A-Z][a-z]{2} \d+, \d{4} \d+:\d\d:\d\d.(AM|PM) ", b"TIME ")
#: Without these, warnings tell of native code, which Jython does without in a guest, and of sun.misc.Unsafe, which it then uses elsewhere.
NATIVE = "--enable-native-access=ALL-UNNAMED"
UNSAFE = "-Dsun.misc.unsafe.memory.access=allow"

JACKSON = ("jackson-databind", "jackson-core", "jackson-annotations")
JACKSON_FORMATS = ("jackson-yaml", "jackson-xml", "jackson-cbor", "jackson-csv", "jackson-jsr310", "jackson-blackbird",
                   "snakeyaml", "woodstox", "stax2")
CLOJURE = ("clojure", "clojure-spec", "clojure-specs")
LOGBACK = ("logback-classic", "logback-core", "slf4j")
SCALA = ("scala-compiler", "scala-interfaces", "scala3-library", "scala-library", "scala-tasty", "scala-asm", "sbt-interface", "sbt-util")
SPRING = ("spring-aop", "spring-beans", "spring-boot", "spring-boot-autoconfigure", "spring-context", "spring-core",
          "spring-expression", "spring-jcl", "spring-web", "spring-webmvc",
          "tomcat", "tomcat-el", "jakarta-annotations", "micrometer-commons", "micrometer-observation")
SAXON = ("saxon", "xmlresolver")


def jdbc(url: str, jars: tuple[str, ...]) -> Run:
    """The JDBC driver program of ours on a database."""
    return Run("JdbcDriver", (url,), jars, ("{run}/driver.jar",), options=("-Dderby.stream.error.file={run}/database.log",))


def h2(folder: str, script: str) -> Run:
    """A script of SQL, run by H2 on a database in a file of a folder."""
    return Run("org.h2.tools.RunScript", ("-url", f"jdbc:h2:{folder}/books", "-user", "sa", "-showResults", "-continueOnError",
                                          "-script", f"{{run}}/{script}"), ("h2",))


def library(name: str, *jars: str, driver: str = "", options: tuple[str, ...] = (), kvm: bool = False, slow: bool = False
            ) -> Application:
    """A program of ours that uses a library."""
    driver = driver or f"{name.capitalize()}Driver"
    return Application(name, (Run(driver, (), jars, ("{run}/driver.jar",), options=options),), drivers=(f"{driver}.java",),
                       varying=(LOG_TIME,), homes=("kvm",) if kvm else (), slow=slow)


APPLICATIONS = (
    # --- compilers and generators -----------------------------------------------------------------------------
    Application("ecj-are-we-fast-yet", (compile_with_ecj("{run}/src"),
                                        Run("Harness", ("Json", "1", "1"), path=("{run}/classes",))),
                folder="ARE_WE_FAST_YET",
                varying=((rb"\d+us", b"TIMEus"),)),                  # the harness tells how long it took
    Application("ecj-snakeyaml", (compile_with_ecj("{run}/src"),), sources="snakeyaml-sources"),
    Application("antlr4", (Run("org.antlr.v4.Tool", ("-visitor", "-o", "{run}/gen", "{run}/Calc.g4"), ("antlr4",)),
                           compile_with_ecj("{run}/gen", "{run}/CalcMain.java", path="{run}/antlr4.jar"),
                           Run("CalcMain", jars=("antlr4",), path=("{run}/classes",),
                               stdin=b"1+2*3\n(4-5)*x\n2^3^2\n7/(2-2)\n1 + * 2\n")),
                inputs=("antlr4",), libraries=("antlr4",)),
    Application("jflex", (Run("jflex.Main", ("--nobak", "-d", "{run}/gen", "{run}/Tokens.flex"), ("jflex", "cup-runtime")),
                          compile_with_ecj("{run}/gen"),
                          Run("Tokens", ("{run}/example.txt",), path=("{run}/classes",))),
                inputs=("jflex",)),
    Application("javacc", (Run("javacc", ("-OUTPUT_DIRECTORY={run}/gen", "{run}/Json.jj"), ("javacc",)),
                           compile_with_ecj("{run}/gen"),
                           Run("Json", path=("{run}/classes",), stdin='[1, -2.5e3, {"k": ["é🍵", null]}]; // one\n{};'.encode()),
                           Run("Json", path=("{run}/classes",), stdin=b'{"a": tru}', code=2),
                           Run("Json", path=("{run}/classes",), stdin=b'[1, 2', code=2)),
                inputs=("javacc",)),
    *(Application(f"closure-{level.lower()}", (Run("com.google.javascript.jscomp.CommandLineRunner",
                                                   ("--js", "{run}/program.js", "--compilation_level", level, "--warning_level", "VERBOSE",
                                                    "--language_out", "ECMASCRIPT5", "--js_output_file", "{run}/small.js",
                                                    "--create_source_map", "{run}/small.map"), ("closure-compiler",)),),
                  inputs=("closure",), slow=slow) for level, slow in (("SIMPLE", False), ("ADVANCED", True))),
    Application("class-path-folders", (compile_with_ecj("{run}/Resources.java"),
                                       Run("Resources", path=("{run}/classes", "{run}/data"))), inputs=("folders",)),
    # --- languages --------------------------------------------------------------------------------------------
    *(Application(f"rhino-{way}", (Run("org.mozilla.javascript.tools.shell.Main", ("-version", "200", "-opt", level, "{run}/program.js"),
                                       ("rhino",), code=3),), inputs=("rhino",), homes=homes)
      for way, level, homes in (("interpreted", "-1", ()), ("compiled", "9", ("kvm",)))),
    Application("clojure", (Run("clojure.main", ("{run}/program.clj",), CLOJURE, code=1),), inputs=("clojure",),
                varying=((rb"clojure-\d+\.edn", b"clojure-N.edn"),)),      # a temporary file with the report
    Application("groovy", (Run("groovy.ui.GroovyMain", ("{run}/program.groovy",), ("groovy",)),), inputs=("groovy",)),
    Application("beanshell", (Run("bsh.Interpreter", ("{run}/program.bsh",), ("beanshell",)),), inputs=("beanshell",), homes=("kvm",)),
    Application("jython", (Run("org.python.util.jython", ("{run}/program.py2",), ("jython",), options=(NATIVE, UNSAFE), code=1),),
                inputs=("jython",)),
    Application("jruby", (Run("org.jruby.Main", ("{run}/program.rb",), ("jruby",), code=1),),
                inputs=("jruby",), varying=((rb"(?m)^Some JDK modules .*\n", b""),), slow=True),     # of native code, loaded on the host
    Application("scala", (Run("dotty.tools.dotc.Main", ("-usejavacp", "-sourceroot", "{run}", "-d", "{run}", "{run}/Hello.scala"),
                              SCALA, options=(UNSAFE,)),
                          Run("hello", ("you", "me"), ("scala-library", "scala3-library"), ("{run}",), options=(UNSAFE,))),
                inputs=("scala",), slow=True),
    Application("google-java-format", (Run("com.google.googlejavaformat.java.Main", ("--replace", "{run}/Crooked.java"),
                                           ("google-java-format",)),), inputs=("format",)),
    Application("luaj", (Run("lua", ("{run}/program.lua", "{run}/out.txt"), ("luaj",), code=3),), inputs=("luaj",)),
    Application("cfr", (Run("org.benf.cfr.reader.Main", ("{run}/commons-csv.jar", "--outputdir", "{run}/sources"), ("cfr",)),),
                libraries=("commons-csv",)),
    # --- documents, data, logic -------------------------------------------------------------------------------
    Application("saxon", (Run("net.sf.saxon.Transform", ("-s:{run}/books.xml", "-xsl:{run}/books.xsl", "limit=20"), SAXON),
                          Run("net.sf.saxon.Query", ("-q:{run}/query.xq", "!indent=yes", "-o:{run}/result.xml"), SAXON)),
                inputs=("saxon",)),
    Application("h2-volume", (h2("{run}", "library.sql"), h2("{run}", "again.sql")),
                inputs=("h2",), unequal=("books.*.db",)),                   # hold times and random numbers
    Application("h2-own", (h2("{own}/deeper", "library.sql"),), inputs=("h2",)),
    *(Application(f"{name}-{where}", (jdbc(url.format(folder), jars),), drivers=("JdbcDriver.java",),
                  unequal=("database*",))                                  # holds times
      for name, jars, url in (("hsqldb", ("hsqldb",), "jdbc:hsqldb:file:{}/database"),
                              ("derby", ("derby", "derby-shared", "derby-tools"), "jdbc:derby:{}/database;create=true"))
      for where, folder in (("volume", "{run}"), ("own", "{own}"))),
    Application("lucene", (Run("LuceneDriver", ("{run}/index",), ("lucene",), ("{run}/driver.jar",)),),
                drivers=("LuceneDriver.java",), unequal=("index/*",),       # segments have random identifiers, and times
                varying=(LOG_TIME,)),
    *(Application(f"sat4j-{name}", (Run("org.sat4j.BasicLauncher", (f"{{run}}/{name}.cnf",), ("sat4j",), code=code),),
                  inputs=(f"sat4j/{name}.cnf",),
                  varying=((rb"(?m)^c (java|os|Free|Max|Total|Number of proc)[^\n]*\n", b""),      # tells of the machine, times,
                           (rb"(speed .*:|time) [\d.]+", rb"\1 N"), (rb"@[0-9a-f]+", b"@N")))      # identity hash codes
      for name, code in (("pigeons", 20), ("queens", 10))),
    # --- libraries --------------------------------------------------------------------------------------------
    Application("jackson", (Run("JacksonDriver", jars=JACKSON, path=("{run}/driver.jar",)),),
                drivers=("JacksonDriver.java",), homes=("kvm",)),
    Application("guava", (Run("GuavaDriver", jars=("guava", "failureaccess"), path=("{run}/driver.jar",), code=1),),
                drivers=("GuavaDriver.java",), homes=("kvm",)),
    library("gson", "gson", kvm=True),
    library("jsoup", "jsoup", kvm=True),
    library("picocli", "picocli"),
    library("yaml", "snakeyaml"),
    library("compress", "commons-compress", "commons-io", "commons-lang", "xz"),
    library("byte-buddy", "byte-buddy", driver="ByteBuddyDriver"),
    library("protobuf", "protobuf"),
    library("rx", "rxjava", "reactive-streams", kvm=True),
    library("janino", "janino", "commons-compiler"),
    library("math", "commons-math"),
    library("git", "jgit", "slf4j"),
    library("caffeine", "caffeine"),
    library("markdown", "commonmark"),
    library("javassist", "javassist"),
    library("bcel", "bcel", "commons-lang"),
    library("velocity", "velocity", "commons-lang", "slf4j"),
    library("vavr", "vavr", "vavr-match"),
    library("mybatis", "mybatis", "h2"),
    library("graphs", "jgrapht", "jheaps"),
    library("undertow", "undertow", "xnio", "xnio-nio", "jboss-logging", "jboss-threads", "wildfly-common", "wildfly-client-config"),
    library("netty", "netty-common", "netty-buffer", "netty-codec", "netty-codec-http", "netty-handler", "netty-resolver",
            "netty-transport", "netty-unix", options=("-Dio.netty.machineId=00:00:5e:00:53:01",)),  # the guest has no network card
    library("jetty", "jetty-server", "jetty-http", "jetty-io", "jetty-util", "slf4j"),
    library("kryo", "kryo", "minlog", "objenesis", "reflectasm", options=(UNSAFE,)),
    library("bouncy", "bouncy-provider", "bouncy-pkix", "bouncy-util"),
    library("quartz", "quartz", "slf4j", "slf4j-simple", options=("-Dorg.slf4j.simpleLogger.defaultLogLevel=error",)),
    library("reactor", "reactor", "reactive-streams"),
    library("asm", "asm", "asm-analysis", "asm-tree", "asm-util"),
    library("freemarker", "freemarker", kvm=True),
    library("zxing", "zxing"),
    library("formats", *JACKSON, *JACKSON_FORMATS),
    library("javaparser", "javaparser", "javaparser-symbols", "guava", "failureaccess", driver="JavaParserDriver"),
    library("thrift", "thrift", "slf4j"),
    library("queues", "disruptor", "jctools", "agrona",
            options=("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", UNSAFE)),     # which Agrona asks for
    library("expressions", "mvel", "ognl", "aviator", "spring-expression", "spring-core", "spring-jcl", "javassist"),
    library("hazelcast", "hazelcast", slow=True),
    Application("log4j", (Run("Log4jDriver", (), ("log4j-api", "log4j-core"), ("{run}/driver.jar",)),), drivers=("Log4jDriver.java",),
                varying=((rb"(?m)^\d\d:\d\d:\d\d\.\d+ ", b"TIME "),)),
    Application("pdfbox", (Run("PdfDriver", ("{run}/tea.pdf",), ("pdfbox",), ("{run}/driver.jar",)),), drivers=("PdfDriver.java",),
                unequal=("tea.pdf",)),                                      # holds an identifier made of the time
    Application("tomcat", (Run("TomcatDriver", ("{run}",), ("tomcat", "jakarta-annotations"), ("{run}/driver.jar",)),),
                drivers=("TomcatDriver.java",)),
    Application("spring-boot", (Run("org.example.SpringDriver", (), (*SPRING, *LOGBACK, *JACKSON, "snakeyaml"), ("{run}/driver.jar",)),),
                drivers=("org/example/SpringDriver.java",),
                varying=(LOG_TIME, (rb"auto-1-\d+", b"auto-1-PORT")), slow=True),
    Application("logback", (Run("LogbackDriver", ("{run}/logs",), LOGBACK, ("{run}/driver.jar",)),), drivers=("LogbackDriver.java",)),
    Application("junit", (Run("org.junit.platform.console.ConsoleLauncher",
                              ("execute", "--disable-banner", "--class-path", "{run}/driver.jar", "--scan-class-path", "{run}/driver.jar",
                               "--reports-dir", "{run}/reports"), ("junit-console",), code=1),),
                drivers=("JUnitTests.java",),
                varying=((rb"after \d+ ms", b"after N ms"),),
                unequal=("reports/*.xml",)),                                # hold times, and the machine's properties
)
