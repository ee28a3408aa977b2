import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/** What is damaged and then run: short methods without arguments that between them use every kind of instruction. */
public class Seeds implements Runnable, Comparable<Seeds> {
    static final int CONSTANT = 42;
    static final String NAME = "seeds";
    static long total = 7;
    static final int[][] GRID = {{1, 2}, {3, 4, 5}, {}};
    int number = 3;
    long wide = 1L << 40;
    double real = 1.5;
    Object any = "any";
    byte small = -1;
    char letter = 'x';

    enum Color { RED, GREEN, BLUE }

    record Pair(int a, String b) { }

    sealed interface Shape permits Circle, Square { }

    record Circle(double r) implements Shape { }

    record Square(double s) implements Shape { }

    interface Greets {
        default String greet() { return "hello " + name(); }

        String name();
    }

    @Override
    public void run() { number++; }

    @Override
    public int compareTo(Seeds other) { return Integer.compare(number, other.number); }

    public static int arithmetic() {
        int a = CONSTANT, b = 17;
        long l = total * a - b;
        double d = l / 3.0 + a % 5;
        float f = (float) d;
        return a / b + (a << 3) + (b >>> 1) + (a ^ b) + (int) l + (int) d + (int) f + (byte) a + (short) b + (char) a - ~a;
    }

    public static long arrays() {
        long sum = 0;
        for (int[] row : GRID) {
            for (int cell : row) {
                sum += cell;
            }
        }
        long[] longs = new long[4];
        byte[] bytes = {1, 2, 3};
        char[] chars = {'a', 'b'};
        short[] shorts = new short[2];
        boolean[] flags = {true, false};
        double[] doubles = {0.5};
        float[] floats = {0.25f};
        Object[] objects = new String[2];
        longs[1] = bytes[2] + chars[1] + shorts[0];
        doubles[0] += floats[0];
        objects[0] = "x";
        int[][][] cube = new int[2][3][];
        return sum + longs[1] + (flags[0] ? 1 : 0) + (long) doubles[0] + cube.length + objects.length;
    }

    public static String objects() {
        Seeds a = new Seeds();
        Seeds b = new Seeds();
        a.run();
        a.wide += b.small + b.letter;
        a.real *= 2;
        Object o = a.any instanceof String s ? s + a.number : b;
        Runnable r = a;
        r.run();
        return o + " " + a.compareTo(b) + " " + a.wide + " " + a.real + (a == b) + (o != null);
    }

    public static String exceptions() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            try {
                switch (i) {
                    case 0 -> text.append(GRID[i][9]);
                    case 1 -> text.append(((Object) text).hashCode() / (i - 1));
                    case 2 -> ((String) null).length();
                    case 3 -> { Object o = "s"; text.append((Integer) o); }
                    default -> throw new IllegalStateException("state");
                }
            } catch (ArithmeticException | IllegalStateException e) {
                text.append(e.getMessage());
            } catch (RuntimeException e) {
                text.append(e.getClass().getSimpleName());
            } finally {
                text.append(';');
            }
        }
        return text.toString();
    }

    public static int switches() {
        int n = 0;
        for (int i = -2; i < 12; i++) {
            switch (i) {
                case 0: n += 1; break;
                case 1: n += 2;
                case 2: n += 3; break;
                case 9: n += 4; break;
                default: n--;
            }
            switch (i * 1000) {
                case 1000 -> n += 5;
                case 7000 -> n += 6;
                default -> { }
            }
        }
        return n + Color.valueOf("GREEN").ordinal();
    }

    public static String dynamic() {
        IntBinaryOperator add = (x, y) -> x + y + CONSTANT;
        List<String> list = new ArrayList<>(List.of("b", "a", "c"));
        list.sort(String::compareTo);
        Map<String, Integer> map = new HashMap<>();
        for (String s : list) {
            map.merge(s, 1, Integer::sum);
        }
        Greets greets = () -> NAME;
        return add.applyAsInt(1, 2) + list.toString() + map + new Pair(1, "p") + greets.greet() + area(new Circle(1)) + area(new Square(2));
    }

    static double area(Shape shape) {
        return switch (shape) {
            case Circle(double r) -> r * r * 3;
            case Square(double s) -> s * s;
        };
    }

    public static int synchronizedCode() {
        Object lock = new Object();
        synchronized (lock) {
            synchronized (Seeds.class) {
                return locked(3);
            }
        }
    }

    static synchronized int locked(int depth) {
        return depth == 0 ? 1 : depth * locked(depth - 1);
    }

    public static boolean comparisons() {
        long a = total, b = -a;
        float f = 0f / 1, g = Float.NaN;
        double d = 1e300 * 1e10;
        return a > b && a != b && !(f > g) && !(f <= g) && d > a == (f == 0) || a < b;
    }
}
