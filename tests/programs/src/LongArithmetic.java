/* Exercises: long arithmetic and its corners, lcmp, shift distances modulo 64
 * (JVMS §6.5 ladd…lushr, lcmp, l2i, i2l; JLS §15.17-15.22). */
public class LongArithmetic {
    static final long[] CORNERS = {
        0, 1, -1, 2, -3, 10, -10, 63, 64, 0x7FFFFFFFL, 0x80000000L, -0x80000000L, 0xFFFFFFFFL, 0x100000000L,
        1234567890123456789L, -1234567890123456789L, 0x5555555555555555L, 0xAAAAAAAAAAAAAAAAL,
        Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1,
    };

    static String divide(long a, long b) {
        String quotient, remainder;
        try {
            quotient = Long.toString(a / b);
        } catch (ArithmeticException e) {
            quotient = e.getMessage();
        }
        try {
            remainder = Long.toString(a % b);
        } catch (ArithmeticException e) {
            remainder = e.toString();
        }
        return quotient + " r " + remainder;
    }

    static String order(long a, long b) {
        return (a < b ? "<" : "") + (a <= b ? "≤" : "") + (a == b ? "=" : "") + (a >= b ? "≥" : "") + (a > b ? ">" : "")
                + (a != b ? "≠" : "");
    }

    public static void main(String[] args) {
        for (long a : CORNERS) {
            for (long b : CORNERS) {
                System.out.println(a + " " + order(a, b) + " " + b + ": " + (a + b) + " " + (a - b) + " " + (a * b) + " "
                        + divide(a, b) + " " + (a & b) + " " + (a | b) + " " + (a ^ b));
            }
            System.out.println("unary " + -a + " " + ~a + " " + (int) a + " " + (short) a + " " + (byte) a + " " + (int) (char) a);
        }
        int[] distances = {0, 1, 31, 32, 33, 63, 64, 65, -1, -64, 128};
        for (long a : CORNERS) {
            StringBuilder line = new StringBuilder("shift ").append(a);
            for (int d : distances) {
                line.append(' ').append(a << d).append('/').append(a >> d).append('/').append(a >>> d);
            }
            System.out.println(line);
        }
        long x = 1;
        x <<= 40L;
        x += 0.5;
        x ^= -1;
        x >>>= 3;
        x %= 1000003;
        System.out.println(x++ + x-- - --x + ++x);
        long lcg = 42;
        for (int i = 0; i < 10; i++) {
            lcg = lcg * 6364136223846793005L + 1442695040888963407L;
            System.out.println(lcg + " " + (lcg >>> 33) + " " + (int) (lcg >>> 33));
        }
        long[] cells = new long[3];
        int at = 0;
        cells[at++] += 5;
        cells[at] -= Long.MIN_VALUE;
        cells[at++]--;
        cells[at] = cells[at - 1] | cells[at - 2];
        System.out.println(cells[0] + " " + cells[1] + " " + cells[2]);
    }
}
