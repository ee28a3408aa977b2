/* Exercises: class files of version 52: inner classes through synthetic access$000 methods, switches on
 * strings and enums, string concatenation, lambdas' absence, private members reached from inner classes. */
package release8;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

public class OldClasses {
    private int secret = 5;
    private static long shared = 1L << 33;
    private double[] table = {0.5, 1.5};

    private int hidden(int x) { return secret + x; }
    private static String staticHidden(String s) { return "<" + s + ">"; }

    private class Inner {
        private int value = secret++;
        private Inner() { }
        int reach() { shared += 3; table[0] *= 2; return hidden(10) + value + (int) (shared >>> 30); }
    }

    private static final class Cell<T> implements Iterable<T> {
        private T item;
        private Cell(T item) { this.item = item; }
        public Iterator<T> iterator() {
            return new Iterator<T>() {
                private boolean done;
                public boolean hasNext() { return !done; }
                public T next() { done = true; return item; }
                public void remove() { throw new UnsupportedOperationException(staticHidden("remove")); }
            };
        }
    }

    private enum Roast {
        LIGHT(1), MEDIUM(2) { int degree() { return 20; } }, DARK(3);
        private final int degree;
        Roast(int degree) { this.degree = degree; }
        int degree() { return degree; }
    }

    interface Shape {
        double area();
        default String describe() { return getClass().getSimpleName() + " of " + area(); }
        static Shape unit() { return new Shape() { public double area() { return 1; } }; }
    }

    static final class Square implements Shape { public double area() { return 4; } }

    private static String name(Roast roast, String word) {
        String result = "";
        switch (roast) {
            case LIGHT: result += "light"; break;
            case DARK: result += "dark";
            default: result += "?";
        }
        switch (word) {
            case "Aa": return result + 1;
            case "BB": return result + 2;
            default: return result + word;
        }
    }

    private static int finallyPaths(int n) {
        int r = 0;
        for (int i = 0; i < n; i++) {
            try {
                if (i == 2) continue;
                if (i == 4) throw new IllegalStateException();
                r += 1;
            } catch (IllegalStateException e) {
                r += 100;
            } finally {
                r += 1000;
            }
        }
        return r;
    }

    public static void main(String[] args) throws Exception {
        OldClasses o = new OldClasses();
        Inner inner = o.new Inner();
        System.out.println(inner.reach() + " " + inner.reach() + " " + inner.value + " " + o.secret + " " + o.table[0] + " " + shared);
        for (Roast r : Roast.values()) System.out.println(r + " " + r.degree() + " " + name(r, "BB") + " " + name(r, "Aa") + " " + name(r, "x"));
        Iterator<String> it = new Cell<String>("item").iterator();
        System.out.println(it.hasNext() + " " + it.next() + " " + it.hasNext());
        try {
            it.remove();
        } catch (UnsupportedOperationException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(new Square().describe() + Shape.unit().describe() + finallyPaths(6));
        List<String> list = new ArrayList<>();
        for (int i = 0; i < 3; i++) list.add("n" + i + 'c' + 1.5f + null + i * 2L);
        System.out.println(list);
        synchronized (o) { o.secret += 1; }
        assert o.secret < 0 : "assertions are off";
        Object array = new int[][] {{1}, {2, 3}};
        System.out.println(((int[][]) array)[1][1] + o.getClass().getName() + inner.getClass().getName());
        try (AutoCloseable a = new AutoCloseable() { public void close() { System.out.println("closed"); } }) {
            System.out.println("open");
        }
        throw new Exception("at the end of " + staticHidden("main"));
    }
}
