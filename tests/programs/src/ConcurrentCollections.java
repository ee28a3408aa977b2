/* Exercises: ConcurrentHashMap, LinkedBlockingQueue, ArrayBlockingQueue, CopyOnWriteArrayList,
 * ConcurrentLinkedDeque-free queues between threads, synchronized wrappers (java.util.concurrent). */
import java.util.*;
import java.util.concurrent.*;

public class ConcurrentCollections {
    static final Integer END = -1;

    static void runAll(Thread... threads) throws InterruptedException {
        for (Thread t : threads) t.start();
        for (Thread t : threads) t.join();
    }

    static void pipeline(final BlockingQueue<Integer> raw, final BlockingQueue<Integer> cooked) throws InterruptedException {
        final List<Integer> out = new ArrayList<Integer>();
        Thread source = new Thread() {
            @Override public void run() {
                try {
                    for (int i = 0; i < 500; i++) raw.put(i);
                    raw.put(END);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Thread square = new Thread() {
            @Override public void run() {
                try {
                    for (Integer i; !(i = raw.take()).equals(END);) cooked.put(i * i);
                    cooked.put(END);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Thread sink = new Thread() {
            @Override public void run() {
                try {
                    for (Integer i; !(i = cooked.take()).equals(END);) out.add(i);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        runAll(source, square, sink);
        System.out.println(out.size() + " " + out.get(499) + " " + out.hashCode());
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
        pipeline(new LinkedBlockingQueue<Integer>(7), new ArrayBlockingQueue<Integer>(3));
        pipeline(new ArrayBlockingQueue<Integer>(1, true), new LinkedBlockingQueue<Integer>());
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<String>(2);
        System.out.println(queue.offer("a") + " " + queue.offer("b") + " " + queue.offer("c") + " " + queue.offer("d", 2, TimeUnit.MILLISECONDS) + " " + queue.remainingCapacity() + " " + queue.poll() + queue.poll()
                + queue.poll() + " " + queue.poll(2, TimeUnit.MILLISECONDS) + " " + queue.peek());
        PriorityBlockingQueue<Integer> priority = new PriorityBlockingQueue<Integer>(Arrays.asList(5, 1, 4));
        System.out.println(priority.take() + " " + priority.poll() + " " + priority);
        LinkedBlockingDeque<Integer> deque = new LinkedBlockingDeque<Integer>();
        deque.putFirst(1);
        deque.putLast(2);
        deque.addFirst(0);
        System.out.println(deque + " " + deque.takeLast() + deque.takeFirst());
        try {
            queue.add("x");
            queue.add("y");
            queue.add("z");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
