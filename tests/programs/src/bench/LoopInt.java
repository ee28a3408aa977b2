/* Benchmark: int arithmetic and array access in a tight loop; no calls, no allocation.
 * Arguments: iterations. Prints its checksum and the time of the measured loop. */
package bench;

public class LoopInt {
    static int loop(int[] cells, int iterations) {
        int mask = cells.length - 1, x = 1;
        for (int i = 0; i < iterations; i++) {
            int at = (x ^ i) & mask;
            int v = cells[at];
            v += i * 31 ^ x >>> 3;
            if ((v & 7) == 3) v -= x;
            cells[at] = v;
            x = (x << 5) - x + v;
        }
        for (int c : cells) x = x * 31 + c;
        return x;
    }

    public static void main(String[] args) {
        int iterations = Integer.parseInt(args[0]);
        loop(new int[1024], iterations / 10); // warm-up
        int[] cells = new int[1024];
        long start = System.nanoTime();
        int checksum = loop(cells, iterations);
        long end = System.nanoTime();
        System.out.println("checksum " + checksum);
        System.out.println("ns " + (end - start));
    }
}
