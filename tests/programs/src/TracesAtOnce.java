import java.util.*;

/** Exercises: Thread.getAllStackTraces tells of one moment: of threads that take turns, never two are inside. */
public class TracesAtOnce {
    static final Object TURN = new Object();
    static volatile boolean done;
    static int entered;

    static void inside() {
        entered++;
        for (int i = 0; i < 200; i++) Math.floorMod(i, 7);
    }

    static void turns() {
        while (!done) {
            synchronized (TURN) {
                inside();
            }
        }
    }

    public static void main(String[] args) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) threads.add(new Thread(TracesAtOnce::turns, "turn " + i));
        threads.add(new Thread(() -> {}, "over"));
        for (Thread t : threads) t.start();
        threads.get(4).join();
        int most = 0, least = 99;
        boolean over = false;
        for (int i = 0; i < 300; i++) {
            Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
            int in = 0, there = 0;
            for (Thread t : threads) {
                StackTraceElement[] trace = all.get(t);
                if (trace == null) continue;
                if (t == threads.get(4)) over = true;
                there++;
                for (StackTraceElement e : trace) if (e.getMethodName().equals("inside")) in++;
            }
            most = Math.max(most, in);
            least = Math.min(least, there);
        }
        done = true;
        for (Thread t : threads) t.join();
        System.out.println((most <= 1) + " " + least + " " + over + " " + (entered > 0));
    }
}
