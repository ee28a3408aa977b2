package indy;

import java.util.Arrays;
import java.util.List;

/** toString, hashCode and equals of records: every type of component, the order in which components are asked, faults. */
public class RecordMethods {
    record Empty() { }

    record All(boolean z, byte b, char c, short s, int i, long l, float f, double d, String t, Object o, int[] a) { }

    record Wide(long first, double second, long third) { }

    record Node(int value, Node next) { }

    record Generic<T extends Comparable<T>>(T left, List<T> right) { }

    record Own(int x) {
        @Override
        public String toString() { return "own " + x; }

        @Override
        public int hashCode() { return 7; }
    }

    record Names(String größe, int $x) { }

    record Pair(Loud a, Loud b, int n, Loud c) { }

    static final class Loud {
        final String name;
        final Object equal;

        Loud(String name, Object equal) {
            this.name = name;
            this.equal = equal;
        }

        @Override
        public boolean equals(Object other) {
            System.out.println("equals " + name + " " + (other instanceof Loud loud ? loud.name : other));
            return equal == null ? this == other : other instanceof Loud loud && equal.equals(loud.equal);
        }

        @Override
        public int hashCode() {
            System.out.println("hashCode " + name);
            return name.length();
        }

        @Override
        public String toString() {
            System.out.println("toString " + name);
            if (name.equals("bad")) {
                throw new IllegalStateException("bad");
            }
            return name.equals("null") ? null : "<" + name + ">";
        }
    }

    public static void main(String[] args) {
        System.out.println(new Empty() + " " + new Empty().hashCode() + " " + new Empty().equals(new Empty()));
        All one = new All(true, (byte) -1, 'ß', (short) 300, 1 << 30, 1L << 60, 1.5f, -0.0, "text", null, null);
        All two = new All(true, (byte) -1, 'ß', (short) 300, 1 << 30, 1L << 60, 1.5f, 0.0, "text", null, null);
        All nan = new All(false, (byte) 0, '\0', (short) 0, 0, 0, Float.NaN, Double.NaN, "", List.of(1), null);
        All nan2 = new All(false, (byte) 0, '\0', (short) 0, 0, 0, Float.intBitsToFloat(0x7fc00001),
            Double.longBitsToDouble(0x7ff8000000000001L), "", List.of(1), null);
        System.out.println(one + "\n" + nan);
        System.out.println(one.hashCode() + " " + two.hashCode() + " " + nan.hashCode() + " " + nan2.hashCode());
        System.out.println(one.equals(two) + " " + one.equals(one) + " " + one.equals(null) + " " + one.equals("x") + " " + nan.equals(nan2));
        System.out.println(new Wide(1, 2, 3) + " " + new Wide(1, 2, 3).equals(new Wide(1, 2, 3)) + " " + new Wide(-1, 2e300, 3).hashCode());
        Node list = null;
        for (int i = 0; i < 50; i++) {
            list = new Node(i, list);
        }
        System.out.println(list.hashCode() + " " + list.toString().length() + " " + list.equals(new Node(49, list.next())));
        System.out.println(new Generic<>("a", List.of("b")) + " " + new Generic<>(1, List.of(2)).hashCode());
        System.out.println(new Own(3) + " " + new Own(3).hashCode() + " " + new Own(3).equals(new Own(3)) + new Own(3).equals(new Own(4)));
        System.out.println(new Names("groß", 1) + " " + new Names("日本", 2));
        Pair a = new Pair(new Loud("a", "e"), new Loud("null", "e"), 3, null);
        Pair b = new Pair(new Loud("d", "e"), new Loud("e", "e"), 3, null);
        Pair c = new Pair(new Loud("d", "e"), new Loud("e", "f"), 3, null);
        Pair d = new Pair(new Loud("d", "x"), new Loud("e", "e"), 4, null);
        System.out.println(a.equals(b));
        System.out.println(a.equals(c));
        System.out.println(a.equals(d));
        System.out.println(a.hashCode());
        System.out.println(a);
        try {
            new Pair(new Loud("bad", 1), null, 1, null).toString();
        } catch (IllegalStateException e) {
            System.out.println(e + " " + Arrays.toString(e.getStackTrace()));
        }
        try {
            Node round = new Node(1, null);
            for (int i = 0; i < 200_000; i++) {
                round = new Node(i, round);
            }
            System.out.println(round.toString().length());
        } catch (StackOverflowError e) {
            System.out.println("too deep");
        }
        record Local(int[] cells, String name) { }
        Local local = new Local(new int[] {1}, "n");
        System.out.println(local.toString().startsWith("Local[cells=[I@") + " " + local.equals(new Local(local.cells(), "n")));
    }
}
