/* Exercises: instanceof and casts over classes, interfaces and arrays of each, null, patterns of one
 * type (JVMS §6.5 instanceof, checkcast; JLS §15.20.2). */
public class InstanceOf {
    interface I { }
    interface J extends I { }
    interface K { }
    static class A implements J { }
    static class B extends A implements K { }
    static final class C { }
    static class G<T> { }

    static String tests(Object o) {
        StringBuilder s = new StringBuilder();
        s.append(o instanceof Object ? 'O' : '.').append(o instanceof I ? 'I' : '.').append(o instanceof J ? 'J' : '.').append(o instanceof K ? 'K' : '.');
        s.append(o instanceof A ? 'A' : '.').append(o instanceof B ? 'B' : '.').append(o instanceof C ? 'C' : '.').append(o instanceof G ? 'G' : '.');
        s.append(' ').append(o instanceof Object[] ? 'O' : '.').append(o instanceof I[] ? 'I' : '.').append(o instanceof A[] ? 'A' : '.').append(o instanceof B[] ? 'B' : '.');
        s.append(o instanceof Cloneable[] ? 'L' : '.').append(o instanceof Object[][] ? '2' : '.').append(o instanceof I[][] ? 'i' : '.');
        s.append(o instanceof int[] ? 'n' : '.').append(o instanceof int[][] ? 'm' : '.').append(o instanceof byte[] ? 'b' : '.').append(o instanceof boolean[] ? 'z' : '.');
        s.append(' ').append(o instanceof Cloneable ? 'C' : '.').append(o instanceof java.io.Serializable ? 'S' : '.').append(o instanceof Comparable ? 'P' : '.');
        s.append(o instanceof CharSequence ? 'Q' : '.').append(o instanceof Number ? 'N' : '.').append(o instanceof String ? 'T' : '.');
        return s.toString();
    }

    static int measure(Object o) {
        if (o instanceof String text && !text.isEmpty()) return text.length();
        if (!(o instanceof Integer number)) return -1;
        return number * 2;
    }

    public static void main(String[] args) {
        Object[] objects = {null, new Object(), new A(), new B(), new C(), new G<String>(), new Object[0], new I[0], new J[1], new K[1], new A[0], new B[0], new A[0][0],
            new B[0][], new Object[0][0], new int[0], new int[0][0], new int[0][0][0], new byte[0], new boolean[0], "text", 5, 2.5, 'c', new StringBuilder(), Thread.State.NEW, String.class};
        for (Object o : objects) System.out.println((o == null ? "null" : o.getClass().getName()) + ": " + tests(o));
        System.out.println(measure("four") + " " + measure("") + " " + measure(21) + " " + measure(null) + " " + measure(2L));
        Class<?>[] classes = {Object.class, I.class, A.class, B.class, Object[].class, A[].class, int.class, int[].class, Integer.class, Comparable.class};
        for (Class<?> c : classes) {
            StringBuilder line = new StringBuilder(c.getName()).append(' ');
            for (Class<?> d : classes) line.append(c.isAssignableFrom(d) ? '1' : '0');
            System.out.println(line.append(' ').append(c.isInstance("s")).append(c.isInstance(5)).append(' ').append(c.getSuperclass() == null ? "none" : c.getSuperclass().getName())
                    .append(' ').append(c.getInterfaces().length).append(c.isInterface()).append(c.isPrimitive()).append(c.isArray()));
        }
        Object casts = new B[] {new B()};
        I[] is = (I[]) casts;
        A[] as = (A[]) is;
        System.out.println(((K) is[0] == (Object) as[0]) + " " + as.length);
        Object nothing = null;
        String s = (String) nothing;
        int[][] t = (int[][]) nothing;
        System.out.println(s + " " + (t == null));
    }
}
