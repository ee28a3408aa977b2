/* Exercises: hexadecimal floating point both ways. The library does it with regular expressions, which
 * link lambdas (Double.toHexString, parseDouble; JLS §3.10.2). */
public class HexFloats {
    public static void main(String[] args) {
        double[] doubles = {0, -0.0, 1, 1.5, 0.1, 10, Math.PI, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, Double.NaN, 1 / 0.0};
        for (double d : doubles) {
            String hex = Double.toHexString(d);
            System.out.println(d + " " + hex + " " + (Double.doubleToLongBits(Double.parseDouble(hex)) == Double.doubleToLongBits(d)) + " " + Float.toHexString((float) d));
        }
        for (String text : new String[] {"0x1.8p1", "-0X.8P0", "0x1p-1074", "0x1.fffffffffffff8p1023", "0x1", "0x1p", "0xgp1", " 0x1p3f "}) {
            try {
                System.out.println(text + " = " + Double.parseDouble(text) + " " + Float.parseFloat(text));
            } catch (NumberFormatException e) {
                System.out.println(text + ": " + e.getMessage());
            }
        }
        System.out.println(0x1.8p1 + " " + 0x.1p4f);
    }
}
