// String concatenation through invokedynamic (JLS §15.18.1, StringConcatFactory): every operand type,
// constants with the recipe's own tags, long chains, order of evaluation, null and failing operands.
package indy;

public class StringConcats {
    static int calls;

    static String next(String name) {
        return name + (++calls);
    }

    record Loud(int id) {
        @Override public String toString() {
            System.out.println("toString of " + id);
            return "L" + id;
        }
    }

    static class NullText {
        @Override public String toString() { return null; }
    }

    static class Failing {
        @Override public String toString() { throw new IllegalStateException("no text"); }
    }

    static String two(String a, String b) { return a + b; }
    static String primitive(boolean z, byte b, short s, char c, int i, long j, float f, double d) {
        return "z=" + z + " b=" + b + " s=" + s + " c=" + c + " i=" + i + " j=" + j + " f=" + f + " d=" + d;
    }
    static String bare(int i, long j) { return i + "" + j; }
    static String objects(Object o, Integer i, int[] none, CharSequence s) { return o + "/" + i + "/" + none + "/" + s; }
    static String tags(String x, int y) { return "\u0001" + x + "\u0002" + y + "\u0001\u0002"; }

    public static void main(String[] args) {
        System.out.println(two("left", "right") + two("", "") + two(null, "x") + two("x", null));
        System.out.println(two("é", "ß") + two("日本", "語") + two("😀", "!"));
        System.out.println(primitive(true, (byte) -128, (short) -32768, 'x', Integer.MIN_VALUE, Long.MIN_VALUE, -0f, Double.NaN));
        System.out.println(primitive(false, (byte) 127, (short) 32767, '中', 0, 0, Float.MAX_VALUE, 1e-300));
        System.out.println(bare(-1, 99999999999L));
        System.out.println(objects(null, 5, null, new StringBuilder("sb")));
        System.out.println(objects("text", null, null, "cs"));
        System.out.println(tags("a", 7).length() + " " + (int) tags("a", 7).charAt(0) + " " + (int) tags("a", 7).charAt(2));
        System.out.println(next("a") + next("b") + calls + next("c"));
        System.out.println("first " + new Loud(1) + " then " + new Loud(2) + " and " + new Loud(3));
        System.out.println("null text: " + new NullText());
        try {
            System.out.println("before " + new Failing() + " after");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + e.getStackTrace()[0].getMethodName() + " " + e.getStackTrace()[1].getMethodName()
                + " " + e.getStackTrace().length);
        }
        String text = "";
        for (int i = 0; i < 20; i++) {
            text += i;
            text += (char) ('a' + i);
        }
        System.out.println(text);
        int[] array = {1, 2, 3};
        int at = 0;
        String[] cells = {"p", "q"};
        cells[at++] += array[at] + "!" + at;
        System.out.println(cells[0] + cells[1] + at);
        char[] letters = {'o', 'k'};
        System.out.println("" + letters[0] + letters[1] + 1 + 2 + (1 + 2));
        final String constant = "con" + "stant" + 1;
        System.out.println((constant == "constant1") + " " + ("constant" + args.length).equals("constant0"));
        int v = 1;
        // More than 200 operands: javac splits the chain.
        String chain = "" + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v
            + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v
            + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v
            + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v
            + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v
            + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v
            + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v + v;
        System.out.println(chain.length());
    }
}
