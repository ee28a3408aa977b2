/* Exercises: those functions of Math whose results are exactly specified, or that StrictMath computes
 * with fdlibm (java.lang.Math, java.lang.StrictMath). */
public class MathFunctions {
    static final double[] VALUES = {
        0.0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.5, 0.49999999999999994, 4503599627370495.5, 9007199254740993.0, 1e300, 4.9e-324,
        -2.000001, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
    };

    public static void main(String[] args) {
        for (double v : VALUES) {
            System.out.println(v + ": " + Math.abs(v) + " " + Math.ceil(v) + " " + Math.floor(v) + " " + Math.rint(v) + " " + Math.round(v) + " "
                    + Math.round((float) v) + " " + Math.sqrt(v) + " " + Math.signum(v) + " " + Math.ulp(v) + " " + Math.getExponent(v) + " "
                    + Math.nextUp(v) + " " + Math.nextDown(v) + " " + Math.copySign(3.0, v) + " " + Math.scalb(v, 3) + " " + Math.scalb(v, -1060));
            float f = (float) v;
            System.out.println(f + "f: " + Math.abs(f) + " " + Math.signum(f) + " " + Math.ulp(f) + " " + Math.getExponent(f) + " " + Math.nextUp(f)
                    + " " + Math.copySign(2f, f) + " " + Math.nextAfter(f, 1.0));
            for (double w : VALUES) {
                System.out.print(Math.max(v, w) + "/" + Math.min(v, w) + "/" + Math.IEEEremainder(v, w) + " ");
            }
            System.out.println();
        }
        int[] ints = {0, 1, -1, 7, -7, Integer.MAX_VALUE, Integer.MIN_VALUE};
        for (int a : ints) {
            for (int b : ints) {
                if (b != 0) {
                    System.out.println(a + "," + b + ": " + Math.floorDiv(a, b) + " " + Math.floorMod(a, b) + " " + Math.ceilDiv(a, b) + " "
                            + Math.max(a, b) + " " + Math.min(a, b) + " " + Math.multiplyFull(a, b));
                }
            }
            System.out.println("abs " + Math.abs(a) + " clamp " + Math.clamp((long) a, -5, 5));
        }
        System.out.println(Math.multiplyHigh(Long.MAX_VALUE, Long.MIN_VALUE) + " " + Math.multiplyHigh(1234567890123L, 9876543210987L) + " "
                + Math.unsignedMultiplyHigh(-1L, -1L));
        System.out.println(Math.fma(2.0, 3.0, 4.0) + " " + Math.fma(1e16, 1.0000000000000002, -1e16) + " " + Math.fma(0.1f, 10f, -1f));
        for (double x = -3; x <= 3; x += 0.75) {
            System.out.println("strict " + x + ": " + StrictMath.sin(x) + " " + StrictMath.cos(x) + " " + StrictMath.tan(x) + " " + StrictMath.exp(x)
                    + " " + StrictMath.atan(x) + " " + StrictMath.cbrt(x) + " " + StrictMath.sinh(x) + " " + StrictMath.tanh(x) + " " + StrictMath.expm1(x));
        }
        for (double x : new double[] {1e-10, 0.5, 1, 2, 10, 1e10, 1e22}) {
            System.out.println("strict " + x + ": " + StrictMath.log(x) + " " + StrictMath.log10(x) + " " + StrictMath.log1p(x) + " "
                    + StrictMath.pow(x, 0.3) + " " + StrictMath.pow(x, -2) + " " + StrictMath.hypot(x, 3) + " " + StrictMath.atan2(x, 2) + " " + StrictMath.sin(x));
        }
        System.out.println(StrictMath.asin(1) + " " + StrictMath.acos(-1) + " " + Math.toRadians(180) + " " + Math.toDegrees(Math.PI / 2));
        System.out.println(Math.pow(2, 10) + " " + Math.pow(0, 0) + " " + Math.pow(-8, 3) + " " + Math.pow(Double.NaN, 0) + " " + Math.sin(0.0) + " "
                + Math.cos(0.0) + " " + Math.exp(0) + " " + Math.log(1) + " " + Math.log10(1000) + " " + Math.cbrt(27) + " " + Math.atan2(0.0, -0.0));
    }
}
