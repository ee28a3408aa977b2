/* Exercises: the methods of Math that throw on overflow, at and around the limits
 * (Math.addExact, multiplyExact, toIntExact, negateExact, …). */
public class ExactMath {
    interface Operation {
        String name();

        long apply(long a, long b);
    }

    static final Operation[] OPERATIONS = {
        new Operation() {
            public String name() { return "add int"; }
            public long apply(long a, long b) { return Math.addExact((int) a, (int) b); }
        },
        new Operation() {
            public String name() { return "subtract int"; }
            public long apply(long a, long b) { return Math.subtractExact((int) a, (int) b); }
        },
        new Operation() {
            public String name() { return "multiply int"; }
            public long apply(long a, long b) { return Math.multiplyExact((int) a, (int) b); }
        },
        new Operation() {
            public String name() { return "add long"; }
            public long apply(long a, long b) { return Math.addExact(a, b); }
        },
        new Operation() {
            public String name() { return "subtract long"; }
            public long apply(long a, long b) { return Math.subtractExact(a, b); }
        },
        new Operation() {
            public String name() { return "multiply long"; }
            public long apply(long a, long b) { return Math.multiplyExact(a, b); }
        },
        new Operation() {
            public String name() { return "multiply long int"; }
            public long apply(long a, long b) { return Math.multiplyExact(a, (int) b); }
        },
        new Operation() {
            public String name() { return "divide int"; }
            public long apply(long a, long b) { return Math.divideExact((int) a, (int) b); }
        },
        new Operation() {
            public String name() { return "to int"; }
            public long apply(long a, long b) { return Math.toIntExact(a + b); }
        },
        new Operation() {
            public String name() { return "negate long"; }
            public long apply(long a, long b) { return Math.negateExact(a); }
        },
        new Operation() {
            public String name() { return "increment int"; }
            public long apply(long a, long b) { return Math.incrementExact((int) a) + Math.decrementExact((int) b); }
        },
        new Operation() {
            public String name() { return "abs"; }
            public long apply(long a, long b) { return Math.absExact(a) + Math.absExact((int) b); }
        },
    };

    public static void main(String[] args) {
        long[] values = {0, 1, -1, 2, 46341, Integer.MAX_VALUE, Integer.MIN_VALUE, 3037000500L, Long.MAX_VALUE, Long.MIN_VALUE};
        for (Operation operation : OPERATIONS) {
            System.out.println(operation.name());
            for (long a : values) {
                StringBuilder line = new StringBuilder();
                for (long b : values) {
                    try {
                        line.append(operation.apply(a, b));
                    } catch (ArithmeticException e) {
                        line.append(e.getMessage());
                    }
                    line.append(", ");
                }
                System.out.println("  " + a + ": " + line);
            }
        }
    }
}
