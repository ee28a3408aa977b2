import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.ResourceBundle;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A plugin in a jar, found by ServiceLoader through a URLClassLoader, closed and replaced by its next version, many times. */
public class PluginReload {
    public interface Plugin {
        String describe();
    }

    /** Goes into the jar; the resource beside it says which version it is. */
    public static class Impl implements Plugin {
        private static final StringBuilder LOG = new StringBuilder();
        private final ThreadLocal<Object> local = ThreadLocal.withInitial(() -> new Object[] {this});

        public String describe() {
            try (InputStream in = Impl.class.getResourceAsStream("/version.txt")) {
                LOG.append(new String(in.readAllBytes()));
            } catch (IOException e) {
                throw new RuntimeException(e);
            }
            local.get();
            String text = ResourceBundle.getBundle("names", java.util.Locale.ROOT, Impl.class.getClassLoader()).getString("name");
            local.remove();
            return text + " " + LOG + " " + Part.class.getSimpleName();
        }
    }

    public static class Part {}

    static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }

    static void write(Path path, int version) throws IOException {
        try (OutputStream out = Files.newOutputStream(path); JarOutputStream jar = new JarOutputStream(out)) {
            put(jar, "PluginReload$Impl.class", ChildFirst.file("PluginReload$Impl"));
            put(jar, "META-INF/services/PluginReload$Plugin", "PluginReload$Impl\n".getBytes());
            put(jar, "version.txt", ("v" + version).getBytes());
            put(jar, "names.properties", ("name=plugin " + version).getBytes());
        }
    }

    /** Finds the plugin's own classes itself first, for the program's class path has them too. */
    static class PluginLoader extends URLClassLoader {
        PluginLoader(URL url) {
            super(new URL[] {url}, PluginReload.class.getClassLoader());
        }

        @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals("PluginReload$Impl")) {
                synchronized (getClassLoadingLock(name)) {
                    Class<?> found = findLoadedClass(name);
                    return found != null ? found : findClass(name);
                }
            }
            return super.loadClass(name, resolve);
        }
    }

    static WeakReference<ClassLoader> last;
    static String said;

    static void use(Path path) throws Exception {
        try (URLClassLoader loader = new PluginLoader(path.toUri().toURL())) {
            last = new WeakReference<>(loader);
            Thread.currentThread().setContextClassLoader(loader);
            for (Plugin plugin : ServiceLoader.load(Plugin.class, loader)) {
                if (plugin.getClass().getClassLoader() != loader) throw new AssertionError("another loader's plugin");
                said = plugin.describe();
            }
            ResourceBundle.clearCache(loader);
        }
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 40;
        Path path = Files.createTempFile("plugin", ".jar");
        int gone = 0;
        for (int version = 1; version <= rounds; version++) {
            write(path, version);
            ChildFirst.aside(() -> use(path));
            if (version <= 3 || version == rounds) System.out.println(said);
            if (ChildFirst.cleared(last)) gone++;
        }
        Files.delete(path);
        System.out.println("gone: " + (gone >= rounds - 2));
    }
}
