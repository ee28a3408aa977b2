import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** What one System.gc() does: the first object of a class is finalized too, and the order is the newest first. */
public class CollectedOnce {
    static final List<String> log = new ArrayList<>();

    static class Finalized {
        final String name;

        Finalized(String name) {
            this.name = name;
        }

        @Override
        protected void finalize() {
            note("finalized " + name);
        }
    }

    static class Late extends Finalized {
        Late(String name) {
            super(name);
        }
    }

    static void note(String line) {
        synchronized (log) {
            log.add(line);
            log.notifyAll();
        }
    }

    static void expect(int count) throws InterruptedException {
        System.gc();
        long end = System.nanoTime() + 10_000_000_000L;
        synchronized (log) {
            while (log.size() < count && System.nanoTime() < end) {
                log.wait(100);
            }
            java.util.Collections.sort(log);     // what one collection finds comes in no order
            System.out.println(log);
            log.clear();
        }
    }

    // In a method of its own, whose frame is gone when the collection begins.
    static void one(String name) {
        new Finalized(name);
    }

    static void three() {
        for (int i = 1; i <= 3; i++) {
            new Late("late " + i);
        }
    }

    public static void main(String[] args) throws Exception {
        one("first");
        expect(1);
        one("second");
        expect(1);
        three();
        expect(3);

        Cleaner cleaner = Cleaner.create();
        for (int i = 1; i <= 3; i++) {
            int number = i;
            cleaner.register(new Object(), () -> note("cleaned " + number));
        }
        expect(3);

        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        Reference<Object> weak = new WeakReference<>(new Object(), queue);
        Reference<Object> phantom = new PhantomReference<>(new Object(), queue);
        Reference<Object> soft = new SoftReference<>(new Object(), queue);
        System.gc();
        Reference<?> one = queue.remove(10_000);
        Reference<?> two = queue.remove(10_000);
        System.out.println((one == weak || two == weak) + " " + (one == phantom || two == phantom));
        System.out.println((soft.get() != null) + " " + (queue.poll() == null));
    }
}
