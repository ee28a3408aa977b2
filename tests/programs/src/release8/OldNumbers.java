/* Exercises: arithmetic, wide locals, switches and strictfp in a class file of version 52, where strictfp
 * is a real flag (JVMS §4.6 ACC_STRICT). */
package release8;

public strictfp class OldNumbers {
    static int locals(int a, long b, float c, double d) {
        int i = a;
        long l = b * 2;
        float f = c / 3;
        double e = d % 0.7;
        for (int k = 0; k < 5; k++) {
            i = i * 31 + (int) l;
            l ^= l << 7 | i;
            f += i % 10;
            e -= f;
        }
        return i + (int) l + (int) f + (int) e;
    }

    static String classify(long v) {
        return v == 0 ? "zero" : v < 0 ? v == Long.MIN_VALUE ? "lowest" : "negative" : v > Integer.MAX_VALUE ? "long" : (byte) v == v ? "byte" : (short) v == v ? "short" : "int";
    }

    static int select(int v) {
        switch (v) {
            case -5: return 1;
            case 100000: return 2;
            case Integer.MIN_VALUE: return 3;
            default: switch (v & 3) { case 0: return 10; case 1: return 11; case 2: return 12; default: return 13; }
        }
    }

    public static void main(String[] args) {
        System.out.println(locals(1, 2, 3, 4) + " " + locals(-7, 1L << 50, 1e10f, -1e10));
        for (long v : new long[] {0, 1, 127, 128, 40000, 1L << 31, -1, Long.MIN_VALUE}) System.out.println(v + " " + classify(v));
        for (int v : new int[] {-5, 100000, Integer.MIN_VALUE, 0, 1, 2, 3, -1}) System.out.print(select(v) + " ");
        System.out.println();
        double strict = Double.MAX_VALUE * 1.5 / 1.5;
        float narrow = (float) 1e-46;
        System.out.println(strict + " " + narrow + " " + (0.1f + 0.2f) + " " + 1.0 / 3 + " " + (int) Double.NaN + " " + (long) 1e30f + " " + (char) 65.9);
        long[][] grid = new long[3][4];
        for (int i = 0; i < 3; i++) for (int j = 0; j < 4; j++) grid[i][j] = (long) i << 40 - j;
        long sum = 0;
        for (long[] row : grid) for (long v : row) sum += v;
        System.out.println(sum + " " + (sum >>> 3) + " " + (sum & 0xFF00000000L) + " " + Long.compare(sum, 5));
    }
}
