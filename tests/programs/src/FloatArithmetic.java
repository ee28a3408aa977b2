/* Exercises: float and double arithmetic, NaN and signed zero in every comparison, remainder,
 * strictness (JVMS §6.5 fadd…drem, fcmpl/fcmpg, dcmpl/dcmpg; JLS §15.4, §15.20.1). */
public class FloatArithmetic {
    static final double[] DOUBLES = {
        0.0, -0.0, 1.0, -1.0, 0.1, 1.5, 3.0, 1e10, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN,
    };
    static final float[] FLOATS = {
        0f, -0f, 1f, -1f, 0.1f, 1.5f, 3f, 1e10f, Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN,
    };

    static String compare(double a, double b) {
        StringBuilder text = new StringBuilder();
        text.append(a < b ? 'L' : '.').append(a <= b ? 'l' : '.').append(a == b ? 'e' : '.');
        text.append(a != b ? 'n' : '.').append(a >= b ? 'g' : '.').append(a > b ? 'G' : '.');
        if (!(a < b)) text.append(" !<");
        if (!(a >= b)) text.append(" !>=");
        return text.toString();
    }

    static String compare(float a, float b) {
        StringBuilder text = new StringBuilder();
        text.append(a < b ? 'L' : '.').append(a <= b ? 'l' : '.').append(a == b ? 'e' : '.');
        text.append(a != b ? 'n' : '.').append(a >= b ? 'g' : '.').append(a > b ? 'G' : '.');
        if (!(a > b)) text.append(" !>");
        if (!(a <= b)) text.append(" !<=");
        return text.toString();
    }

    static strictfp double strict(double a, double b) {
        return a * b / b - a;
    }

    public static void main(String[] args) {
        for (double a : DOUBLES) {
            for (double b : DOUBLES) {
                System.out.println(a + " " + b + ": " + (a + b) + " " + (a - b) + " " + (a * b) + " " + (a / b) + " " + (a % b)
                        + " " + compare(a, b) + " " + Double.compare(a, b));
            }
            System.out.println("neg " + -a + " " + strict(a, 3.3));
        }
        for (float a : FLOATS) {
            for (float b : FLOATS) {
                System.out.println(a + "f " + b + "f: " + (a + b) + " " + (a - b) + " " + (a * b) + " " + (a / b) + " " + (a % b)
                        + " " + compare(a, b) + " " + Float.compare(a, b));
            }
            System.out.println("neg " + -a);
        }
        System.out.println(0.1 + 0.2);
        System.out.println(0.1f + 0.2f);
        System.out.println(0.1f + 0.2);
        System.out.println((float) 0.1 == 0.1);
        System.out.println(5.5 % 2.25 + " " + -5.5 % 2.25 + " " + 5.5 % -2.25 + " " + 1e300 % 3.7 + " " + 1e-300 % 1e-310);
        System.out.println(16777216f + 1f);
        System.out.println(9007199254740992.0 + 1.0);
        double harmonic = 0;
        float harmonicF = 0;
        for (int i = 1; i <= 10000; i++) {
            harmonic += 1.0 / i;
            harmonicF += 1f / i;
        }
        System.out.println(harmonic + " " + harmonicF);
        double nan = Double.NaN;
        System.out.println((nan == nan) + " " + Double.valueOf(nan).equals(nan) + " " + (0.0 == -0.0) + " "
                + Double.valueOf(0.0).equals(-0.0));
        double d = 10;
        d++;
        d /= 4;
        d %= 2;
        float f = 3;
        f--;
        f *= 1e38f;
        f *= 10;
        System.out.println(d + " " + f);
    }
}
