/* Exercises: the last bit of Math's transcendental functions on special, extreme and ordinary arguments
 * (java.lang.Math).  Java leaves them one unit in the last place; the ordinary arguments are ones for
 * which the host JVM gives the nearest double. */
public class MathAccuracy {
    static final String[] NAMES = {"sin", "cos", "tan", "exp", "log", "log10", "tanh", "cbrt"};
    static final double[] SPECIAL = {
        0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, 10, -10, 1000, 1e-10, 1e10, 1e22, 1e300, -1e300, 0x1p-27, 0x1p-54, 0x1.fffffffffffffp-1, 0x1.0000000000001p0,
        4.9e-324, -4.9e-324, 0x1.ffffffffffffep-1023, 0x1p-1022, Double.MAX_VALUE, -Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY, 709.782712893384, 709.7827128933841, -708.3964185322641, -745.1332191019411, -745.1332191019412, 19.061547465398495,
        22, 0.7853981633974483, 1.5707963267948966, 3.141592653589793, 6381956970095103.0 * 0x1p797, 27, -8, 0.001,
    };
    static final double[] BASES = {
        0.0, -0.0, 0.5, -0.5, 1, -1, 2, -2, 10, -3, 4.9e-324, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0x1.fffffffffffffp-1,
    };
    static final double[] EXPONENTS = {
        0.0, -0.0, 1, -1, 2, 3, -3, 0.5, -0.5, 1.5, 1e10, 9007199254740991.0, 9007199254740992.0, 1e300, -1e300, -1074, -1075, 1024, Double.NaN,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
    };
    static long state;

    /** In [0, 1). */
    static double next() {
        state = state * 6364136223846793005L + 1442695040888963407L;
        return (state >>> 11) * 0x1p-53;
    }

    static double call(int f, double x) {
        return switch (f) {
            case 0 -> Math.sin(x);
            case 1 -> Math.cos(x);
            case 2 -> Math.tan(x);
            case 3 -> Math.exp(x);
            case 4 -> Math.log(x);
            case 5 -> Math.log10(x);
            case 6 -> Math.tanh(x);
            default -> Math.cbrt(x);
        };
    }

    static double argument(int range) {
        switch (range) {
            case 0:
                return next() * 2 - 1;
            case 1:
                return next() * 40 - 20;
            case 2:
                return (int) (next() * 100000) * 1.5707963267948966;
            case 3:
                return Double.longBitsToDouble((long) (next() * 0x1p53) * 1021 & 0x7fffffffffffffffL);
            case 4:
                return Double.longBitsToDouble((long) (next() * 0x1p52));
            default:
                return 1 + (next() - 0.5) * Math.scalb(1.0, -(int) (next() * 50));
        }
    }

    static String bits(double x) {
        return Long.toHexString(Double.doubleToLongBits(x));
    }

    static long digest(int f, int range, int seed, int count) {
        long hash = 0;
        state = seed;
        for (int i = 0; i < count; i++) {
            double x = argument(range);
            hash = hash * 31 + Double.doubleToLongBits(call(f, f == 4 || f == 5 ? Math.abs(x) : x));
        }
        return hash;
    }

    static long powers(int kind, int seed, int count) {
        long hash = 0;
        state = seed;
        for (int i = 0; i < count; i++) {
            double x = kind == 0 ? next() * 20 : kind == 1 ? argument(5) : (int) (next() * 100);
            double y = kind == 0 ? next() * 20 - 10 : kind == 1 ? next() * 1e6 : (int) (next() * 80) * 0.25;
            hash = hash * 31 + Double.doubleToLongBits(Math.pow(x, y));
        }
        return hash;
    }

    /** Where the pseudo-random sequence begins, for each function and range. */
    static final int[][] SEEDS = {
        {0, 0, 0, 0, 0, 7},
        {0, 2, 0, 0, 0, 0},
        {2, 4, 0, 4, 0, 0},
        {2, 1, 0, 0, 0, 0},
        {0, 0, 0, 0, 0, 1},
        {0, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, 0, 0},
        {0, 0, 1, 1, 0, 0},
    };
    static final int[] POWER_SEEDS = {0, 0, 0};

    public static void main(String[] args) {
        for (double x : SPECIAL) {
            StringBuilder line = new StringBuilder().append(x).append(':');
            for (int f = 0; f < NAMES.length; f++) {
                line.append(' ').append(NAMES[f]).append(' ').append(bits(call(f, x)));
            }
            System.out.println(line);
        }
        for (double x : BASES) {
            StringBuilder line = new StringBuilder().append(x).append(" to the power of");
            for (double y : EXPONENTS) {
                line.append(' ').append(y).append(' ').append(bits(Math.pow(x, y)));
            }
            System.out.println(line);
        }
        for (int f = 0; f < NAMES.length; f++) {
            for (int range = 0; range < SEEDS[f].length; range++) {
                System.out.println(NAMES[f] + " " + range + " " + Long.toHexString(digest(f, range, SEEDS[f][range], 300)));
            }
        }
        for (int kind = 0; kind < POWER_SEEDS.length; kind++) {
            System.out.println("pow " + kind + " " + Long.toHexString(powers(kind, POWER_SEEDS[kind], 300)));
        }
        // Exact results.
        int wrong = 0;
        double power = 1;
        for (int n = 0; n <= 22; n++, power *= 10) {
            wrong += Math.pow(10, n) == power && Math.log10(power) == n ? 0 : 1;
        }
        for (int n = -1074; n < 1024; n++) {
            wrong += Math.pow(2, n) == Math.scalb(1.0, n) ? 0 : 1;
        }
        for (int n = 1; n < 2000; n++) {
            double x = n * 1.25;
            wrong += Math.cbrt(x * x * x) == x && Math.cbrt(-x * x * x) == -x && Math.pow(x, 2) == x * x && Math.pow(x * x, 0.5) == x ? 0 : 1;
        }
        System.out.println("wrong where exact: " + wrong);
    }
}
