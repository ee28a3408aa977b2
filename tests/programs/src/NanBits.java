// What is NaN keeps its bits through arithmetic, as the processor and the host JVM have it: made quiet, with its payload.
public class NanBits {
    static final long[] VALUES = {
        0x7ff8000000000000L, 0xfff8000000000000L, 0x7fff800000000000L, 0xffff812345678000L, 0x7ff0000000000001L, 0xfff4000000000000L,
        0x7ff0000000000000L, 0xfff0000000000000L, 0L, 1L << 63, 0x4008000000000000L, 0xbff0000000000000L, 0x3ff0000000000000L,
    };

    static String bits(double d) {
        return Long.toHexString(Double.doubleToRawLongBits(d));
    }

    public static void main(String[] arguments) {
        for (long a : VALUES) {
            double x = Double.longBitsToDouble(a);
            System.out.println(bits(x) + ": " + bits(Math.sin(x)) + " " + bits(Math.cos(x)) + " " + bits(Math.tan(x)) + " " + bits(Math.exp(x))
                    + " " + bits(Math.log(x)) + " " + bits(Math.log10(x)) + " " + bits(Math.tanh(x)) + " " + bits(Math.cbrt(x))
                    + " " + bits(Math.sqrt(x)) + " " + bits(Math.rint(x)) + " " + bits(Math.floor(x)) + " " + bits(Math.abs(x)));
            for (long b : VALUES) {
                double y = Double.longBitsToDouble(b);
                System.out.println("  " + bits(y) + ": " + bits(x % y) + " " + Integer.toHexString(Float.floatToRawIntBits((float) x % (float) y))
                        + " " + bits(Math.pow(x, y)) + " " + bits(Math.max(x, y)) + " " + bits(Math.min(x, y)));
            }
        }
    }
}
