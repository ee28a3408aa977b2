/* Exercises: SHA-256, CRC-32, FNV and xorshift written by hand: rotations, int overflow, byte packing. */
public class Hashing {
    static int[] constants(int count, boolean roots) {
        int[] result = new int[count];
        int found = 0;
        for (int n = 2; found < count; n++) {
            boolean prime = true;
            for (int d = 2; d * d <= n; d++) if (n % d == 0) prime = false;
            if (!prime) continue;
            // the first 32 fractional bits of the square or cube root, by bisection in integers
            long low = 0, high = 1L << 36;
            while (low + 1 < high) {
                long middle = (low + high) >>> 1;
                boolean below = roots ? fitsSquare(middle, n) : fitsCube(middle, n);
                if (below) low = middle;
                else high = middle;
            }
            result[found++] = (int) low;
        }
        return result;
    }

    static boolean fitsSquare(long m, int n) { // m² ≤ n·2^64
        return Long.compareUnsigned(Math.unsignedMultiplyHigh(m, m), n) < 0;
    }

    static boolean fitsCube(long m, int n) { // m³ ≤ n·2^96, with m < 2^36
        java.math.BigInteger b = java.math.BigInteger.valueOf(m);
        return b.pow(3).shiftRight(96).compareTo(java.math.BigInteger.valueOf(n)) < 0;
    }

    static byte[] pad(byte[] message, boolean bigEndian) {
        int length = (message.length + 8) / 64 * 64 + 64;
        byte[] padded = java.util.Arrays.copyOf(message, length);
        padded[message.length] = (byte) 0x80;
        long bits = message.length * 8L;
        for (int i = 0; i < 8; i++) padded[length - 8 + i] = (byte) (bits >>> (bigEndian ? 56 - 8 * i : 8 * i));
        return padded;
    }

    static String sha256(byte[] message) {
        int[] k = constants(64, false), h = constants(8, true), w = new int[64];
        byte[] data = pad(message, true);
        for (int block = 0; block < data.length; block += 64) {
            for (int i = 0; i < 16; i++) {
                int at = block + 4 * i;
                w[i] = data[at] << 24 | (data[at + 1] & 255) << 16 | (data[at + 2] & 255) << 8 | data[at + 3] & 255;
            }
            for (int i = 16; i < 64; i++) {
                int s0 = Integer.rotateRight(w[i - 15], 7) ^ Integer.rotateRight(w[i - 15], 18) ^ w[i - 15] >>> 3;
                int s1 = Integer.rotateRight(w[i - 2], 17) ^ Integer.rotateRight(w[i - 2], 19) ^ w[i - 2] >>> 10;
                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
            }
            int a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], x = h[7];
            for (int i = 0; i < 64; i++) {
                int t1 = x + (Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25)) + (e & f ^ ~e & g) + k[i] + w[i];
                int t2 = (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22)) + (a & b ^ a & c ^ b & c);
                x = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
            }
            h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += x;
        }
        StringBuilder hex = new StringBuilder();
        for (int v : h) for (int s = 28; s >= 0; s -= 4) hex.append("0123456789abcdef".charAt(v >>> s & 15));
        return hex.toString();
    }

    static int crc32(byte[] data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 255;
            for (int i = 0; i < 8; i++) crc = crc >>> 1 ^ 0xEDB88320 & -(crc & 1);
        }
        return ~crc;
    }

    static long fnv(byte[] data) {
        long h = 0xCBF29CE484222325L;
        for (byte b : data) h = (h ^ b & 0xFF) * 0x100000001B3L;
        return h;
    }

    static int murmurMix(int h) {
        h ^= h >>> 16;
        h *= 0x85EBCA6B;
        h ^= h >>> 13;
        h *= 0xC2B2AE35;
        return h ^ h >>> 16;
    }

    public static void main(String[] args) {
        String[] messages = {"", "abc", "The quick brown fox jumps over the lazy dog", "x".repeat(55), "x".repeat(56), "x".repeat(64), "naïve ☕".repeat(30)};
        for (String m : messages) {
            byte[] bytes = m.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            System.out.println(bytes.length + " " + sha256(bytes) + " " + Integer.toHexString(crc32(bytes)) + " " + Long.toHexString(fnv(bytes)));
        }
        int mixed = 0;
        for (int i = 0; i < 50000; i++) mixed = mixed * 31 + murmurMix(i);
        long s = 0x9E3779B97F4A7C15L, all = 0;
        for (int i = 0; i < 50000; i++) {
            s ^= s << 13;
            s ^= s >>> 7;
            s ^= s << 17;
            all += s * 0x2545F4914F6CDD1DL;
        }
        System.out.println(mixed + " " + s + " " + all);
    }
}
