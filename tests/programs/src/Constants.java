/* Exercises: every way to load a constant: iconst, bipush, sipush, ldc, ldc_w, ldc2_w, lconst, fconst,
 * dconst, aconst_null, class constants, ConstantValue fields (JVMS §6.5, §4.7.2). */
public class Constants {
    static final int I = 123456789;
    static final long L = -1234567890123L;
    static final float F = 1.25f;
    static final double D = -2.5e-300;
    static final String S = "constant " + I + '!';
    static final char C = '\u2615';
    static final byte B = -7;
    static final short H = 30000;
    static final boolean Z = true;
    static final Integer BOXED = 77; // not a ConstantValue: set by <clinit>

    static void ints(int... values) {
        for (int v : values) System.out.print(v + " ");
        System.out.println();
    }

    static void longs(long... values) {
        for (long v : values) System.out.print(v + " ");
        System.out.println();
    }

    static void doubles(double... values) {
        for (double v : values) System.out.print(v + " ");
        System.out.println();
    }

    static void floats(float... values) {
        for (float v : values) System.out.print(v + " ");
        System.out.println();
    }

    public static void main(String[] args) {
        ints(-1, 0, 1, 2, 3, 4, 5, 6, -2, 127, 128, -128, -129, 32767, 32768, -32768, -32769, Integer.MAX_VALUE, Integer.MIN_VALUE);
        longs(0, 1, 2, -1, 5, 127, 32768, 0x7FFFFFFFL, 0x80000000L, Long.MAX_VALUE, Long.MIN_VALUE);
        floats(0, 1, 2, 3, -0f, -1, 0.1f, Float.NaN, Float.MAX_VALUE);
        doubles(0, 1, 2, -0.0, -1, 0.1, Double.NaN, Double.MIN_VALUE);
        ints(0b1010_1010, 0777, 0xCAFE_BABE, 1_000_000, 'x', (byte) 0x80);
        System.out.println(I + " " + L + " " + F + " " + D + " " + S + " " + C + " " + B + " " + H + " " + Z + " " + BOXED);
        System.out.println(Constants.class.getName() + " " + int.class + " " + void.class + " " + String[].class.getName() + " " + Runnable.class);
        Object nothing = null;
        System.out.println(nothing + " " + (nothing == null));
        System.out.println("tab\there, quote \", backslash \\, unicode \u00e9 \u2615, octal \101, nul is " + "\0".length());
        System.out.println(S == "constant 123456789!" ? "one string" : "two strings");
        System.out.println(boolean.class.isPrimitive() + " " + Integer.TYPE.getName() + " " + Thread.State.class.isEnum() + " " + int[].class.isArray());
        String long1 = "0123456789012345678901234567890123456789012345678901234567890123456789";
        System.out.println(long1.length() + long1);
    }
}
