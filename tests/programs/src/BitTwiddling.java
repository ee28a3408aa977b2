/* Exercises: the bit methods of Integer, Long, Short and Character that virtual machines make
 * intrinsic, against plain loops (bitCount, reverse, rotate, numberOfLeadingZeros, compress…). */
public class BitTwiddling {
    static int slowBitCount(long v) {
        int count = 0;
        for (int i = 0; i < 64; i++) if ((v >>> i & 1) != 0) count++;
        return count;
    }

    static long slowReverse(long v) {
        long r = 0;
        for (int i = 0; i < 64; i++) r = r << 1 | v >>> i & 1;
        return r;
    }

    static void unsigned(int a, int b) {
        System.out.println(a + " " + b + " unsigned: " + Integer.compareUnsigned(a, b) + " " + Integer.divideUnsigned(a, b) + " "
                + Integer.remainderUnsigned(a, b) + " " + Integer.toUnsignedLong(a));
        long la = a, lb = b;
        System.out.println("long: " + Long.compareUnsigned(la, lb) + " " + Long.divideUnsigned(la, lb) + " " + Long.remainderUnsigned(la, lb));
    }

    public static void main(String[] args) {
        int[] ints = {0, 1, -1, 2, 0x80000000, 0x7FFFFFFF, 0x00FF00FF, 0x12345678, 0xF0F0F0F0, 48};
        for (int i : ints) {
            System.out.println(i + ": " + Integer.bitCount(i) + " " + Integer.reverse(i) + " " + Integer.reverseBytes(i) + " "
                    + Integer.numberOfLeadingZeros(i) + " " + Integer.numberOfTrailingZeros(i) + " " + Integer.highestOneBit(i) + " "
                    + Integer.lowestOneBit(i) + " " + Integer.rotateLeft(i, 5) + " " + Integer.rotateRight(i, 37) + " " + Integer.signum(i)
                    + " " + Integer.hashCode(i) + " " + Integer.compress(i, 0x0F0F0F0F) + " " + Integer.expand(i, 0x33333333));
        }
        long[] longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x0123456789ABCDEFL, 0x00000001_00000000L, 0xFFFF0000FFFF0000L, 96};
        for (long l : longs) {
            System.out.println(l + ": " + Long.bitCount(l) + " " + Long.reverse(l) + " " + Long.reverseBytes(l) + " " + Long.numberOfLeadingZeros(l)
                    + " " + Long.numberOfTrailingZeros(l) + " " + Long.highestOneBit(l) + " " + Long.lowestOneBit(l) + " " + Long.rotateLeft(l, 13)
                    + " " + Long.rotateRight(l, -70) + " " + Long.signum(l) + " " + Long.hashCode(l) + " " + Long.compress(l, 0xFF00FF00FF00FF00L));
        }
        int[] divisors = {1, 3, -1, 0x7FFFFFFF, 0x80000000};
        for (int i : ints) for (int d : divisors) unsigned(i, d);
        try {
            Integer.divideUnsigned(1, 0);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
        long seed = 88172645463325252L;
        int wrong = 0;
        for (int i = 0; i < 2000; i++) {
            seed ^= seed << 13;
            seed ^= seed >>> 7;
            seed ^= seed << 17;
            if (Long.bitCount(seed) != slowBitCount(seed) || Long.reverse(seed) != slowReverse(seed)) wrong++;
            if (Integer.bitCount((int) seed) != slowBitCount(seed & 0xFFFFFFFFL)) wrong++;
            if (Integer.reverse((int) seed) != (int) (slowReverse(seed) >>> 32)) wrong++;
        }
        System.out.println("wrong " + wrong + " seed " + seed);
        System.out.println(Short.reverseBytes((short) 0x1234) + " " + (int) Character.reverseBytes('\u1234') + " " + Short.toUnsignedInt((short) -1)
                + " " + Byte.toUnsignedInt((byte) -1) + " " + Byte.toUnsignedLong((byte) -128) + " " + Short.compareUnsigned((short) -1, (short) 1));
    }
}
