/* Exercises: LinkedBlockingQueue, ArrayBlockingQueue, PriorityBlockingQueue and LinkedBlockingDeque between
 * threads. Their waits, as those of any Condition, make VarHandles (java.util.concurrent). */
import java.util.*;
import java.util.concurrent.*;

public class BlockingQueues {
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

    public static void main(String[] args) throws InterruptedException {
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
