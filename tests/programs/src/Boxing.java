/* Exercises: boxing caches and identity, equality, unboxing in operators, overloads between primitive,
 * boxed and variable arity (JLS §5.1.7, §5.1.8, §15.12.2; Integer.valueOf). */
public class Boxing {
    static String f(int i) { return "int"; }
    static String f(long l) { return "long"; }
    static String f(Integer i) { return "Integer"; }
    static String f(Object o) { return "Object"; }
    static String f(int... a) { return "int..."; }
    static String g(long l) { return "long"; }
    static String g(Object o) { return "Object"; }
    static String h(Object... o) { return o == null ? "null" : "" + o.length; }

    public static void main(String[] args) {
        for (int v : new int[] {-129, -128, 0, 127, 128}) {
            Integer a = v, b = v;
            Long c = (long) v, d = (long) v;
            Short e = (short) v, g = (short) v;
            System.out.println(v + " " + (a == b) + (c == d) + (e == g) + " " + a.equals(b) + c.equals(d) + " " + c.equals(a) + " " + a.hashCode() + " " + c.hashCode());
        }
        Character x = 'x', y = 'x', u = '\u0100', w = '\u0100';
        Boolean t = true, s = Boolean.valueOf("true");
        Byte b1 = -128, b2 = -128;
        System.out.println((x == y) + " " + (u == w) + " " + u.equals(w) + " " + (t == s) + " " + (b1 == b2));
        byte small = 1;
        short medium = 2;
        char letter = 'c';
        System.out.println(f(small) + " " + f(medium) + " " + f(letter) + " " + f(5) + " " + f(5L) + " " + f(5f) + " " + f((Integer) 5) + " " + f('c') + " " + f() + " "
                + f(1, 2) + " " + f("s") + " " + f((Long) 5L) + " " + g(5) + " " + g((Integer) 5));
        System.out.println(h() + " " + h(1, "a") + " " + h((Object[]) null) + " " + h((Object) null) + " " + h(new String[] {"a", "b", "c"}) + " " + h(new int[] {1, 2}));
        Integer sum = 0;
        for (int i = 0; i < 1000; i++) sum += i;
        Long product = 1L;
        for (int i = 1; i < 20; i++) product *= i;
        Double half = 0.5;
        half /= 4;
        Character next = 'a';
        next++;
        System.out.println(sum + " " + product + " " + half + " " + next);
        Object o = true ? 1 : 2.0; // both promoted to double
        Object p = true ? (Object) 1 : 2.0;
        Object q = true ? Integer.valueOf(1) : Double.valueOf(2);
        System.out.println(o + " " + p + " " + q + " " + o.getClass().getName() + " " + p.getClass().getName());
        Integer none = null;
        try {
            int i = none;
        } catch (NullPointerException e) {
            System.out.println("unboxing null");
        }
        System.out.println((sum < 500000) + " " + (sum == 499500) + " " + (product > sum) + " " + (Integer.valueOf(1000) <= Integer.valueOf(1000)));
        System.out.println(Integer.valueOf(7).compareTo(9) + " " + Double.valueOf(Double.NaN).compareTo(1.0) + " " + Boolean.compare(false, true) + " " + Character.compare('b', 'a'));
        System.out.println(new int[] {1}.equals(new int[] {1}) + " " + ((Object) 1).equals(1L) + " " + ((Object) 'a').equals('a'));
        Number[] numbers = {1, 2L, 3.5f, 4.25, (byte) 5, (short) 6};
        double total = 0;
        for (Number n : numbers) total += n.doubleValue() + n.intValue() + n.longValue() + n.byteValue();
        System.out.println(total + " " + Double.valueOf(3.99).intValue() + " " + Integer.valueOf(300).byteValue() + " " + Long.valueOf(-1).shortValue());
    }
}
