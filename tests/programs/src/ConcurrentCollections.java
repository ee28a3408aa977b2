/* Exercises: ConcurrentHashMap, CopyOnWriteArrayList, synchronized wrappers (java.util.concurrent). */
import java.util.*;
import java.util.concurrent.*;

public class ConcurrentCollections {
    static void runAll(Thread... threads) throws InterruptedException {
        for (Thread t : threads) t.start();
        for (Thread t : threads) t.join();
    }

    public static void main(String[] args) throws Exception {
        final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<String, Integer>();
        final Map<Integer, Integer> wrapped = Collections.synchronizedMap(new HashMap<Integer, Integer>());
        final List<Integer> copyOnWrite = new CopyOnWriteArrayList<Integer>();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < 4; i++) {
            final int id = i;
            threads[i] = new Thread() {
                @Override public void run() {
                    for (int k = 0; k < 1000; k++) {
                        String key = "k" + k % 50;
                        while (true) {
                            Integer old = map.putIfAbsent(key, 1);
                            if (old == null || map.replace(key, old, old + 1)) break;
                        }
                        wrapped.put(id * 1000 + k, k);
                    }
                    for (int k = 0; k < 20; k++) copyOnWrite.add(k);
                }
            };
        }
        runAll(threads);
        int sum = 0;
        for (Map.Entry<String, Integer> e : map.entrySet()) sum += e.getValue();
        System.out.println(map.size() + " " + sum + " " + map.get("k7") + " " + wrapped.size() + " " + copyOnWrite.size());
        for (Integer i : copyOnWrite) if (copyOnWrite.size() < 100) copyOnWrite.add(i); // iterates over a snapshot
        System.out.println(copyOnWrite.size());
        ConcurrentHashMap<Integer, String> grows = new ConcurrentHashMap<Integer, String>();
        for (int i = 0; i < 3000; i++) grows.put(i, "v" + i);
        for (int i = 0; i < 3000; i += 2) grows.remove(i);
        for (Integer k : grows.keySet()) if (k % 3 == 0) grows.remove(k); // weakly consistent: no exception
        System.out.println(grows.size() + " " + grows.get(1) + " " + grows.containsKey(3) + " " + grows.getOrDefault(2, "gone"));
        try {
            map.put("null", null);
        } catch (NullPointerException e) {
            System.out.println("no null values");
        }
    }
}
