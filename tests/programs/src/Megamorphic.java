/* Exercises: one call site with many receivers: interface and virtual dispatch through itables and
 * vtables, several interfaces per class, receivers changing over time (JVMS §6.5 invokeinterface). */
public class Megamorphic {
    interface Op { int apply(int x); }
    interface Tag { String tag(); }
    interface Weight { long weight(); }
    abstract static class Node implements Op { int bias = 1; int twist(int x) { return x + bias; } }

    static class O1 extends Node implements Tag { public int apply(int x) { return x + 1; } public String tag() { return "O1"; } }
    static class O2 extends Node implements Weight { public int apply(int x) { return x * 3; } public long weight() { return 2; } }
    static class O3 extends Node implements Tag, Weight { public int apply(int x) { return x ^ 0x55; } public String tag() { return "O3"; } public long weight() { return 3; } }
    static class O4 extends O3 { public int apply(int x) { return -x; } int twist(int x) { return x * bias; } }
    static class O5 extends O4 { public String tag() { return "O5"; } }
    static class O6 implements Op { public int apply(int x) { return x >>> 1; } }
    static class O7 implements Weight, Op, Tag { public int apply(int x) { return x << 1; } public String tag() { return "O7"; } public long weight() { return 7; } }
    static class O8 extends O6 implements Tag { public String tag() { return "O8"; } }
    enum O9 implements Op, Tag { A, B { public int apply(int x) { return x - 9; } }; public int apply(int x) { return x + 9; } public String tag() { return name(); } }

    static int run(Op[] ops, int rounds) {
        int x = 1;
        for (int r = 0; r < rounds; r++) for (int i = 0; i < ops.length; i++) x = ops[i].apply(x) + r;
        return x;
    }

    static long others(Object[] all) {
        long total = 0;
        for (Object o : all) {
            if (o instanceof Tag) total = total * 31 + ((Tag) o).tag().hashCode();
            if (o instanceof Weight) total += ((Weight) o).weight();
            if (o instanceof Node) total += ((Node) o).twist(5);
        }
        return total;
    }

    public static void main(String[] args) {
        Op[] ops = {new O1(), new O2(), new O3(), new O4(), new O5(), new O6(), new O7(), new O8(), O9.A, O9.B, new Op() { public int apply(int x) { return x % 1000003; } }};
        for (int n = 1; n <= ops.length; n++) {
            Op[] some = java.util.Arrays.copyOf(ops, n);
            System.out.println(n + " " + run(some, 500) + " " + others(some));
        }
        Op[] alternating = new Op[1000];
        for (int i = 0; i < alternating.length; i++) alternating[i] = ops[i * i % ops.length];
        System.out.println(run(alternating, 20));
        for (Op op : ops) System.out.println(op.getClass().getName() + " " + op.apply(100));
        CharSequence[] texts = {"string", new StringBuilder("builder"), new StringBuffer("buffer"), java.nio.CharBuffer.wrap("wrapped")};
        int total = 0;
        for (int i = 0; i < 100; i++) for (CharSequence t : texts) total += t.length() + t.charAt(i % t.length()) + t.subSequence(1, 3).toString().hashCode() % 7;
        System.out.println(total);
        try {
            Object wrong = "not an Op";
            ((Op) wrong).apply(1);
        } catch (ClassCastException e) {
            System.out.println("not an Op");
        }
    }
}
