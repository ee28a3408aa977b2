/* Exercises: ThreadLocal with initial values, InheritableThreadLocal, removal, many locals; daemon threads
 * that must not hold up the end; volatile flags (java.lang.ThreadLocal; JLS §17.4). */
public class ThreadLocals {
    static final ThreadLocal<Integer> counter = new ThreadLocal<Integer>() {
        @Override protected Integer initialValue() { return 100; }
    };
    static final ThreadLocal<String> plain = new ThreadLocal<String>();
    static final InheritableThreadLocal<String> inherited = new InheritableThreadLocal<String>() {
        @Override protected String childValue(String parent) { return parent + "'s child"; }
    };
    static volatile boolean ready, stop;
    static int data;

    public static void main(String[] args) throws InterruptedException {
        counter.set(counter.get() + 1);
        plain.set("main's");
        inherited.set("main");
        for (int i = 0; i < 3; i++) {
            Thread t = new Thread("t" + i) {
                @Override public void run() {
                    for (int k = 0; k < 5; k++) counter.set(counter.get() + 1);
                    System.out.println(getName() + " " + counter.get() + " " + plain.get() + " " + inherited.get());
                }
            };
            t.start();
            t.join();
        }
        System.out.println(counter.get() + " " + plain.get() + " " + inherited.get());
        counter.remove();
        plain.remove();
        System.out.println(counter.get() + " " + plain.get());
        long sum = 0;
        @SuppressWarnings("unchecked") ThreadLocal<Integer>[] many = new ThreadLocal[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = new ThreadLocal<Integer>();
            many[i].set(i);
            if (i % 3 == 0) many[i].remove();
        }
        for (ThreadLocal<Integer> t : many) sum += t.get() == null ? 1000 : t.get();
        System.out.println(sum);
        Thread publisher = new Thread() {
            @Override public void run() {
                data = 42;
                ready = true;
            }
        };
        publisher.start();
        while (!ready) Thread.onSpinWait();
        System.out.println("published " + data); // ordered by the volatile write
        final int[] turns = new int[1];
        Thread runner = new Thread() { @Override public void run() { while (!stop) turns[0]++; } };
        runner.start();
        Thread.sleep(20);
        stop = true;
        runner.join();
        System.out.println("ran " + (turns[0] != 0));
        Thread daemon = new Thread("daemon") {
            @Override public void run() {
                while (true) {
                    try {
                        Thread.sleep(10_000);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }
        };
        daemon.setDaemon(true);
        daemon.start();
        System.out.println("main ends, the daemon does not matter");
    }
}
