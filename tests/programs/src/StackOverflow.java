/* Exercises: StackOverflowError caught, several times, in several shapes of recursion, with the thread
 * usable afterwards (JVMS §2.5.2, §6.3). */
public class StackOverflow {
    static int depth;
    int field;

    static int simple(int n) {
        depth = n;
        return simple(n + 1) + 1;
    }

    long wide(long a, double b, Object c) {
        field++;
        return wide(a + 1, b * 2, c) + (long) b;
    }

    static void ping() { pong(); }
    static void pong() { ping(); }

    interface Visitor {
        void visit(Visitor other);
    }

    static class Mirror implements Visitor {
        public void visit(Visitor other) { other.visit(this); }
    }

    static int withFinally(int n) {
        int[] local = new int[1];
        try {
            local[0] = n;
            return n > 1_000_000_000 ? 0 : withFinally(n + 1);
        } finally {
            local[0]++;
        }
    }

    static int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

    public static void main(String[] args) throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            try {
                simple(0);
            } catch (StackOverflowError e) {
                System.out.println("simple caught, message " + e.getMessage() + ", deep enough " + (depth > 500));
            }
        }
        try {
            new StackOverflow().wide(1, 1.5, "x");
        } catch (StackOverflowError e) {
            System.out.println("wide caught");
        }
        try {
            ping();
        } catch (Throwable t) {
            System.out.println(t);
        }
        try {
            new Mirror().visit(new Mirror());
        } catch (VirtualMachineError e) {
            System.out.println(e.getClass().getName());
        }
        try {
            withFinally(0);
        } catch (StackOverflowError e) {
            System.out.println("with finally caught");
        }
        System.out.println("still works: " + fibonacci(20));
        Thread other = new Thread() {
            @Override
            public void run() {
                try {
                    ping();
                } catch (StackOverflowError e) {
                    System.out.println("caught in another thread");
                }
                System.out.println("other still works: " + fibonacci(15));
            }
        };
        other.start();
        other.join();
    }
}
