/* Exercises: every primitive conversion, with saturation and NaN
 * (JVMS §6.5 i2l…d2f, i2b, i2c, i2s; JLS §5.1.2, §5.1.3). */
public class Conversions {
    public static void main(String[] args) {
        int[] ints = {0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769, 65535, 65536, 16777217, 0x7FFFFFFF, 0x80000000};
        for (int i : ints) {
            System.out.println(i + ": " + (byte) i + " " + (short) i + " " + (int) (char) i + " " + (long) i + " " + (float) i + " " + (double) i);
        }
        long[] longs = {0, -1, 1L << 31, 1L << 32, (1L << 53) + 1, (1L << 24) + 1, Long.MAX_VALUE, Long.MIN_VALUE, 0x123456789ABCDEFL};
        for (long l : longs) {
            System.out.println(l + ": " + (byte) l + " " + (short) l + " " + (int) (char) l + " " + (int) l + " " + (float) l + " " + (double) l);
        }
        double[] doubles = {
            0.0, -0.0, 0.5, -0.5, 0.9999999999, -1.9, 127.5, 128.5, 255.99, 65535.5, 2147483646.9, 2147483647.0, 2147483648.0,
            -2147483648.9, -2147483649.0, 9.2233720368547748e18, 9.3e18, -9.3e18, 1e40, -1e40, 1e300, 1e-300,
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE,
        };
        for (double d : doubles) {
            System.out.println(d + ": " + (byte) d + " " + (short) d + " " + (int) (char) d + " " + (int) d + " " + (long) d + " " + (float) d);
            float f = (float) d;
            System.out.println(f + "f: " + (byte) f + " " + (short) f + " " + (int) (char) f + " " + (int) f + " " + (long) f + " " + (double) f);
        }
        byte b = -2;
        short s = -3;
        char c = '\uFFFE';
        int fromByte = b, fromShort = s, fromChar = c;
        long wide = b;
        System.out.println(fromByte + " " + fromShort + " " + fromChar + " " + wide + " " + (b & 0xFF) + " " + (b >>> 28) + " " + (char) b);
        System.out.println((byte) 'é' + " " + (char) 233 + " " + (int) (char) (byte) 200 + " " + (short) c);
        System.out.println('a' + 1);
        System.out.println((char) ('a' + 1));
        System.out.println(true ? 'x' : 0);
        int zero = 0;
        System.out.println(true ? 'x' : zero);
        System.out.println(Float.floatToIntBits(1.5f) + " " + Float.floatToRawIntBits(Float.NaN) + " " + Float.intBitsToFloat(0x7f800001));
        System.out.println(Double.doubleToLongBits(-0.0) + " " + Double.doubleToLongBits(Double.NaN) + " "
                + Double.longBitsToDouble(0x3FF8000000000000L) + " " + Double.longBitsToDouble(1));
        System.out.println(Float.floatToIntBits(Float.intBitsToFloat(0x7fc12345)) + " " + Double.doubleToLongBits(Double.longBitsToDouble(-1L)));
    }
}
