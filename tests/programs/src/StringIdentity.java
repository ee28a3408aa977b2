/* Exercises: interning and identity of strings: literals, compile-time constants, run-time results,
 * across classes; concatenation of every type through StringBuilder (JLS §3.10.5, §15.18.1). */
public class StringIdentity {
    static final String HELLO = "hello";
    static class Other { static String hello = "hello"; static String made() { return new String("hello"); } }

    static boolean same(Object a, Object b) { return a == b; }

    public static void main(String[] args) {
        String hello = "hello", lo = "lo";
        final String finalLo = "lo";
        System.out.println(same(hello, "hello") + " " + same(Other.hello, hello) + " " + same(hello, "hel" + "lo") + " " + same(hello, "hel" + lo) + " "
                + same(hello, ("hel" + lo).intern()) + " " + same(hello, "hel" + finalLo) + " " + same(HELLO, Other.made()) + " " + same(HELLO, Other.made().intern()));
        System.out.println(same("", new String()) + " " + same("", "x".substring(1)) + " " + same("abc", "abc".substring(0)) + " " + same("abc".trim(), "abc") + " " + same("a".concat(""), "a"));
        System.out.println(same("5" + 5, "55") + " " + same(String.valueOf(55).intern(), "55") + " " + same("é☕", new String("é☕").intern()));
        int count = 0;
        for (int i = 0; i < 5000; i++) {
            String made = "dynamic" + i;
            if (made.intern() == ("dyna" + "mic" + i).intern()) count++;
        }
        System.out.println(count);
        System.gc();
        System.out.println(same(("dynamic" + 7).intern(), ("dynamic" + 7).intern()));
        byte b = -1;
        short s = 2;
        char c = 'c';
        long l = 1L << 40;
        float f = 1.1f;
        double d = 1e100;
        Object o = null;
        String n = null;
        char[] chars = {'x'};
        String t = "" + b + s + c + 3 + l + f + d + true + o + n + 'x' + 1 + 2 + (1 + 2) + ('a' + 'b') + (char) ('a' + 1) + -0f;
        System.out.println(t);
        System.out.println(1 + 2 + "3" + 4 + 5 + 'c' + ('c' + 1));
        t = null;
        t += "x";
        t += 1;
        t += 'c';
        t += 2.0;
        t += null;
        System.out.println(t + " " + chars.length);
        String[] parts = {"a"};
        int i = 0;
        parts[i++] += i + "b" + i++;
        System.out.println(parts[0] + i);
        String long1 = "";
        for (int k = 0; k < 300; k++) long1 += k % 10;
        System.out.println(long1.length() + " " + long1.hashCode());
        System.out.println("a" + "b" == "ab" ? "folded" : "made");
    }
}
