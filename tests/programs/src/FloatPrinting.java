/* Exercises: the shortest decimal that rounds to the float or double, and back
 * (Double.toString, Float.toString, parseDouble, parseFloat). */
public class FloatPrinting {
    public static void main(String[] args) {
        double[] doubles = {
            0, -0.0, 1, 10, 100, 1234567, 9999999, 1e7, 12345678, 0.001, 0.00099, 1e-3, 1e-4, 0.1, 0.2, 0.3, 1 / 3.0, 2 / 3.0, 1e21, 1e22, 1e23,
            2e-323, 4.9e-324, Double.MIN_NORMAL, Double.MAX_VALUE, 1.1e-5, 9007199254740993.0, 2.2250738585072011e-308, 123456789012345680.0,
            5e-324, 1.0E16, 8.41E21, 2.0E-3, Math.PI, Math.E, 100.0 / 7, 1e15 + 0.3, Double.NaN, 1 / 0.0, -1 / 0.0,
        };
        for (double d : doubles) {
            System.out.println(d + " " + Double.toString(-d) + " " + (Double.parseDouble("" + d) == d));
        }
        float[] floats = {
            0f, 1f, 0.1f, 0.2f, 0.3f, 1 / 3f, 1e7f, 9999999f, 1e10f, 1e-3f, 9.99e-4f, 16777216f, 16777217f, 3.4028235e38f, 1.4e-45f, 1.17549435e-38f,
            8.5899346E9f, 2.0E-45f, 1.0E23f, 33554432f, (float) Math.PI, Float.NaN, -1 / 0f,
        };
        for (float f : floats) {
            System.out.println(f + " " + Float.toString(-f) + " " + (Float.parseFloat("" + f) == f));
        }
        String[] texts = {
            "1", " 2.5 ", "-1e400", "1e-400", "1f", "2d", "+.5", "5.", "NaN", "-Infinity", "179769313486231580793e289", "2.2250738585072012e-308",
            "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "0.1e", "", "abc", "1e", "--1", "1_0", "9007199254740993",
        };
        for (String text : texts) {
            String asDouble, asFloat;
            try {
                asDouble = Double.toString(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                asDouble = e.getMessage();
            }
            try {
                asFloat = Float.toString(Float.parseFloat(text));
            } catch (NumberFormatException e) {
                asFloat = "bad";
            }
            System.out.println("[" + text + "] " + asDouble + " " + asFloat);
        }
        double power = 1;
        for (int i = 0; i < 60; i++) {
            System.out.print(power + " " + 1 / power + (i % 6 == 5 ? "\n" : " "));
            power *= 7.3;
        }
        float step = 1e-45f;
        while (step < 1e38f) {
            System.out.print(step + " ");
            step *= 97;
        }
        System.out.println();
        System.out.println(Double.MAX_EXPONENT + " " + Double.MIN_EXPONENT + " " + Float.BYTES + " " + Double.SIZE);
        System.out.println(Double.isNaN(0.0 / 0) + " " + Double.isInfinite(1e308 * 10) + " " + Double.isFinite(1) + " " + Double.hashCode(1.5) + " " + Float.hashCode(1.5f));
        System.out.println(Double.max(-0.0, 0.0) + " " + Double.min(-0.0, 0.0) + " " + Double.sum(0.1, 0.7));
    }
}
