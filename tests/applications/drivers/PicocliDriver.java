/** Options, parameters, subcommands, groups, usage and error texts of command lines. */

import picocli.CommandLine;
import picocli.CommandLine.*;

import java.util.*;
import java.util.concurrent.*;

@Command(
        name = "tool",
        mixinStandardHelpOptions = true,
        version = "tool 1.0",
        description = "Does things.",
        subcommands = {PicocliDriver.Sub.class, HelpCommand.class})
public class PicocliDriver implements Callable<Integer> {
    enum L {
        LOW,
        HIGH
    }

    @Option(
            names = {"-l", "--level"},
            defaultValue = "LOW",
            description = "Level: ${COMPLETION-CANDIDATES}, default ${DEFAULT-VALUE}")
    L level;

    @Option(names = "-n", arity = "1..*")
    int[] ns;

    @Option(names = "-D")
    Map<String, Integer> defs;

    @Parameters(index = "0..*", paramLabel = "FILE")
    List<java.io.File> files;

    @ArgGroup(exclusive = true)
    G g;

    static class G {
        @Option(names = "-a")
        boolean a;

        @Option(names = "-b")
        boolean b;
    }

    public Integer call() {
        System.out.println(
                level + Arrays.toString(ns) + defs + files + (g == null ? "" : g.a + "" + g.b));
        return 7;
    }

    @Command(name = "sub", description = "A sub.")
    static class Sub implements Runnable {
        @Parameters int n;

        public void run() {
            System.out.println("sub " + n);
        }
    }

    public static void main(String[] x) {
        CommandLine c = new CommandLine(new PicocliDriver());
        for (String s :
                new String[] {
                    "-l HIGH -n 1 2 3 -Da=1 -Db=2 -- f g",
                    "--help",
                    "-V",
                    "sub 4",
                    "sub x",
                    "-a -b",
                    "--bogus",
                    "help sub",
                    "-l MID",
                    "-lHIGH -a"
                }) System.out.println("= " + c.execute(s.split(" ")));
        c.usage(System.out, Help.Ansi.ON);
    }

    static class X {}
}
