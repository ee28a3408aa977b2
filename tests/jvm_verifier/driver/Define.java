import java.io.DataInputStream;
import java.io.IOException;
import java.io.BufferedInputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Defines classes and makes the machine link them: one line for each says what came of it.
 *
 * <p>The argument is a resource with groups: u4 count; for each group u4 count of its classes, and each is a u2-counted
 * name and a u4-counted class file. Each group gets a class loader of its own; its first class is linked.
 * With a second argument, classes are asked for their constructors, which links them and does not initialise.
 */
public final class Define {
    static final class Group extends ClassLoader {
        private final Map<String, byte[]> classes;

        Group(Map<String, byte[]> classes) {
            super(Define.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] bytes = classes.get(name);
            return bytes == null ? super.loadClass(name, resolve) : defineClass(name, bytes, 0, bytes.length);
        }
    }

    public static void main(String[] args) throws IOException {
        StringBuilder out = new StringBuilder();
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(Define.class.getResourceAsStream(args[0])))) {
            int groups = in.readInt();
            for (int group = 0; group < groups; group++) {
                Map<String, byte[]> classes = new HashMap<>();
                String first = null;
                int count = in.readInt();
                for (int i = 0; i < count; i++) {
                    String name = in.readUTF().replace('/', '.');
                    byte[] bytes = new byte[in.readInt()];
                    in.readFully(bytes);
                    classes.put(name, bytes);
                    first = first == null ? name : first;
                }
                out.append("--- ").append(group).append('\n').append(outcome(classes, first, args.length > 1)).append('\n');
            }
        }
        System.out.print(out);
    }

    static String outcome(Map<String, byte[]> classes, String name, boolean all) {
        Group loader = new Group(classes);
        String worst = "ok";
        for (String each : all ? classes.keySet().toArray(new String[0]) : new String[] {name}) {
            try {
                if (all) {
                    Class.forName(each, false, loader).getDeclaredConstructors();
                } else {
                    Class.forName(each, true, loader);
                }
            } catch (Throwable thrown) {
                worst = thrown.toString();
                for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
                    worst += "\ncaused by " + cause;
                }
                if (all) {
                    worst = each + ": " + worst;
                    System.out.println(worst);
                }
            }
        }
        return worst;
    }
}
