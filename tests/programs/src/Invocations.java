/* Exercises: every kind of invocation and field access except invokedynamic, with arguments and results
 * of every type, recursion both ways (JVMS §6.5 invokestatic/special/virtual/interface, get/putfield). */
public class Invocations {
    boolean z = true;
    byte b = -1;
    short s = -2;
    char c = 'c';
    int i = -3;
    long l = -4;
    float f = -5.5f;
    double d = -6.5;
    Object o = "object";
    static boolean sz;
    static byte sb = 127;
    static char sc = 'S';
    static short ss = 1;
    static float sf = 0.5f;
    static double sd = 0.25;

    interface Shape {
        double area(double scale, long count, int bias);
        String name();
    }

    static class Square implements Shape {
        private final double side;
        Square(double side) { this.side = side; }
        public double area(double scale, long count, int bias) { return side * side * scale * count + bias; }
        public String name() { return secret() + "square"; }
        private String secret() { return "a "; }
    }

    static final class Named extends Square {
        Named(double side) { super(side); }
        public String name() { return super.name() + " with a name"; }
    }

    boolean getZ(boolean v) { return !v; }
    byte getB(byte v) { return (byte) (v + 1); }
    short getS(short v) { return (short) (v * 2); }
    char getC(char v) { return (char) (v + 1); }
    int getI(int v) { return -v; }
    long getL(long v) { return v << 40; }
    float getF(float v) { return v / 3; }
    double getD(double v) { return v / 3; }
    Object getO(Object v) { return v; }

    static String everything(boolean z, byte b, short s, char c, int i, long l, float f, double d, Object o, int[] a, String... rest) {
        return z + " " + b + " " + s + " " + c + " " + i + " " + l + " " + f + " " + d + " " + o + " " + a.length + " " + rest.length;
    }

    static boolean even(int n) { return n == 0 || odd(n - 1); }
    static boolean odd(int n) { return n != 0 && even(n - 1); }
    static long gcd(long a, long b) { return b == 0 ? a : gcd(b, a % b); }
    static int hanoi(int n, char from, char to, char by) {
        return n == 0 ? 0 : hanoi(n - 1, from, by, to) + 1 + hanoi(n - 1, by, to, from);
    }

    Invocations chain(int v) {
        i += v;
        return this;
    }

    public static void main(String[] args) {
        Invocations it = new Invocations();
        System.out.println(it.getZ(it.z) + " " + it.getB(it.b) + " " + it.getS(it.s) + " " + it.getC(it.c) + " " + it.getI(it.i) + " "
                + it.getL(it.l) + " " + it.getF(it.f) + " " + it.getD(it.d) + " " + it.getO(it.o));
        it.z = false;
        it.b = (byte) 300;
        it.s = (short) 70000;
        it.c = (char) -1;
        it.f = 1e-10f;
        it.d = 1e-10;
        System.out.println(it.z + " " + it.b + " " + it.s + " " + (int) it.c + " " + it.f + " " + it.d);
        sz = true;
        sb++;
        sc += 1;
        ss -= 2;
        sf *= 3;
        sd *= 3;
        System.out.println(sz + " " + sb + " " + sc + " " + ss + " " + sf + " " + sd);
        System.out.println(everything(true, (byte) 1, (short) 2, 'x', 3, 4L, 5f, 6d, it.getO(null), new int[7], "p", "q"));
        System.out.println(everything(sz, sb, ss, sc, it.i, it.l, sf, sd, "o", new int[0]));
        System.out.println(it.chain(1).chain(10).chain(100).i);
        Shape[] shapes = {new Square(2), new Named(3)};
        for (Shape shape : shapes) System.out.println(shape.name() + " " + shape.area(0.5, 1L << 33, -1));
        System.out.println(even(500) + " " + odd(500) + " " + gcd(1234567890L, 987654321L) + " " + hanoi(10, 'a', 'b', 'c'));
        Invocations none = null;
        System.out.println(none.sb); // a static field through null needs no object
        System.out.println(((Object) it.o).toString().concat("s").length());
    }
}
