import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A class loader that defines the named classes itself, from the files of the program, and asks its parent for all others. */
public class ChildFirst extends ClassLoader {
    private static final Map<String, byte[]> FILES = new ConcurrentHashMap<>();
    private final String[] own;
    private final ClassLoader second;

    public ChildFirst(String name, ClassLoader parent, ClassLoader second, String... own) {
        super(name, parent);
        this.second = second;
        this.own = own;
    }

    public ChildFirst(String... own) {
        this(null, ChildFirst.class.getClassLoader(), null, own);
    }

    public static byte[] file(String name) {
        return FILES.computeIfAbsent(name, n -> {
            try (InputStream in = ChildFirst.class.getResourceAsStream("/" + n.replace('.', '/') + ".class")) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new RuntimeException(e);
            }
        });
    }

    @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found != null) return found;
            for (String each : own) {
                if (each.equals(name)) {
                    byte[] file = file(name);
                    return defineClass(name, file, 0, file.length);
                }
            }
            if (second != null) {
                try {
                    return second.loadClass(name);
                } catch (ClassNotFoundException e) {
                    // then the parent
                }
            }
            return super.loadClass(name, resolve);
        }
    }

    /** Whether the collector clears the reference, given some time. */
    public static boolean cleared(Reference<?> reference) throws InterruptedException {
        for (int i = 0; i < 100 && !reference.refersTo(null); i++) {
            System.gc();
            Thread.sleep(1);
        }
        return reference.refersTo(null);
    }

    /** Whether it is still there after some collections. */
    public static boolean stays(Reference<?> reference) {
        for (int i = 0; i < 3; i++) System.gc();
        return !reference.refersTo(null);
    }

    public interface Work {
        void run() throws Exception;
    }

    /** In a thread of its own, whose stack is gone afterwards. */
    public static void aside(Work work) throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        thread.start();
        thread.join();
    }
}
