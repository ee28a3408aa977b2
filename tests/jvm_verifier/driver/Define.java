import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.BufferedInputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Defines classes and makes the machine link them: one line for each says what came of it.
 *
 * <p>The argument is a resource with groups: u4 count; for each group u4 count of its classes, and each is a u2-counted
 * name and a u4-counted class file. Each group gets a class loader of its own, which
 * also defines what is on the class path; its first class is linked:
 * asked for its constructors, which does not initialise it. With a second argument all of its classes are.
 */
public final class Define {
    static final class Group extends ClassLoader {
        private static final Map<String, byte[]> READ = new HashMap<>();
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
            if (bytes == null && !name.startsWith("java.")) {
                bytes = fromClassPath(name);
            }
            return bytes == null ? super.loadClass(name, resolve) : defineClass(name, bytes, 0, bytes.length);
        }

        private static byte[] fromClassPath(String name) throws ClassNotFoundException {
            if (!READ.containsKey(name)) {
                try (InputStream in = Define.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                    READ.put(name, in == null ? null : in.readAllBytes());
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
            return READ.get(name);
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
                Class.forName(each, false, loader).getDeclaredConstructors();
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
