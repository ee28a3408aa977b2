/* Exercises: try, catch and finally with every way out: return overrides, nested blocks, loops, break
 * and continue through finally, exceptions replaced by exceptions (JLS §14.20.2, JVMS §3.13). */
public class TryFinally {
    static StringBuilder trace = new StringBuilder();

    static int at(int v) {
        trace.append(v).append(' ');
        return v;
    }

    @SuppressWarnings("finally")
    static int overridden() {
        try {
            return at(1);
        } finally {
            return at(2);
        }
    }

    static int valueKept() {
        int x = 10;
        try {
            return x;
        } finally {
            x = 20;
            at(x);
        }
    }

    @SuppressWarnings("finally")
    static int swallowed(boolean fail) {
        try {
            if (fail) throw new IllegalStateException("lost");
            return at(3);
        } finally {
            if (fail) return at(4);
        }
    }

    static int catchAndFinally(int how) {
        try {
            at(how);
            if (how == 1) throw new IllegalArgumentException("one");
            if (how == 2) throw new IllegalStateException("two");
            if (how == 3) throw new Error("three");
            return at(100);
        } catch (IllegalArgumentException | ArithmeticException e) {
            at(200);
            return e.getMessage().length();
        } catch (RuntimeException e) {
            at(300);
            throw new RuntimeException("again", e);
        } finally {
            at(400);
        }
    }

    @SuppressWarnings("finally")
    static String loops() {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            try {
                if (i == 1) continue;
                if (i == 4) break;
                s.append("body").append(i).append(' ');
            } finally {
                s.append("finally").append(i).append(' ');
            }
        }
        while (true) {
            try {
                throw new RuntimeException();
            } finally {
                break; // drops the exception
            }
        }
        return s.toString();
    }

    static void nested() {
        try {
            try {
                try {
                    at(Integer.parseInt("x"));
                } finally {
                    at(1);
                    Object o = trace;
                    if (o != null) throw new ClassCastException("replaces");
                }
            } catch (NumberFormatException e) {
                at(-1);
            } finally {
                at(2);
            }
        } catch (ClassCastException e) {
            trace.append(e.getMessage()).append(' ');
        } finally {
            try {
                at(3);
                throw new Exception("inside finally");
            } catch (Exception e) {
                trace.append(e.getMessage()).append(' ');
            }
        }
    }

    static long mixed(long seed) {
        long result = seed;
        try {
            result += 5;
            try {
                return result *= 2;
            } finally {
                result -= 1000;
                at((int) result);
            }
        } finally {
            at((int) (result + 1));
        }
    }

    static int deep(int n) {
        try {
            if (n == 0) throw new UnsupportedOperationException("bottom");
            return deep(n - 1) + 1;
        } finally {
            if (n % 4 == 0) at(n);
        }
    }

    public static void main(String[] args) {
        System.out.println(overridden() + " " + valueKept() + " " + swallowed(true) + " " + swallowed(false));
        for (int how = 0; how < 4; how++) {
            try {
                System.out.println(how + " -> " + catchAndFinally(how));
            } catch (RuntimeException | Error e) {
                System.out.println(how + " threw " + e + " cause " + e.getCause());
            }
        }
        System.out.println(loops());
        nested();
        System.out.println(mixed(7));
        try {
            deep(17);
        } catch (UnsupportedOperationException e) {
            System.out.println(e.getMessage());
        }
        synchronized (trace) {
            try {
                throw new Exception("while locked");
            } catch (Exception e) {
                System.out.println(e.getMessage() + " " + Thread.holdsLock(trace));
            }
        }
        System.out.println(Thread.holdsLock(trace));
        System.out.println(trace);
    }
}
