import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** What keeps a class loader and its classes: each of these alone does, and when it is gone, they go. */
public class LoaderKept {
    public static class Part implements Supplier<Object> {
        public static Object field = "of the part";
        public static int number = 5;
        public int[] own = {1, 2, 3};

        public Object get() {
            return field + " " + own.length;
        }

        public static Object fixed() {
            return field;
        }

        public static void block(CountDownLatch in, CountDownLatch out) throws InterruptedException {
            in.countDown();
            out.await();
            number++;
        }

        public static Object throwable() {
            return new RuntimeException("from the part");
        }

        public static Object lambda() {
            return (Supplier<Object>) () -> field;
        }

        public static Object walk() {
            return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(s -> s.findFirst().get());
        }
    }

    public static class Child extends Part {
        @Override public Object get() {
            return "child of " + super.get();
        }
    }

    public static class Holder {
        public static Object held;
        public static Class<?> use() {
            return Part.class;
        }
    }

    /** Its initialiser waits, so its class is being initialised meanwhile. */
    public static class Slow {
        static {
            try {
                LoaderKept.entered.countDown();
                LoaderKept.leave.await();
            } catch (InterruptedException e) {
                throw new RuntimeException(e);
            }
        }
    }

    public static CountDownLatch entered;
    public static CountDownLatch leave;
    static Object kept;
    static WeakReference<ClassLoader> loader;
    static WeakReference<Class<?>> part;

    static Class<?> fresh() throws Exception {
        ChildFirst made = new ChildFirst("LoaderKept$Part", "LoaderKept$Slow");
        loader = new WeakReference<>(made);
        Class<?> found = made.loadClass("LoaderKept$Part");
        part = new WeakReference<>(found);
        return found;
    }

    static Supplier<?> instance(Class<?> c) throws Exception {
        return (Supplier<?>) c.getDeclaredConstructor().newInstance();
    }

    interface Use {
        Object of(Object kept) throws Throwable;
    }

    static void keep(String what, ChildFirst.Work work, Use use) throws Exception {
        ChildFirst.aside(work);
        boolean stays = ChildFirst.stays(loader) && ChildFirst.stays(part);
        Object[] used = new Object[1];
        ChildFirst.aside(() -> {
            try {
                used[0] = String.valueOf(use.of(kept));
            } catch (Throwable e) {
                used[0] = e;
            }
        });
        kept = null;
        System.out.println(what + ": " + stays + ", " + used[0] + ", then gone: " + (ChildFirst.cleared(loader) && ChildFirst.cleared(part)));
    }

