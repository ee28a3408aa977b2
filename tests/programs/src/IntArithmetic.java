/* Exercises: int arithmetic and its corners: overflow, division and remainder signs, division by
 * zero, shift distances (JVMS §6.5 iadd…iushr, iinc; JLS §15.17-15.22). */
public class IntArithmetic {
    static final int[] CORNERS = {
        0, 1, -1, 2, -2, 7, -7, 10, 31, 32, 33, 127, 128, 255, 256, 32767, 32768, 65535, 65536,
        0x55555555, 0xAAAAAAAA, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1,
    };

    static String divide(int a, int b) {
        try {
            return a / b + " r " + a % b;
        } catch (ArithmeticException e) {
            return e.getMessage();
        }
    }

    static int remainderOnly(int a, int b) {
        try {
            return a % b;
        } catch (ArithmeticException e) {
            return -12345;
        }
    }

    static void pairs() {
        for (int a : CORNERS) {
            int hash = 0;
            for (int b : CORNERS) {
                System.out.println(a + "," + b + ": + " + (a + b) + " - " + (a - b) + " * " + (a * b) + " / " + divide(a, b)
                        + " & " + (a & b) + " | " + (a | b) + " ^ " + (a ^ b));
                hash = hash * 31 + remainderOnly(a, b);
            }
            System.out.println("row " + a + " neg " + (-a) + " not " + (~a) + " hash " + hash);
        }
    }

    static void shifts() {
        int[] distances = {0, 1, 4, 31, 32, 33, 63, 64, -1, -31, -32, Integer.MIN_VALUE, Integer.MAX_VALUE};
        for (int a : CORNERS) {
            StringBuilder line = new StringBuilder("shift ").append(a).append(':');
            for (int d : distances) {
                line.append(' ').append(a << d).append('/').append(a >> d).append('/').append(a >>> d);
            }
            System.out.println(line);
        }
        int a = -8;
        long distance = 33L; // the distance may be long, the promoted left operand decides the width
        System.out.println((a << distance) + " " + (a >> distance) + " " + (a >>> distance));
    }

    static void compound() {
        int i = 5;
        i += 3.7;
        System.out.println("i += 3.7 -> " + i);
        i -= 'a';
        System.out.println("i -= 'a' -> " + i);
        i *= 2.5f;
        System.out.println("i *= 2.5f -> " + i);
        i <<= 33;
        System.out.println("i <<= 33 -> " + i);
        i >>>= 28;
        System.out.println("i >>>= 28 -> " + i);
        byte b = 127;
        b++;
        short s = -32768;
        s--;
        char c = 0;
        c--;
        System.out.println(b + " " + s + " " + (int) c);
        b += 200;
        c += 2;
        System.out.println(b + " " + (int) c);
        int k = 0;
        k = k++ + ++k + k-- - --k;
        System.out.println("k = " + k);
        int big = Integer.MAX_VALUE;
        big += 1000; // iinc holds only -128..127 in its short form
        System.out.println(big);
        big -= 1000;
        System.out.println(big);
    }

    public static void main(String[] args) {
        pairs();
        shifts();
        compound();
        boolean thrown = false;
        try {
            int zero = args.length;
            System.out.println(1 / zero);
        } catch (ArithmeticException e) {
            thrown = true;
        }
        System.out.println("thrown " + thrown);
    }
}
