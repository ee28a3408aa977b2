/* Exercises: properties given with -D, and those whose values every home must agree on. */
import java.util.Properties;

public class SystemProperties {
    public static void main(String[] args) {
        String[] names = {"greeting", "empty", "with.equals", "flag", "not.there", "user.answer", "file.separator", "path.separator", "line.separator", "java.specification.version",
            "java.class.version", "java.vm.specification.version", "java.specification.name", "java.vm.specification.name", "stdout.encoding", "file.encoding", "native.encoding", "os.arch"};
        for (String name : names) {
            String value = System.getProperty(name);
            System.out.println(name + " = " + (value == null ? "null" : "[" + value.replace("\n", "\\n") + "]"));
        }
        System.out.println(System.getProperty("not.there", "default") + " " + Integer.getInteger("user.answer") + " " + Integer.getInteger("greeting", 5) + " " + Boolean.getBoolean("flag") + " "
                + Long.getLong("hex"));
        System.out.println(System.setProperty("greeting", "changed") + " " + System.getProperty("greeting") + " " + System.clearProperty("greeting") + " " + System.getProperty("greeting"));
        try {
            System.getProperty("");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        Properties all = System.getProperties();
        System.out.println(all.containsKey("java.version") + " " + all.containsKey("java.home") + " " + all.containsKey("user.dir") + " " + all.containsKey("java.io.tmpdir"));
        System.out.println(System.lineSeparator().length() + " " + (System.getenv("NO_SUCH_VARIABLE") == null) + " " + System.getenv("TZ"));
        System.out.println((System.currentTimeMillis() > 1_600_000_000_000L) + " " + (System.nanoTime() <= System.nanoTime()));
        Runtime runtime = Runtime.getRuntime();
        System.out.println((runtime.availableProcessors() > 0) + " " + (runtime.totalMemory() >= runtime.freeMemory()) + " " + (runtime.maxMemory() > 0) + " " + Runtime.version().feature());
    }
}
