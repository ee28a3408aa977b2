/* Exercises: loops, labelled break and continue, nested conditionals, short circuits, comparisons with
 * zero and null, every conditional branch (JVMS §6.5 if<cond>, if_icmp<cond>, if_acmp<cond>, goto). */
public class ControlFlow {
    static int calls;

    static boolean count(boolean result) {
        calls++;
        return result;
    }

    static String compare(int a, int b) {
        StringBuilder s = new StringBuilder();
        if (a < b) s.append("< ");
        if (a <= b) s.append("<= ");
        if (a == b) s.append("== ");
        if (a != b) s.append("!= ");
        if (a >= b) s.append(">= ");
        if (a > b) s.append("> ");
        if (a < 0) s.append("neg ");
        if (a <= 0) s.append("nonpos ");
        if (a == 0) s.append("zero ");
        if (a != 0) s.append("nonzero ");
        if (a >= 0) s.append("nonneg ");
        if (a > 0) s.append("pos ");
        return s.toString();
    }

    static String size(int v) {
        return v < 0 ? v < -100 ? "very negative" : "negative" : v == 0 ? "zero" : v < 10 ? "small" : v < 100 ? v % 2 == 0 ? "medium even" : "medium odd" : "large";
    }

    static int labels() {
        int found = 0;
        outer:
        for (int i = 0; i < 10; i++) {
            inner:
            for (int j = 0; ; j++) {
                if (j == i) continue outer;
                if (i * j == 12) {
                    found = found * 100 + i * 10 + j;
                    break inner;
                }
                if (i + j > 14) break outer;
            }
        }
        block: {
            if (found > 5) break block;
            found = -1;
        }
        return found;
    }

    static int collatz(long n) {
        int steps = 0;
        do {
            n = (n & 1) == 0 ? n / 2 : 3 * n + 1;
            steps++;
        } while (n != 1);
        return steps;
    }

    static boolean logic(int bits) {
        boolean a = (bits & 1) != 0, b = (bits & 2) != 0, c = (bits & 4) != 0;
        return count(a) && (count(b) || !count(c)) || !(count(a) || count(b)) && count(c) ^ count(a);
    }

    static int early(Object o) {
        while (true) {
            if (o == null) return 0;
            if (o instanceof String) return ((String) o).length();
            if (o != calls(o)) return -2;
            return -1;
        }
    }

    static Object calls(Object o) { return o; }

    public static void main(String[] args) {
        int[] values = {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE};
        for (int a : values) for (int b : values) System.out.println(a + " ? " + b + ": " + compare(a, b));
        for (int v : new int[] {-1000, -5, 0, 7, 42, 43, 1000}) System.out.println(v + " " + size(v));
        System.out.println(labels());
        for (int n : new int[] {2, 7, 27, 97, 837799}) System.out.println(n + " " + collatz(n));
        for (int bits = 0; bits < 8; bits++) {
            calls = 0;
            System.out.println(bits + " " + logic(bits) + " after " + calls);
        }
        System.out.println(early(null) + " " + early("four") + " " + early(1));
        for (int i = 0, j = 10; i < j; i += 2, j--) System.out.print(i + ":" + j + " ");
        System.out.println();
        long total = 0;
        for (long big = Integer.MAX_VALUE - 2L; big < Integer.MAX_VALUE + 3L; big++) total += big;
        System.out.println(total);
        int steps = 0;
        for (float f = 0; f != 1 && steps < 20; f += 0.1f) steps++;
        for (double d = 1; d > 1e-3; d /= 2) steps++;
        System.out.println(steps);
        for (;;) {
            if (++steps % 17 == 0) break;
        }
        System.out.println(steps);
        while (steps-- > 30) if (steps == 32) continue;
        System.out.println(steps);
        if (args == null | steps > 0 & true) System.out.println("eager");
    }
}
