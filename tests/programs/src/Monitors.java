/* Exercises: synchronized methods, static ones and blocks, recursion, release by exceptions, wait and
 * notify, IllegalMonitorStateException, contention (JVMS §2.11.10, §6.5 monitorenter/monitorexit). */
public class Monitors {
    private int count;
    private static int shared;
    private final Object lock = new Object();

    synchronized void add(int n) { if (n > 0) { count++; add(n - 1); } }
    static synchronized void addShared() { shared++; }
    void block() { synchronized (lock) { synchronized (this) { synchronized (lock) { count += 2; } } } }
    synchronized void fail() { throw new IllegalStateException("inside"); }
    int early(int v) { synchronized (lock) { synchronized (this) { if (v > 0) return v; } return -v; } }

    static class PingPong extends Thread {
        static final StringBuffer log = new StringBuffer();
        static int turn;
        static final Object table = new Object();
        final int me;
        PingPong(int me) { this.me = me; }
        @Override public void run() {
            for (int i = 0; i < 20; i++) {
                synchronized (table) {
                    while (turn % 3 != me) {
                        try {
                            table.wait();
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                    log.append((char) ('a' + me)).append(i).append(' ');
                    turn++;
                    table.notifyAll();
                }
            }
        }
    }

    static class Buffer {
        private final int[] cells = new int[4];
        private int head, size;
        synchronized void put(int v) throws InterruptedException {
            while (size == cells.length) wait();
            cells[(head + size++) % cells.length] = v;
            notifyAll();
        }
        synchronized int take() throws InterruptedException {
            while (size == 0) wait();
            int v = cells[head];
            head = (head + 1) % cells.length;
            size--;
            notifyAll();
            return v;
        }
    }

    static void misuse(String what, Runnable r) {
        try {
            r.run();
        } catch (IllegalMonitorStateException e) {
            System.out.println(what + ": " + e.getMessage());
        }
    }

    public static void main(String[] args) throws InterruptedException {
        final Monitors m = new Monitors();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread() {
                @Override public void run() {
                    for (int k = 0; k < 500; k++) {
                        m.add(3);
                        m.block();
                        addShared();
                        synchronized (Monitors.class) { shared += 2; }
                        try { m.fail(); } catch (IllegalStateException e) { }
                        m.early(k % 2);
                    }
                }
            };
            threads[i].start();
        }
        for (Thread t : threads) t.join();
        System.out.println(m.count + " " + shared);
        try {
            m.fail();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + ", still held: " + Thread.holdsLock(m));
        }
        PingPong[] players = {new PingPong(0), new PingPong(1), new PingPong(2)};
        for (PingPong p : players) p.start();
        for (PingPong p : players) p.join();
        System.out.println(PingPong.log);
        final Buffer buffer = new Buffer();
        final long[] sums = new long[2];
        Thread[] workers = new Thread[4];
        for (int i = 0; i < 4; i++) {
            final int id = i;
            workers[i] = new Thread() {
                @Override public void run() {
                    try {
                        for (int k = 0; k < 1000; k++) {
                            if (id < 2) buffer.put(k * (id + 1));
                            else sums[id - 2] += buffer.take();
                        }
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            };
            workers[i].start();
        }
        for (Thread t : workers) t.join();
        System.out.println(sums[0] + sums[1]);
        final Object o = new Object();
        misuse("notify", new Runnable() { public void run() { o.notify(); } });
        misuse("notifyAll", new Runnable() { public void run() { o.notifyAll(); } });
        misuse("wait", new Runnable() { public void run() { try { o.wait(10); } catch (InterruptedException e) { } } });
        misuse("other's", new Runnable() { public void run() { synchronized (m) { o.notify(); } } });
        synchronized (o) {
            o.notify();
            o.wait(5); // times out
            o.wait(0, 1000);
            synchronized (o) { o.wait(1); }
            try {
                o.wait(-1);
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
            System.out.println("held after waits: " + Thread.holdsLock(o));
        }
        try {
            Object none = args.length == 0 ? null : args;
            synchronized (none) { System.out.println("not reached"); }
        } catch (NullPointerException e) {
            System.out.println("null cannot be locked");
        }
        int hash = System.identityHashCode(o); // hash and lock share a header
        synchronized (o) { System.out.println(hash == System.identityHashCode(o)); }
        System.out.println(hash == o.hashCode());
    }
}