    public static void main(String[] args) throws Exception {
        keep("loader", () -> kept = fresh().getClassLoader(), k -> ((ClassLoader) k).loadClass("LoaderKept$Part").getName());
        keep("class", () -> kept = fresh(), k -> ((Class<?>) k).getMethod("fixed").invoke(null));
        keep("instance", () -> kept = instance(fresh()), k -> ((Supplier<?>) k).get());
        keep("array", () -> kept = Array.newInstance(fresh(), 2, 3), k -> k.getClass().getName());
        // The outer class is another loader's, and has another class of this name inside.
        keep("simple name", () -> kept = fresh(), k -> ((Class<?>) k).getSimpleName());
        keep("array class", () -> kept = fresh().arrayType().arrayType(), k -> ((Class<?>) k).componentType().componentType().getMethod("fixed").invoke(null));
        keep("handle", () -> kept = MethodHandles.lookup().findStatic(fresh(), "fixed", MethodType.methodType(Object.class)), k -> ((MethodHandle) k).invoke());
        keep("virtual handle", () -> kept = MethodHandles.lookup().findVirtual(fresh(), "get", MethodType.methodType(Object.class)), k -> ((MethodHandle) k).type().parameterType(0).getName());
        keep("static variable", () -> kept = MethodHandles.lookup().findStaticVarHandle(fresh(), "number", int.class), k -> (int) ((VarHandle) k).getAndAdd(1));
        keep("field handle", () -> kept = MethodHandles.lookup().findStaticGetter(fresh(), "field", Object.class), k -> ((MethodHandle) k).invoke());
        keep("method", () -> kept = fresh().getMethod("fixed"), k -> ((java.lang.reflect.Method) k).invoke(null));
        keep("constructor", () -> kept = fresh().getDeclaredConstructor(), k -> ((Supplier<?>) ((java.lang.reflect.Constructor<?>) k).newInstance()).get());
        keep("field", () -> kept = fresh().getField("number"), k -> ((java.lang.reflect.Field) k).get(null));
        keep("method type", () -> kept = MethodType.methodType(fresh()), k -> ((MethodType) k).returnType().getMethod("fixed").invoke(null));
        keep("lambda", () -> kept = fresh().getMethod("lambda").invoke(null), k -> ((Supplier<?>) k).get());
        keep("throwable", () -> kept = fresh().getMethod("throwable").invoke(null), k -> ((Throwable) k).getStackTrace()[0].getMethodName());
        keep("stack frame", () -> kept = fresh().getMethod("walk").invoke(null), k -> ((StackWalker.StackFrame) k).getDeclaringClass().getMethod("fixed").invoke(null));
        keep("proxy", () -> {
            Class<?> c = fresh();
            kept = Proxy.newProxyInstance(c.getClassLoader(), new Class<?>[] {Supplier.class}, (p, m, a) -> "by proxy");
        }, k -> ((Supplier<?>) k).get());
        keep("package", () -> kept = fresh().getClassLoader().getUnnamedModule(), k -> ((Module) k).getClassLoader().loadClass("LoaderKept$Part").getName());
        keep("subclass in a child loader", () -> {
            Class<?> c = fresh();
            kept = instance(new ChildFirst("child", c.getClassLoader(), null, "LoaderKept$Child").loadClass("LoaderKept$Child"));
        }, k -> ((Supplier<?>) k).get());
        keep("static in another loader", () -> {
            Class<?> c = fresh();
            Class<?> holder = new ChildFirst("LoaderKept$Holder").loadClass("LoaderKept$Holder");
            holder.getField("held").set(null, instance(c));
            kept = holder.getClassLoader();
        }, k -> ((Supplier<?>) ((ClassLoader) k).loadClass("LoaderKept$Holder").getField("held").get(null)).get());
        // Holder's loader is no child of Part's, but has asked it for the class.
        keep("found by another loader", () -> {
            Class<?> c = fresh();
            Class<?> holder = new ChildFirst("asking", LoaderKept.class.getClassLoader(), c.getClassLoader(), "LoaderKept$Holder").loadClass("LoaderKept$Holder");
            if (holder.getMethod("use").invoke(null) != c) throw new AssertionError();
            var second = ChildFirst.class.getDeclaredField("second");
            second.setAccessible(true);
            second.set(holder.getClassLoader(), null);
            kept = holder;
        }, k -> ((Class<?>) ((Class<?>) k).getMethod("use").invoke(null)).getMethod("fixed").invoke(null));
        running();
        initialising();
        threadLocal();
    }

    /** Only the frame of another thread is left. */
    static void running() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch out = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        ChildFirst.aside(() -> {
            MethodHandle block = MethodHandles.lookup().findStatic(fresh(), "block", MethodType.methodType(void.class, CountDownLatch.class, CountDownLatch.class));
            thread[0] = new Thread(() -> call(block, in, out));
            thread[0].start();
        });
        in.await();
        boolean stays = ChildFirst.stays(loader) && ChildFirst.stays(part);
        out.countDown();
        thread[0].join();
        thread[0] = null;
        System.out.println("running frame: " + stays + ", then gone: " + (ChildFirst.cleared(loader) && ChildFirst.cleared(part)));
    }

    static void call(MethodHandle block, CountDownLatch in, CountDownLatch out) {
        try {
            block.invokeExact(in, out);
        } catch (Throwable e) {
            e.printStackTrace();
        }
    }

    static void initialising() throws Exception {
        entered = new CountDownLatch(1);
        leave = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        ChildFirst.aside(() -> {
            ClassLoader own = fresh().getClassLoader();
            thread[0] = new Thread(() -> {
                try {
                    Class.forName("LoaderKept$Slow", true, own);
                } catch (ClassNotFoundException e) {
                    e.printStackTrace();
                }
            });
            thread[0].start();
        });
        entered.await();
        boolean stays = ChildFirst.stays(loader);
        leave.countDown();
        thread[0].join();
        thread[0] = null;
        System.out.println("initialiser: " + stays + ", then gone: " + ChildFirst.cleared(loader));
    }

    static void threadLocal() throws Exception {
        CountDownLatch set = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ThreadLocal<Object> local = new ThreadLocal<>();
        Thread thread = new Thread(() -> {
            try {
                local.set(instance(fresh()));
                set.countDown();
                end.await();
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        thread.start();
        set.await();
        boolean stays = ChildFirst.stays(loader);
        end.countDown();
        thread.join();
        System.out.println("thread local: " + stays + ", then gone: " + ChildFirst.cleared(loader));
    }
}
