import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Fuzz KIND SEED FIRST COUNT JAR: cases FIRST … of a seed, each a damaged class of the jar (or of this one), or a
 * damaged jar, loaded and used in every way there is. A line for each case: its number, and what came of it.
 * A case that runs for longer than a while ends the run ("spun"): damaged code may well be an endless loop.
 */
public final class Fuzz {
    private static final long PATIENCE = Long.getLong("fuzz.patience", 2000);
    /** Whole texts instead of what stands for them. */
    private static final boolean DETAIL = Boolean.getBoolean("fuzz.detail");

    private static final class Loader extends ClassLoader {
        private final TreeMap<String, byte[]> siblings;

        Loader(TreeMap<String, byte[]> siblings) {
            super(Fuzz.class.getClassLoader());
            this.siblings = siblings;
        }

        Class<?> define(byte[] bytes) { return defineClass(null, bytes, 0, bytes.length); }

        /** Names of this program's own classes mean copies, so that damaged ones meet their kin. */
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            byte[] own = known == null && name.startsWith("Seeds") ? siblings.get(name) : null;
            return known != null ? known : own != null ? defineClass(name, own, 0, own.length) : super.loadClass(name, resolve);
        }
    }

    private final TreeMap<String, byte[]> classes = new TreeMap<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> seeds = new ArrayList<>();

    private Fuzz(String jar) throws IOException {
        read(System.getProperty("java.class.path").split(":")[0]);
        read(jar);
        for (String name : classes.keySet()) {
            (name.startsWith("Seeds") ? seeds : others).add(name);
        }
    }

    private void read(String jar) throws IOException {
        try (ZipFile file = new ZipFile(jar)) {
            for (ZipEntry entry : file.stream().toList()) {
                if (entry.getName().endsWith(".class") && entry.getSize() < 20000) {
                    String name = entry.getName().substring(0, entry.getName().length() - 6).replace('/', '.');
                    classes.put(name, file.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    public static void main(String[] args) throws Exception {
        String kind = args[0];
        long seed = Long.parseLong(args[1]);
        int first = Integer.parseInt(args[2]), count = Integer.parseInt(args[3]);
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        System.setOut(nowhere);
        System.setErr(nowhere);
        System.setIn(InputStream.nullInputStream());
        Fuzz fuzz = new Fuzz(args[4]);
        for (int i = first; i < first + count; i++) {
            Random chance = new Random(seed * 1_000_003 + i);
            String[] outcome = new String[1];
            Thread worker = new Thread(() -> outcome[0] = kind.equals("jars") ? fuzz.jar(chance) : fuzz.defined(chance));
            worker.setDaemon(true);
            worker.start();
            worker.join(PATIENCE);
            String text = worker.isAlive() ? "spun" : outcome[0];
            out.write((i + " " + text + "\n").getBytes());
            if (worker.isAlive()) {
                Runtime.getRuntime().halt(0);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static String name(Throwable e) {
        String text = DETAIL ? e.toString() : e.getClass().getName();
        return e.getCause() != null && e instanceof java.lang.reflect.InvocationTargetException ? name(e.getCause()) : text;
    }

    // --- classes ---------------------------------------------------------------------------------------

    private String defined(Random chance) {
        boolean own = chance.nextBoolean();
        List<String> names = own ? seeds : others;
        String name = names.get(chance.nextInt(names.size()));
        try {
            Loader loader = new Loader(classes);
            Class<?> made = loader.define(Mutator.ofClass(classes.get(name), chance));
            String seen = look(made);
            Class.forName(made.getName(), true, loader);
            return "ok " + seen + (own ? run(made) : "");
        } catch (Throwable e) {
            return name(e);
        }
    }

    private interface Attempt {
        Object get() throws Throwable;
    }

    private static String attempt(Attempt attempt) {
        try {
            Object value = attempt.get();
            return value instanceof Object[] all ? "" + all.length : "" + value;
        } catch (Throwable e) {
            return name(e);
        }
    }

    private static String said(Attempt attempt) {
        return (DETAIL ? "\n    " : "") + attempt(attempt);
    }

    /** All of reflection: a word that stands for what it said. */
    private static String look(Class<?> made) {
        String text = said(made::getDeclaredMethods) + said(made::getDeclaredFields) + said(made::getDeclaredConstructors)
            + said(made::getDeclaredClasses) + said(made::getDeclaringClass) + said(made::getEnclosingMethod)
            + said(made::getAnnotations) + said(made::getNestHost) + said(made::getNestMembers)
            + said(made::getRecordComponents) + said(made::getPermittedSubclasses) + said(made::toGenericString)
            + said(made::getGenericSuperclass) + said(made::getGenericInterfaces) + said(made::getSimpleName)
            + said(made::getModifiers) + said(made::isEnum);
        try {
            for (Method method : made.getDeclaredMethods()) {
                text += said(method::toGenericString) + said(method::getAnnotations) + said(method::getParameters);
            }
        } catch (Throwable e) {
            text += name(e);
        }
        return DETAIL ? text : Integer.toHexString(text.length());
    }

    private static String run(Class<?> made) throws Throwable {
        StringBuilder text = new StringBuilder();
        Method[] methods = made.getDeclaredMethods();
        java.util.Arrays.sort(methods, java.util.Comparator.comparing(Method::toString));
        for (Method method : methods) {
            if (Modifier.isStatic(method.getModifiers()) && method.getParameterCount() == 0) {
                method.setAccessible(true);
                text.append(' ').append(method.getName().length()).append('=').append(attempt(() -> {
                    Object value = method.invoke(null);
                    return value instanceof String || value instanceof Number || value instanceof Boolean ? value.hashCode() : value == null;
                }));
            }
        }
        return text.toString();
    }

    // --- jars ------------------------------------------------------------------------------------------

    private byte[] archive(Random chance) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            add(out, "META-INF/", new byte[0], true);
            add(out, "META-INF/MANIFEST.MF", ("Manifest-Version: 1.0\r\nMain-Class: Seeds\r\nClass-Path: other.jar\r\n"
                + "Multi-Release: true\r\n\r\nName: Seeds.class\r\nSealed: true\r\n").getBytes(), false);
            add(out, "META-INF/services/java.lang.Runnable", "# providers\nSeeds\n".getBytes(), chance.nextBoolean());
            add(out, "Seeds.class", classes.get("Seeds"), chance.nextBoolean());
            add(out, "META-INF/versions/9/text.txt", "nine".getBytes(), true);
            add(out, "text.txt", "text ".repeat(chance.nextInt(2000)).getBytes(), false);
            out.setComment("comment");
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream out, String name, byte[] data, boolean stored) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(1_000_000_000_000L);
        if (stored) {
            CRC32 crc = new CRC32();
            crc.update(data);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(data.length);
            entry.setCrc(crc.getValue());
        }
        out.putNextEntry(entry);
        out.write(data);
        out.closeEntry();
    }

    private String jar(Random chance) {
        Path path = Path.of(System.getProperty("java.io.tmpdir"), "fuzz-" + ProcessHandle.current().pid() + ".jar");
        try {
            byte[] made = Mutator.ofArchive(archive(chance), chance);
            Files.write(path, made);
            try {
                return attempt(() -> file(path)) + " " + attempt(() -> stream(made)) + " " + attempt(() -> loader(path));
            } finally {
                Files.delete(path);
            }
        } catch (Throwable e) {
            return "outside: " + name(e);
        }
    }

    private static long drain(InputStream in) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[4096];
        long total = 0;
        for (int n = in.read(buffer); n >= 0 && total < 1 << 22; n = in.read(buffer)) {
            crc.update(buffer, 0, n);
            total += n;
        }
        return crc.getValue();
    }

    private static Object file(Path path) throws IOException {
        long sum = 0;
        try (JarFile file = new JarFile(path.toFile(), true, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
            sum += file.getManifest() == null ? 1 : file.getManifest().getMainAttributes().size();
            for (JarEntry entry : file.stream().toList()) {
                String got = attempt(() -> drain(file.getInputStream(entry)));
                sum = 31 * sum + got.hashCode() + entry.getName().hashCode();
            }
            sum += attempt(() -> file.getJarEntry("text.txt").getRealName()).hashCode();
        }
        return Long.toHexString(sum);
    }

    private static Object stream(byte[] made) throws IOException {
        long sum = 0;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(made))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                sum = 31 * sum + drain(in) + entry.getName().hashCode();
            }
        }
        return Long.toHexString(sum);
    }

    private static Object loader(Path path) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {path.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            String text = attempt(() -> Class.forName("Seeds", true, loader).getMethod("arithmetic").invoke(null));
            text += " " + attempt(() -> drain(loader.getResourceAsStream("text.txt")));
            return text + " " + attempt(() -> ServiceLoader.load(Runnable.class, loader).findFirst().isPresent());
        }
    }
}
