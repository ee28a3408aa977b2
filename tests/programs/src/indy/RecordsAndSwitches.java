// Records' own methods (JLS §8.10.3, ObjectMethods) and switches over patterns, enums and strings
// (JLS §14.11, SwitchBootstraps), with record deconstruction, guards, null and exhaustiveness.
package indy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class RecordsAndSwitches {
    record Empty() { }
    record Point(int x, int y) { }
    record All(boolean z, byte b, short s, char c, int i, long j, float f, double d, String t, Object o, int[] a) { }
    record Named<T>(String name, T value) {
        Named {
            if (name == null) {
                throw new IllegalArgumentException("name");
            }
        }
    }
    record Own(int n) {
        @Override public String toString() { return "own " + n; }
        @Override public int n() { return n + 1; }
    }
    record Pair<A, B>(A first, B second) { }
    record Tree(Tree left, int value, Tree right) { }

    sealed interface Shape permits Circle, Square, Group { }
    record Circle(double radius) implements Shape { }
    record Square(int side) implements Shape { }
    record Group(List<Shape> parts) implements Shape { }

    enum Color { RED, GREEN { @Override int weight() { return 2; } }, BLUE; int weight() { return 1; } }
    sealed interface Code permits Http, Custom { }
    enum Http implements Code { OK, MISSING }
    record Custom(int n) implements Code { }

    static void records() {
        System.out.println(new Empty() + " " + new Empty().equals(new Empty()) + " " + new Empty().hashCode());
        Point p = new Point(3, -4);
        System.out.println(p + " " + p.equals(new Point(3, -4)) + " " + p.equals(new Point(3, 4)) + " " + p.equals(null)
            + " " + p.equals("p") + " " + (p.hashCode() == new Point(3, -4).hashCode()) + " " + p.hashCode());
        int[] array = {1};
        All one = new All(true, (byte) 1, (short) 2, 'c', 4, 5L, -0f, Double.NaN, "t", 7, array);
        All same = new All(true, (byte) 1, (short) 2, 'c', 4, 5L, -0f, Double.NaN, "t", 7, array);
        All other = new All(true, (byte) 1, (short) 2, 'c', 4, 5L, 0f, Double.NaN, "t", 7, array);
        System.out.println(one.equals(same) + " " + one.equals(other) + " " + (one.hashCode() == same.hashCode()));
        System.out.println(one.toString().replaceAll("@.*", "@"));
        System.out.println(new All(false, (byte) 0, (short) 0, ' ', 0, 0, 0, 0, null, null, null));
        System.out.println(new Named<>("n", null) + " " + new Named<>("n", null).equals(new Named<>("n", null)) + " "
            + new Named<>("n", null).hashCode());
        try {
            System.out.println(new Named<>(null, 1));
        } catch (IllegalArgumentException e) {
            System.out.println("refused " + e.getMessage());
        }
        System.out.println(new Own(4) + " " + new Own(4).n() + " " + new Own(4).equals(new Own(4)) + " " + new Own(4).hashCode());
        System.out.println(new Tree(new Tree(null, 1, null), 2, null));
        Map<Point, String> map = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            map.put(new Point(i % 10, i / 10), "v" + i);
        }
        System.out.println(map.size() + " " + map.get(new Point(7, 3)));
    }

    static String classify(Object o) {
        return switch (o) {
            case null -> "null";
            case Integer i when i > 100 -> "large " + i;
            case Integer i -> "int " + i;
            case Long l -> "long " + l;
            case String s when s.isEmpty() -> "empty";
            case String s -> "string " + s.length();
            case Color c when c == Color.GREEN -> "green";
            case Color c -> "color " + c.ordinal();
            case int[] a -> "ints " + Arrays.toString(a);
            case Object[] a when a.length > 2 -> "many";
            case Object[] a -> "few " + a.length;
            case Pair(Integer a, Integer b) -> "sum " + (a + b);
            case Pair(Pair(var a, var b), String s) -> "nested " + a + b + s;
            case Pair<?, ?>(var a, var b) -> "pair " + a + "," + b;
            case Point(int x, int y) when x == y -> "diagonal";
            case Point(int x, int y) -> "point " + x + y;
            case Runnable r -> "runnable";
            default -> "other " + o.getClass().getSimpleName();
        };
    }

    static double area(Shape shape) {
        return switch (shape) {
            case Circle(double r) -> r * r * 3;
            case Square(int side) -> side * side;
            case Group(List<Shape> parts) -> {
                double sum = 0;
                for (Shape part : parts) {
                    sum += area(part);
                }
                yield sum;
            }
        };
    }

    static String color(Color c) {
        return switch (c) {
            case RED -> "r";
            case GREEN -> "g" + c.weight();
            case BLUE -> "b" + c.weight();
        };
    }

    static String code(Code code) {
        return switch (code) {
            case Http.OK -> "ok";
            case Http.MISSING -> "missing";
            case Custom(int n) when n > 500 -> "server " + n;
            case Custom c -> "custom " + c;
        };
    }

    static String text(String s) {
        return switch (s) {
            case null -> "none";
            case "Aa", "BB" -> "collision " + s;
            case String x when x.length() > 5 -> "long";
            case "short" -> "short it is";
            default -> "default";
        };
    }

    static int fallThrough(Object o) {
        int n = 0;
        switch (o) {
            case String s:
                n += s.length();
                break;
            case Integer i when i < 0:
                n -= 1;
                break;
            case Character _:
                n += 10;
            default:
                n += 100;
        }
        return n;
    }

    static String match(Object o) {
        if (o instanceof Pair(Point(var x, var y), Color c) && x > 0) {
            return x + ":" + y + ":" + c;
        }
        return o instanceof String s && s.length() == 2 ? s : "no";
    }

    public static void main(String[] args) {
        records();
        Object[] samples = {null, 5, 500, 7L, "", "abc", Color.RED, Color.GREEN, new int[] {1, 2}, new Object[3], new String[1],
            new Pair<>(1, 2), new Pair<>(new Pair<>("a", 'b'), "c"), new Pair<>(1, "x"), new Pair<>(null, null), new Point(2, 2),
            new Point(1, 2), (Runnable) () -> { }, 1.5, 'x'};
        for (Object sample : samples) {
            System.out.println(classify(sample));
        }
        System.out.println(area(new Group(List.of(new Circle(2), new Square(3), new Group(List.of())))));
        for (Color c : Color.values()) {
            System.out.print(color(c) + " ");
        }
        System.out.println();
        System.out.println(code(Http.OK) + " " + code(Http.MISSING) + " " + code(new Custom(503)) + " " + code(new Custom(1)));
        System.out.println(text(null) + " " + text("BB") + " " + text("longer") + " " + text("short") + " " + text("x"));
        System.out.println(fallThrough("abc") + " " + fallThrough(-5) + " " + fallThrough(5) + " " + fallThrough('c'));
        System.out.println(match(new Pair<>(new Point(1, 2), Color.BLUE)) + " " + match("hi") + " " + match(new Pair<>(null, null)));
        try {
            area(null);
        } catch (NullPointerException e) {
            System.out.println("NPE " + e.getMessage());
        }
        record Bad(int n) {
            @Override public int n() { throw new IllegalStateException("accessor"); }
        }
        try {
            Object o = new Bad(1);
            if (o instanceof Bad(int n)) {
                System.out.println(n);
            }
        } catch (MatchException e) {
            System.out.println(e.getMessage() + " / " + e.getCause());
        }
    }
}
