import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** References, cleaners and finalizers through their whole life, in a small heap. */
@SuppressWarnings("removal")
public class ReferenceLife {
    static Object kept;
    static volatile int sink;

    public static void main(String[] args) throws Exception {
        softUnderPressure();
        queues();
        timedRemove();
        phantoms();
        weakMaps();
        cleaners();
        finalizers();
        reachability();
        atExit();
    }

    // Makes garbage until `done` says so; false if it never does.
    static boolean until(java.util.function.BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < 400 && !done.getAsBoolean(); i++) {
            System.gc();
            Thread.sleep(5);
        }
        return done.getAsBoolean();
    }

    static void softUnderPressure() {
        List<SoftReference<byte[]>> soft = new ArrayList<>();
        SoftReference<byte[]> hot = new SoftReference<>(new byte[1000]);
        for (int i = 0; i < 8; i++) soft.add(new SoftReference<>(new byte[1 << 20]));
        System.gc();
        System.out.println("after gc: " + soft.stream().filter(s -> s.get() != null).count() + " of 8 " + (hot.get() != null));
        List<byte[]> hard = new ArrayList<>();
        try {
            while (true) hard.add(new byte[1 << 18]);
        } catch (OutOfMemoryError e) {
            hard = null;
            boolean cleared = soft.stream().noneMatch(s -> s.get() != null);
            System.out.println(e.getMessage() + ", all cleared before: " + cleared);
        }
        SoftReference<String> again = new SoftReference<>(new String("again"));
        System.out.println(again.get());
    }

    static WeakReference<Object> weak(ReferenceQueue<Object> q) {
        return new WeakReference<>(new Object(), q);
    }

    static void queues() throws Exception {
        ReferenceQueue<Object> q = new ReferenceQueue<>();
        Map<Reference<?>, Integer> numbers = new HashMap<>();
        for (int i = 0; i < 10; i++) numbers.put(weak(q), i);
        Object strong = new Object();
        WeakReference<Object> alive = new WeakReference<>(strong, q);
        TreeSet<Integer> got = new TreeSet<>();
        boolean all = until(() -> {
            Reference<?> r;
            while ((r = q.poll()) != null) got.add(numbers.get(r));
            return got.size() == 10;
        });
        System.out.println(all + " " + got + " " + (alive.get() == strong) + " " + alive.refersTo(strong) + " " + q.poll());
        System.out.println(alive.enqueue() + " " + alive.enqueue() + " " + alive.get() + " " + (q.poll() == alive) + " " + alive.refersTo(null));
        Reference.reachabilityFence(strong);
        WeakReference<Object> cleared = weak(q);
        cleared.clear();
        System.gc();
        Thread.sleep(20);
        System.out.println("cleared by the program, not queued: " + q.poll());
        WeakReference<Object> none = new WeakReference<>(new Object());
        System.out.println(until(() -> none.get() == null) + " " + none.enqueue());
    }

    static void timedRemove() throws Exception {
        ReferenceQueue<Object> q = new ReferenceQueue<>();
        long start = System.nanoTime();
        System.out.println(q.remove(30) + " " + (System.nanoTime() - start >= 25_000_000L));
        CountDownLatch removed = new CountDownLatch(1);
        Thread t = new Thread(() -> {
            try {
                Reference<?> r = q.remove();
                System.out.println("removed " + (r != null));
                removed.countDown();
                q.remove();
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
        });
        Object referent = new Object();
        WeakReference<Object> w = new WeakReference<>(referent, q);
        t.start();
        Thread.sleep(10);
        w.enqueue();
        removed.await();
        Thread.sleep(10);
        t.interrupt();
        t.join();
        try {
            q.remove(-1);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }

    static PhantomReference<Object> phantom(ReferenceQueue<Object> q) {
        return new PhantomReference<>(new Object(), q);
    }

    static void phantoms() throws Exception {
        ReferenceQueue<Object> q = new ReferenceQueue<>();
        PhantomReference<Object> p = phantom(q);
        System.out.println(p.get());
        Reference<?>[] got = new Reference<?>[1];
        System.out.println(until(() -> (got[0] = q.poll()) != null) + " " + (got[0] == p) + " " + p.refersTo(null));
    }

    static void weakMaps() throws Exception {
        WeakHashMap<Object, String> m = new WeakHashMap<>();
        Object key = new Object();
        m.put(key, "kept");
        for (int i = 0; i < 100; i++) m.put(new Object(), "gone " + i);
        System.out.println(until(() -> m.size() == 1) + " " + m.get(key));
        Reference.reachabilityFence(key);
        ThreadLocal<byte[]> local = new ThreadLocal<>();
        local.set(new byte[10]);
        System.gc();
        System.out.println(local.get().length);
    }

    static void cleaners() throws Exception {
        Cleaner cleaner = Cleaner.create();
        AtomicInteger cleaned = new AtomicInteger();
        register(cleaner, cleaned, 5);
        System.out.println(until(() -> cleaned.get() == 5));
        Object o = new Object();
        Cleaner.Cleanable c = cleaner.register(o, cleaned::incrementAndGet);
        c.clean();
        c.clean();
        System.out.println(cleaned.get());
        Reference.reachabilityFence(o);
        register(cleaner, null, 1);
        System.out.println(until(() -> sink == 7));
    }

    static void register(Cleaner cleaner, AtomicInteger count, int n) {
        for (int i = 0; i < n; i++) {
            cleaner.register(new Object(), count != null ? count::incrementAndGet : () -> {
                sink = 7;
                throw new IllegalStateException("ignored by the cleaner");
            });
        }
    }

    static class Finalized {
        static final AtomicInteger COUNT = new AtomicInteger();
        static volatile Finalized back;
        final boolean comes;

        Finalized(boolean comes) { this.comes = comes; }

        protected void finalize() {
            COUNT.incrementAndGet();
            if (comes) back = this;
        }
    }

    static class Throwing {
        static volatile boolean ran;

        protected void finalize() {
            ran = true;
            throw new RuntimeException("ignored");
        }
    }

    // On a stack of their own, where nothing of them is left over.
    static void make(int n, boolean comes) throws InterruptedException {
        Thread t = new Thread(() -> {
            for (int i = 0; i < n; i++) new Finalized(comes);
        });
        t.start();
        t.join();
    }

    static void finalizers() throws Exception {
        make(20, false);
        System.out.println(until(() -> Finalized.COUNT.get() == 20));
        make(1, true);
        System.out.println("back: " + until(() -> Finalized.back != null));
        Finalized.back = null;
        for (int i = 0; i < 5; i++) {
            System.gc();
            System.runFinalization();
        }
        System.out.println("once only: " + (Finalized.COUNT.get() == 21));
        throwing();
        System.out.println(until(() -> Throwing.ran));
        make(50, false);
        boolean ran = until(() -> {
            Runtime.getRuntime().runFinalization();
            return Finalized.COUNT.get() == 71;
        });
        System.out.println("run: " + ran);
    }

    static void throwing() throws InterruptedException {
        Thread t = new Thread(Throwing::new);
        t.start();
        t.join();
    }

    static void reachability() throws Exception {
        Object[] chain = new Object[] {new Object[] {new byte[100]}};
        WeakReference<Object> deep = new WeakReference<>(((Object[]) chain[0])[0]);
        kept = chain;
        chain = null;
        System.gc();
        System.out.println(deep.get() != null);
        kept = null;
        System.out.println(until(() -> deep.get() == null));
        // A reference that is itself garbage is never queued.
        ReferenceQueue<Object> q = new ReferenceQueue<>();
        forget(q);
        for (int i = 0; i < 3; i++) System.gc();
        System.out.println(q.remove(30));
    }

    static void forget(ReferenceQueue<Object> q) {
        new WeakReference<>(new Object(), q);
    }

    // Cleaners do not run at the end of the program; hooks do.
    static void atExit() {
        Object o = new Object();
        kept = o;
        Cleaner.create().register(o, () -> System.out.println("never said"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
    }
}
