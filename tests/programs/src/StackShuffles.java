/* Exercises: expressions whose value is used while it is stored, which need dup, dup_x1, dup_x2,
 * dup2, dup2_x1, dup2_x2, pop and pop2; and the order of evaluation (JVMS §6.5; JLS §15.7). */
public class StackShuffles {
    int i = 1;
    long l = 2;
    static int si = 3;
    static long sl = 4;
    String text = "";
    static StringBuilder trace = new StringBuilder();

    static int say(int v) {
        trace.append(v).append(' ');
        return v;
    }

    static long sayLong(long v) {
        trace.append(v).append("L ");
        return v;
    }

    StackShuffles self(String name) {
        trace.append(name).append(' ');
        return this;
    }

    int fields() {
        int a = i++ + ++i; // dup_x1
        long b = l++ + ++l; // dup2_x1
        int c = si++ * 2 + (si += 5); // dup
        long d = sl-- * 2 + (sl *= 3); // dup2
        System.out.println(a + " " + b + " " + c + " " + d + " " + i + " " + l + " " + si + " " + sl);
        return a;
    }

    void arrays() {
        int[] ints = {1, 2, 3};
        long[] longs = {10, 20, 30};
        double[] doubles = {0.5, 1.5};
        byte[] bytes = {127};
        char[] chars = {'x'};
        String[] strings = {"a", "b"};
        int k = ints[0]++ + ++ints[1] + (ints[2] += 7); // dup_x2
        long m = longs[0]-- - --longs[1] + (longs[2] <<= 2); // dup2_x2
        double e = doubles[0]++ + (doubles[1] = doubles[0]);
        int n = bytes[0]++ + bytes[0];
        char o = chars[0]++;
        String s = strings[0] += strings[1] += "c";
        System.out.println(k + " " + m + " " + e + " " + n + " " + o + chars[0] + " " + s + " " + strings[0] + strings[1]);
        System.out.println(ints[0] + " " + ints[1] + " " + ints[2] + " " + longs[0] + " " + longs[1] + " " + longs[2] + " " + doubles[0] + " " + doubles[1]);
        int p, q, r;
        p = q = r = ints[p = 1];
        long u, v;
        u = v = longs[0] = 99;
        i = si = ints[2] = k;
        l = sl = longs[1] = 5L;
        System.out.println(p + q + r + " " + u + v + " " + i + si + " " + l + sl + " " + longs[1]);
    }

    void order() {
        int[] cells = new int[10];
        cells[say(1)] = say(2) + say(3) * say(4);
        cells[say(5)] += say(6);
        self("a").i = self("b").i + say(7);
        self("c").l += sayLong(8);
        self("d").text += self("e").text + "x" + say(9);
        boolean b = say(1) > 0 || say(2) > 0;
        b &= say(3) > 5 & say(4) > 0;
        b = say(5) > 9 && say(6) > 0 ? say(7) > 0 : say(8) > 0;
        long shifted = sayLong(1) << say(2);
        System.out.println(trace);
        System.out.println(cells[1] + " " + cells[5] + " " + text + " " + b + " " + shifted);
        trace.setLength(0);
        try {
            cells[say(10)] = say(1) / say(0); // the right side fails before the index is checked
        } catch (ArithmeticException e) {
            System.out.println("arithmetic, after " + trace);
        }
        try {
            int[] none = args();
            none[say(20)] = say(21);
        } catch (NullPointerException e) {
            System.out.println("null, after " + trace);
        }
        try {
            cells[say(30)]++;
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println("index, after " + trace);
        }
    }

    static int[] args() { return null; }

    public static void main(String[] args) {
        StackShuffles it = new StackShuffles();
        it.fields();
        it.arrays();
        it.order();
        it.fields();
        sayLong(77); // pop2
        say(7); // pop
        System.out.println((it.i = 5) + (it.l = 6L) + (si = 7) + (sl = 8L));
        int x = 5;
        x = x++ * 2 + x;
        System.out.println(x);
        x += x++ + ++x;
        System.out.println(x);
        Integer boxed = 5;
        Integer old = boxed++;
        boxed += 10;
        System.out.println(boxed + " " + old);
    }
}
