/* Exercises: printed stack traces with line numbers: calls over several lines, constructors, static
 * initialisers, inner classes, bridges, causes with common frames, suppressed, through JDK frames
 * (JVMS §4.7.12 LineNumberTable; Throwable.printStackTrace, fillInStackTrace). */
public class StackTraces {
    static class Base {
        Base(int depth) {
            if (depth == 0)
                throw new IllegalStateException("in constructor");
        }
    }

    static class Derived extends Base {
        final String late = StackTraces.fail("never reached");

        Derived(int depth) {
            super(
                depth > 0
                    ? depth
                    : 0);
        }
    }

    static class Lazy {
        static int value = compute(3);

        static int compute(int n) {
            return n == 0 ? 1 / n : compute(n - 1);
        }
    }

    class Inner implements Comparable<Inner> {
        public int compareTo(Inner other) { throw new UnsupportedOperationException("no order"); }

        Runnable local() {
            class Local implements Runnable {
                public void run() {
                    Inner.this.compareTo(null);
                }
            }
            return new Local();
        }
    }

    static String fail(String message) {
        throw new RuntimeException(message);
    }

    static int several(
            int a,
            int b) {
        int sum = a
            + b
            / (a - a);
        return sum;
    }

    static void recursive(int n) throws Exception {
        if (n == 0) throw new Exception("deep");
        try {
            recursive(n - 1);
        } catch (Exception e) {
            if (n == 3) throw new Exception("wrapped at " + n, e);
            throw e;
        } finally {
            int unused = n;
        }
    }

    static void show(Throwable t) {
        t.printStackTrace(System.out);
        t.printStackTrace();
        System.out.println(t.getStackTrace().length + " frames");
    }

    public static void main(String[] args) {
        try { several(1, 2); } catch (ArithmeticException e) { show(e); }
        try { new Derived(0); } catch (IllegalStateException e) { show(e); }
        try { new Derived(1); } catch (RuntimeException e) { show(e); }
        try { System.out.println(Lazy.value); } catch (ExceptionInInitializerError e) { show(e); }
        try { recursive(5); } catch (Exception e) { show(e); }
        Inner inner = new StackTraces().new Inner();
        try { inner.local().run(); } catch (UnsupportedOperationException e) { show(e); }
        try {
            java.util.Collections.sort(new java.util.ArrayList<Inner>(java.util.Arrays.asList(inner, inner)));
        } catch (UnsupportedOperationException e) { show(e); }
        try {
            new java.util.ArrayList<String>().get(3);
        } catch (IndexOutOfBoundsException e) { show(e); }
        try { Integer.parseInt("12a"); } catch (NumberFormatException e) { show(e); }
        new Object() {
            void go() { new Throwable("from anonymous").printStackTrace(System.out); }
        }.go();
        Exception primary = new Exception("primary", new Error("cause"));
        primary.addSuppressed(new RuntimeException("side", primary));
        primary.addSuppressed(new RuntimeException("other"));
        show(primary);
        Exception moved = new Exception("made here");
        Throwable filled = refill(moved);
        show(filled);
    }

    static Throwable refill(Exception e) {
        return e.fillInStackTrace();
    }
}
