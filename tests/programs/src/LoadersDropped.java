import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Class loaders made and dropped by the thousand: their classes, statics and arrays go, and memory stays flat (JLS §12.7). */
public class LoadersDropped {
    /** Loaded anew in each round. */
    public static class Plug implements IntUnaryOperator {
        public static int calls;
        static final long[] statics = new long[500];
        static final List<Object> kept = new ArrayList<>();

        public int applyAsInt(int x) {
            calls++;
            statics[calls]++;
            kept.add(new Plug[2][3]);
            Helper helper = new Better(x);
            int sum = 0;
            for (int i = 0; i < 3; i++) sum += helper.value();
            IntUnaryOperator captures = y -> y + x;
            Kind kind = Kind.values()[x % 2];
            switch (kind) {
                case ONE -> sum += captures.applyAsInt(1);
                case TWO -> sum += captures.applyAsInt(2);
            }
            return sum + kept.size() + String.valueOf(new Point(x, sum)).length();
        }
    }

    enum Kind { ONE, TWO }

    record Point(int x, int y) {}

    public static class Helper {
        final int x;

        Helper(int x) {
            this.x = x;
        }

        int value() {
            return 2 * x;
        }
    }

    public static class Better extends Helper {
        Better(int x) {
            super(x);
        }

        @Override int value() {
            return super.value() + 1;
        }
    }

    static final String[] OWN = {
        "LoadersDropped", "LoadersDropped$Plug", "LoadersDropped$Helper", "LoadersDropped$Better", "LoadersDropped$Kind", "LoadersDropped$Point",
        "LoadersDropped$1",
    };

    static ReferenceQueue<Object> queue = new ReferenceQueue<>();
    static List<WeakReference<?>> references = new ArrayList<>();

    static int once(int i) throws Exception {
        ChildFirst loader = new ChildFirst(OWN);
        Class<?> plug = loader.loadClass("LoadersDropped$Plug");
        references.add(new WeakReference<>(loader, queue));
        references.add(new WeakReference<>(plug, queue));
        IntUnaryOperator made = (IntUnaryOperator) plug.getDeclaredConstructor().newInstance();
        int sum = made.applyAsInt(i % 100);
        references.add(new WeakReference<>(made, queue));
        if (plug.getDeclaredField("calls").getInt(null) != 1) throw new AssertionError("statics of another loader's class");
        return sum;
    }

    static int rounds(int from, int to) throws Exception {
        int sum = 0;
        for (int i = from; i < to; i++) sum += once(i);
        return sum;
    }

    static long metadata() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans())
            if (pool.getName().startsWith("Meta") || pool.getName().startsWith("Compressed")) used += pool.getUsage().getUsed();
        return used;
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1200;
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        long before = classes.getUnloadedClassCount();
        int[] sum = new int[1];
        ChildFirst.aside(() -> sum[0] = rounds(0, rounds / 2));
        for (int i = 0; i < 3; i++) System.gc();
        int loaded = classes.getLoadedClassCount();
        long metadata = metadata();
        ChildFirst.aside(() -> sum[0] += rounds(rounds / 2, rounds));
        for (int i = 0; i < 3; i++) System.gc();
        System.out.println("sum " + sum[0]);
        System.out.println("classes flat: " + (Math.abs(classes.getLoadedClassCount() - loaded) < 200));
        System.out.println("metadata flat: " + (metadata() - metadata < 1 << 20));
        int uncleared = 0;
        for (WeakReference<?> reference : references) uncleared += ChildFirst.cleared(reference) ? 0 : 1;
        // One loader may stay: a collector that scans stacks conservatively may meet an old word that looks like it.
        System.out.println("cleared: " + (uncleared < 10));
        System.out.println("unloaded: " + (classes.getUnloadedClassCount() - before >= 5L * rounds));
        System.out.println("total: " + (classes.getTotalLoadedClassCount() == classes.getLoadedClassCount() + classes.getUnloadedClassCount()));
        int queued = 0;
        while (queued < references.size() - uncleared && queue.remove(2000) != null) queued++;
        System.out.println("queued: " + (queued == references.size() - uncleared));
    }
}
