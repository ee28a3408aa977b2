import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What dropped loaders leave behind: finalizers and cleaners to run, modules, constraints, proxies, lambdas, threads, super calls. */
public class LoaderLeftovers {
    public static final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    static WeakReference<ClassLoader> loader;

    /** Its finalizer runs once its loader is reached by nothing else. */
    public static class Final {
        static String text = "finalized by ";

        @SuppressWarnings({"deprecation", "removal"})
        @Override protected void finalize() {
            events.add(text + new Final2().name());
        }
    }

    public static class Final2 {
        public String name() {
            return "a class loaded late";
        }
    }

    public static class Cleaned implements Runnable {
        static final Cleaner cleaner = Cleaner.create();
        private final String what;

        Cleaned(String what) {
            this.what = what;
        }

        public static void register(Cleaner by) {
            Object o = new Object();
            by.register(o, new Cleaned("cleaned"));
        }

        public void run() {
            events.add(what + " by " + new Final2().name());
        }
    }

    public interface Greeter {
        Result greet(Result from);
    }

    public static class Result {
        public int value = 1;
    }

    /** Implements an interface of the loader above: both must mean one class by Result. */
    public static class Polite implements Greeter {
        public Result greet(Result from) {
            Result made = new Result();
            made.value = from.value + 1;
            return made;
        }
    }

    public static class Base {
        protected String say(String what) {
            return "base " + what;
        }
    }

    public static class Middle extends Base {}

    public static class Over extends Middle {
        @Override protected String say(String what) {
            return "over " + super.say(what);
        }

        public static String all() {
            Function<String, String> f = new Over()::say;
            Supplier<Supplier<String>> nested = () -> () -> f.apply("nested");
            return nested.get().get() + " " + Stream.of(3, 1, 2).map(i -> i * 2).sorted().toList();
        }
    }

