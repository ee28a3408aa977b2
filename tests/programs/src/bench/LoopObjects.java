/* Benchmark: allocation, linked lists, boxed keys in a HashMap, strings: work for the collector.
 * Arguments: iterations. Prints its checksum and the time of the measured loop. */
package bench;

import java.util.HashMap;

public class LoopObjects {
    static final class Cell {
        final int value;
        Cell next;
        Cell(int value, Cell next) { this.value = value; this.next = next; }
    }

    static long loop(int iterations) {
        HashMap<Integer, Cell> map = new HashMap<Integer, Cell>();
        Cell list = null;
        int length = 0;
        long sum = 0;
        for (int i = 0; i < iterations; i++) {
            list = new Cell(i, list);
            if (++length == 100) {
                for (Cell c = list; c != null; c = c.next) sum += c.value;
                list = null;
                length = 0;
            }
            Integer key = i * 31 & 4095;
            Cell chain = map.get(key);
            map.put(key, new Cell(i, chain == null || chain.value % 5 == 0 ? null : chain));
            if ((i & 15) == 0) sum += new StringBuilder().append(i).append(':').append(sum & 255).toString().hashCode();
        }
        for (Cell chain : map.values()) for (Cell c = chain; c != null; c = c.next) sum = sum * 31 + c.value;
        return sum + map.size();
    }

    public static void main(String[] args) {
        int iterations = Integer.parseInt(args[0]);
        loop(iterations / 10); // warm-up
        long start = System.nanoTime();
        long checksum = loop(iterations);
        long end = System.nanoTime();
        System.out.println("checksum " + checksum);
        System.out.println("ns " + (end - start));
    }
}
