import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** OutOfMemoryError and StackOverflowError again and again, in many places, and going on afterwards. */
public class MemoryPressure {
    static int depth;

    static void deep() {
        depth++;
        deep();
    }

    static class Init {
        static int value;
        static { value = count(0); }

        static int count(int n) { return n < 0 ? 0 : count(n + 1) + 1; }
    }

    static class Bad extends RuntimeException {
        public String toString() { return toString() + "x"; }
    }

    public static void main(String[] args) throws Exception {
        for (int round = 0; round < 2; round++) {
            System.out.println("list " + list() + " chain " + chain() + " map " + map() + " text " + text() + " stack " + stack());
        }
        overflows();
        direct();
        released();
    }

    static String list() {
        List<Object> l = new ArrayList<>();
        try {
            while (true) l.add(new byte[1000]);
        } catch (OutOfMemoryError e) {
            int size = l.size();
            l = null;
            return e.getMessage() + (size > 4000);
        }
    }

    static String chain() {
        Object head = null;
        try {
            while (true) head = new Object[] {head, new int[100]};
        } catch (OutOfMemoryError e) {
            head = null;
            return e.getMessage();
        }
    }

    static String map() {
        Map<Integer, byte[]> m = new HashMap<>();
        try {
            for (int i = 0; ; i++) m.put(i, new byte[500]);
        } catch (OutOfMemoryError e) {
            m = null;
            return e.getMessage();
        }
    }

    static String text() {
        StringBuilder s = new StringBuilder();
        try {
            while (true) s.append("0123456789");
        } catch (OutOfMemoryError e) {
            s = null;
            return e.getMessage();
        }
    }

    static String stack() {
        try {
            deep();
            return "no end";
        } catch (StackOverflowError e) {
            boolean far = depth > 1000;
            depth = 0;
            return far + " " + e.getMessage();
        }
    }

    static void overflows() throws Exception {
        try { System.out.println(Init.value); } catch (StackOverflowError e) { System.out.println("in an initializer"); }
        try { System.out.println(Init.value); } catch (NoClassDefFoundError e) { System.out.println(e.getMessage()); }
        try { new Bad().toString(); } catch (StackOverflowError e) { System.out.println("toString"); }
        try {
            List<Object> self = new ArrayList<>();
            self.add(new ArrayList<>(List.of(self)));
            System.out.println(self.hashCode());
        } catch (StackOverflowError e) {
            System.out.println("hashCode");
        }
        try {
            Comparator<Object> c = new Comparator<>() {
                public int compare(Object x, Object y) {
                    Object[] z = {2, 1};
                    Arrays.sort(z, this);
                    return 0;
                }
            };
            Arrays.sort(new Object[] {1, 2}, c);
        } catch (StackOverflowError e) {
            System.out.println("compare");
        }
        Thread t = new Thread(null, MemoryPressure::deep, "small", 1 << 17);
        t.setUncaughtExceptionHandler((x, e) -> System.out.println(x.getName() + " " + e.getClass().getName()));
        t.start();
        t.join();
    }

    static void direct() {
        List<ByteBuffer> buffers = new ArrayList<>();
        try {
            while (true) buffers.add(ByteBuffer.allocateDirect(1 << 20));
        } catch (OutOfMemoryError e) {
            boolean some = buffers.size() > 3;
            buffers = null;
            System.out.println(e.getMessage().replaceAll("\\d+", "N") + " " + some);
        }
        System.out.println(ByteBuffer.allocateDirect(1 << 20).capacity());
    }

    // What was used is given back.
    static void released() throws Exception {
        Runtime r = Runtime.getRuntime();
        Thread t = new Thread(MemoryPressure::chain);
        t.start();
        t.join();
        System.gc();
        System.out.println("left: " + (r.totalMemory() - r.freeMemory() < 8 << 20));
    }
}