    public static class Handler implements InvocationHandler {
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] args) {
            return switch (method.getName()) {
                case "get" -> "proxied";
                case "compare" -> 0;
                default -> null;
            };
        }

        public static String all() throws Exception {
            ClassLoader own = Handler.class.getClassLoader();
            Supplier<?> made = (Supplier<?>) Proxy.newProxyInstance(own, new Class<?>[] {Supplier.class, Hidden.class}, new Handler());
            return made.get() + " " + made.getClass().getModule().isNamed() + " " + Hidden.class.isInstance(made);
        }
    }

    interface Hidden {}

    public static class Background implements Runnable {
        static volatile boolean stop;

        public void run() {
            events.add("context " + (Thread.currentThread().getContextClassLoader() == Background.class.getClassLoader()));
        }
    }

    static ChildFirst fresh(String... own) {
        String[] names = new String[own.length];
        for (int i = 0; i < own.length; i++) names[i] = "LoaderLeftovers$" + own[i];
        ChildFirst made = new ChildFirst(names);
        loader = new WeakReference<>(made);
        return made;
    }

    static Class<?> load(ClassLoader from, String name) throws ClassNotFoundException {
        return from.loadClass("LoaderLeftovers$" + name);
    }

    static void await(int count) throws InterruptedException {
        for (int i = 0; i < 500 && events.size() < count; i++) {
            System.gc();
            Thread.sleep(2);
        }
    }

    static void tell(String what) throws Exception {
        boolean gone = ChildFirst.cleared(loader);
        System.out.println(what + ": " + events + ", gone: " + gone);
        events.clear();
    }

    public static void main(String[] args) throws Exception {
        finalizers();
        cleaners();
        modules();
        constraints();
        ChildFirst.aside(() -> events.add((String) load(fresh("Over", "Middle", "Base"), "Over").getMethod("all").invoke(null)));
        tell("super calls and lambdas");
        ChildFirst.aside(() -> events.add((String) load(fresh("Handler", "Hidden"), "Handler").getMethod("all").invoke(null)));
        tell("proxy");
        contexts();
        for (int i = 0; i < 100; i++) {
            ChildFirst.aside(() -> load(fresh("Over", "Middle", "Base"), "Over").getMethod("all").invoke(null));
            if (i % 10 == 0) System.gc();
        }
        tell("many");
    }

    static void finalizers() throws Exception {
        ChildFirst.aside(() -> load(fresh("Final", "Final2"), "Final").getDeclaredConstructor().newInstance());
        await(1);
        tell("finalizer");
    }

    static void cleaners() throws Exception {
        Cleaner cleaner = Cleaner.create();
        ChildFirst.aside(() -> load(fresh("Cleaned", "Final2"), "Cleaned").getMethod("register", Cleaner.class).invoke(null, cleaner));
        await(1);
        tell("cleaner");
    }

    /** A layer of modules with a loader of its own: its packages, reads and exports go too. */
    static void modules() throws Exception {
        for (int i = 0; i < 5; i++) {
            ChildFirst.aside(() -> {
                ModuleDescriptor user = ModuleDescriptor.newModule("user").requires("java.base").requires("server").packages(Set.of("p.user")).build();
                ModuleDescriptor server = ModuleDescriptor.newModule("server").requires("java.base").exports("p.server").packages(Set.of("p.server")).build();
                ModuleFinder finder = new ModuleFinder() {
                    public Optional<ModuleReference> find(String name) {
                        return name.equals("user") ? Optional.of(reference(user)) : name.equals("server") ? Optional.of(reference(server)) : Optional.empty();
                    }

                    public Set<ModuleReference> findAll() {
                        return Set.of(reference(user), reference(server));
                    }
                };
                Configuration configuration = ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), Set.of("user"));
                ModuleLayer layer = ModuleLayer.boot().defineModulesWithManyLoaders(configuration, null);
                Module one = layer.findModule("user").get();
                Module other = layer.findModule("server").get();
                loader = new WeakReference<>(one.getClassLoader());
                LoaderLeftovers.class.getModule().addReads(other);
                if (events.isEmpty()) events.add(one.canRead(other) + " " + other.canRead(one) + " " + other.isExported("p.server", one) + " " + other.isExported("p.server"));
            });
            if (!ChildFirst.cleared(loader)) events.add("still there");
        }
        tell("modules");
    }

    static ModuleReference reference(ModuleDescriptor descriptor) {
        return new ModuleReference(descriptor, URI.create("none:/" + descriptor.name())) {
            public ModuleReader open() {
                return new ModuleReader() {
                    public Optional<URI> find(String name) {
                        return Optional.empty();
                    }

                    public Stream<String> list() {
                        return Stream.empty();
                    }

                    public void close() {}
                };
            }
        };
    }

    static void constraints() throws Exception {
        for (int i = 0; i < 3; i++) {
            ChildFirst.aside(() -> {
                ChildFirst above = fresh("Greeter", "Result");
                ChildFirst below = new ChildFirst("below", above, null, "LoaderLeftovers$Polite");
                Object polite = load(below, "Polite").getDeclaredConstructor().newInstance();
                Class<?> result = load(above, "Result");
                Object answer = load(above, "Greeter").getMethod("greet", result).invoke(polite, result.getDeclaredConstructor().newInstance());
                if (events.isEmpty()) events.add("value " + result.getField("value").getInt(answer));
            });
            WeakReference<ClassLoader> first = loader;
            // The same names with two classes: the loaders cannot agree.
            ChildFirst.aside(() -> {
                ChildFirst above = fresh("Greeter", "Result");
                ChildFirst below = new ChildFirst("below", above, null, "LoaderLeftovers$Polite", "LoaderLeftovers$Result");
                load(below, "Result");
                load(above, "Result");
                try {
                    load(below, "Polite").getDeclaredConstructor().newInstance();
                    events.add("no error");
                } catch (LinkageError e) {
                    if (events.size() < 2) events.add(e.getClass().getName());
                }
            });
            if (!ChildFirst.cleared(first) || !ChildFirst.cleared(loader)) events.add("still there");
        }
        tell("constraints");
    }

    /** The thread's context class loader is the last to hold the loader. */
    static void contexts() throws Exception {
        CountDownLatch dropped = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        ChildFirst.aside(() -> {
            ClassLoader own = fresh("Background");
            Thread made = new Thread(() -> {
                try {
                    dropped.await(10, TimeUnit.SECONDS);
                    ((Runnable) load(Thread.currentThread().getContextClassLoader(), "Background").getDeclaredConstructor().newInstance()).run();
                } catch (Exception e) {
                    e.printStackTrace();
                }
            });
            made.setContextClassLoader(own);
            made.start();
            thread[0] = made;
        });
        boolean stays = ChildFirst.stays(loader);
        dropped.countDown();
        thread[0].join();
        thread[0] = null;
        tell("context " + stays);
    }
}
