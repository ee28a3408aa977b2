/* Benchmark: a large live set of maps, lists and strings, of which a little changes all the time.
 * Arguments: entries. Prints its checksum and the time of the measured part. */
package bench;

import java.util.ArrayList;
import java.util.HashMap;

public class LiveSet {
    static final class Order {
        final int id;
        final String name;
        final ArrayList<int[]> lines = new ArrayList<int[]>(2);
        Order(int id) {
            this.id = id;
            name = "order-" + (id & 1023);
            lines.add(new int[] {id, id >> 3});
            lines.add(new int[] {id ^ 5});
        }
    }

    static long run(int entries) {
        HashMap<Integer, Order> orders = new HashMap<Integer, Order>();
        for (int i = 0; i < entries; i++) orders.put(i, new Order(i));
        long sum = 0;
        int seed = 42;
        for (int i = 0; i < entries; i++) {
            seed = seed * 1103515245 + 12345;
            int key = (seed >>> 8) % entries;
            Order old = orders.put(key, new Order(key));
            sum = sum * 31 + old.id + old.name.length() + old.lines.get(1)[0];
        }
        return sum + orders.size();
    }

    public static void main(String[] args) {
        int entries = Integer.parseInt(args[0]);
        long start = System.nanoTime();
        long checksum = run(entries);
        long end = System.nanoTime();
        System.out.println("checksum " + checksum);
        System.out.println("ns " + (end - start));
    }
}
