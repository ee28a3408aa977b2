/* Exercises: arrays of megabytes of each kind, their bulk copies, and graphs of many small objects. */
public class LargeArrays {
    public static void main(String[] args) {
        int n = 1 << 20;
        int[] ints = new int[n];
        for (int i = 0; i < n; i++) ints[i] = i * 0x9E3779B9;
        int[] moved = new int[n + 5];
        System.arraycopy(ints, 0, moved, 5, n);
        System.arraycopy(moved, 5, moved, 0, n); // overlapping, downwards
        boolean same = true;
        for (int i = 0; i < n; i++) same &= moved[i] == ints[i];
        System.arraycopy(moved, 0, moved, 3, n); // overlapping, upwards
        for (int i = 0; i < n; i++) same &= moved[i + 3] == ints[i];
        System.out.println("copies " + same);
        long[] longs = new long[n / 2];
        byte[] bytes = new byte[4 * n];
        char[] chars = new char[n];
        double[] doubles = new double[n / 4];
        boolean[] booleans = new boolean[n];
        long sum = 0;
        for (int i = 0; i < longs.length; i++) longs[i] = (long) i << 33 | i;
        for (int i = 0; i < bytes.length; i += 4096) bytes[i] = (byte) (i >>> 12);
        for (int i = 0; i < n; i++) chars[i] = (char) i;
        for (int i = 0; i < doubles.length; i++) doubles[i] = i / 3.0;
        for (int i = 2; i < n; i++) booleans[i] = true;
        for (long l : longs) sum += l;
        for (byte b : bytes) sum += b;
        for (char c : chars) sum ^= c;
        System.out.println(sum);
        double total = 0;
        for (double d : doubles) total += d;
        System.out.println(total);
        int primes = 0;
        for (int i = 2; i < n; i++) {
            if (!booleans[i]) continue;
            primes++;
            for (long k = (long) i * i; k < n; k += i) booleans[(int) k] = false;
        }
        System.out.println("primes " + primes);
        Object[][] graph = new Object[500][500];
        for (int i = 0; i < 500; i++) for (int j = 0; j < 500; j++) graph[i][j] = i == j ? graph : graph[(i + j) % 500];
        int reached = 0;
        Object at = graph;
        for (int step = 0; step < 100000; step++) {
            Object[] row = (Object[]) at;
            at = row[step % 500];
            if (at == graph) reached++;
        }
        System.out.println("reached " + reached);
        String text = new String(chars, 0, 0xD800);
        System.out.println(text.length() + " " + text.hashCode() + " " + text.indexOf('\u4E00') + " " + java.util.Arrays.hashCode(bytes));
        byte[][][] deep = new byte[10][100][1000];
        deep[9][99][999] = 1;
        System.out.println(deep[9][99][999] + deep[0][0][0]);
    }
}
