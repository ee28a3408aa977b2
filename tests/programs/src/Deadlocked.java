// Threads in every state, and two circles of waiting: what a thread report tells of them.  Ends at the first byte of its input.
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

public class Deadlocked {
    static class Left { }
    static class Right { }
    static class Outer { }
    static class Inner { }

    interface Body { void run() throws Exception; }

    static void start(String name, Body body) {
        Thread thread = new Thread(name) {
            @Override public void run() {
                try {
                    body.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        thread.setDaemon(true);
        thread.start();
    }

    static void both(Object first, Object second, CountDownLatch met) throws InterruptedException {
        synchronized (first) {
            met.countDown();
            met.await();
            synchronized (second) {
                System.out.println("never");
            }
        }
    }

    static void both(ReentrantLock first, ReentrantLock second, CountDownLatch met) throws InterruptedException {
        first.lock();
        met.countDown();
        met.await();
        second.lock();
        System.out.println("never");
    }

    static synchronized void inside(Body body) throws Exception {
        body.run();
    }

    static volatile long spins;

    public static void main(String[] args) throws Exception {
        Left left = new Left();
        Right right = new Right();
        CountDownLatch met = new CountDownLatch(2);
        start("left", () -> both(left, right, met));
        start("right", () -> both(right, left, met));
        ReentrantLock one = new ReentrantLock();
        ReentrantLock two = new ReentrantLock();
        CountDownLatch locked = new CountDownLatch(2);
        start("one", () -> both(one, two, locked));
        start("two", () -> both(two, one, locked));
        Object waited = new Outer();
        start("waiting", () -> { synchronized (waited) { waited.wait(); } });
        start("waiting with timeout", () -> { synchronized (waited) { waited.wait(1000000); } });
        start("parked", () -> LockSupport.park(waited));
        start("parked with timeout", () -> LockSupport.parkNanos(1_000_000_000_000L));
        Outer outer = new Outer();
        Inner inner = new Inner();
        start("sleeping", () -> { synchronized (outer) { synchronized (inner) { Thread.sleep(1000000); } } });
        start("on a class", () -> { synchronized (Deadlocked.class) { Deadlocked.class.wait(); } });
        start("static method", () -> inside(() -> Thread.sleep(1000000)));
        Thread.sleep(300);
        start("too late", () -> inside(() -> { }));
        start("spinning", () -> { while (true) spins++; });
        Thread.ofVirtual().name("virtual").start(LockSupport::park);
        Thread.sleep(200);
        System.out.println("ready");
        System.out.flush();
        System.in.read();
        System.out.println("done");
    }
}
