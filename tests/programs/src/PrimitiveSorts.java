/* Exercises: Arrays.sort of every primitive type, small and large, ranges, patterns in the data; in JDK 25
 * DualPivotQuicksort passes its sorters as method references. */
import java.util.Arrays;

public class PrimitiveSorts {
    public static void main(String[] args) {
        for (int n : new int[] {0, 1, 2, 40, 50, 300, 5000}) {
            int[] ints = new int[n];
            long[] longs = new long[n];
            float[] floats = new float[n];
            double[] doubles = new double[n];
            byte[] bytes = new byte[n];
            short[] shorts = new short[n];
            char[] chars = new char[n];
            int seed = n;
            for (int i = 0; i < n; i++) {
                seed = seed * 1664525 + 1013904223;
                ints[i] = n == 300 ? i / 7 : seed;
                longs[i] = (long) seed * seed;
                floats[i] = i % 50 == 0 ? Float.NaN : i % 51 == 0 ? -0f : seed / 1e5f;
                doubles[i] = i % 50 == 0 ? Double.NaN : i % 51 == 0 ? -0.0 : seed / 1e5;
                bytes[i] = (byte) (seed >> 24);
                shorts[i] = (short) (seed >> 16);
                chars[i] = (char) (seed >> 16);
            }
            Arrays.sort(ints);
            Arrays.sort(longs);
            Arrays.sort(floats);
            Arrays.sort(doubles);
            Arrays.sort(bytes);
            Arrays.sort(shorts);
            Arrays.sort(chars);
            int wrong = 0;
            for (int i = 1; i < n; i++) {
                if (ints[i - 1] > ints[i] || longs[i - 1] > longs[i] || Float.compare(floats[i - 1], floats[i]) > 0) wrong++;
                if (Double.compare(doubles[i - 1], doubles[i]) > 0 || bytes[i - 1] > bytes[i] || shorts[i - 1] > shorts[i] || chars[i - 1] > chars[i]) wrong++;
            }
            System.out.println(n + " " + wrong + " " + Arrays.hashCode(ints) + " " + Arrays.hashCode(longs) + " " + Arrays.hashCode(floats) + " " + Arrays.hashCode(doubles) + " "
                    + Arrays.hashCode(bytes) + " " + Arrays.hashCode(shorts) + " " + Arrays.hashCode(chars));
        }
        int[] part = {9, 8, 7, 6, 5, 4};
        Arrays.sort(part, 1, 4);
        System.out.println(Arrays.toString(part));
    }
}
