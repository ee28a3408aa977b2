// Thread states, interrupts in every state, timed waits, stack traces of other threads, daemons and hooks at the end.
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

public class ThreadStates {
    static final Object MONITOR = new Object();

    interface Blocking { void run() throws Exception; }

    static Thread start(String name, Blocking body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
                System.out.println(Thread.currentThread().getName() + " ends, interrupted " + Thread.currentThread().isInterrupted());
            } catch (Exception e) {
                System.out.println(Thread.currentThread().getName() + " " + e + ", interrupted " + Thread.currentThread().isInterrupted());
            }
        }, name);
        thread.start();
        return thread;
    }

    static void await(Thread thread, Thread.State state) throws InterruptedException {
        while (thread.getState() != state) {
            Thread.sleep(1);
        }
    }

    static void interrupted(String name, Thread.State state, Blocking body) throws InterruptedException {
        Thread thread = start(name, body);
        await(thread, state);
        System.out.println(name + " is " + thread.getState() + " " + thread.isAlive());
        thread.interrupt();
        thread.join();
        System.out.println(name + " is " + thread.getState() + " " + thread.isAlive() + " " + thread.isInterrupted());
    }

    static boolean has(StackTraceElement[] trace, String method) {
        for (StackTraceElement element : trace) {
            if (element.getMethodName().equals(method)) {
                return true;
            }
        }
        return false;
    }

    public static void main(String[] args) throws Exception {
        Thread fresh = new Thread(() -> { }, "fresh");
        System.out.println("fresh is " + fresh.getState() + " " + fresh.isAlive());
        fresh.interrupt();
        fresh.start();
        fresh.join();
        try {
            fresh.start();
        } catch (IllegalThreadStateException e) {
            System.out.println("again: " + e);
        }
        interrupted("sleeping", Thread.State.TIMED_WAITING, () -> Thread.sleep(100000));
        interrupted("waiting", Thread.State.WAITING, () -> { synchronized (MONITOR) { MONITOR.wait(); } });
        interrupted("waiting with timeout", Thread.State.TIMED_WAITING, () -> { synchronized (MONITOR) { MONITOR.wait(100000); } });
        interrupted("parked", Thread.State.WAITING, LockSupport::park);
        interrupted("parked with timeout", Thread.State.TIMED_WAITING, () -> LockSupport.parkNanos(100_000_000_000L));
        interrupted("parked until", Thread.State.TIMED_WAITING, () -> LockSupport.parkUntil(System.currentTimeMillis() + 100000));
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        interrupted("locking", Thread.State.WAITING, lock::lockInterruptibly);
        lock.unlock();
        Thread joined = start("joined", () -> Thread.sleep(200000));
        interrupted("joining", Thread.State.WAITING, joined::join);
        interrupted("joining with timeout", Thread.State.TIMED_WAITING, () -> joined.join(100000));
        joined.interrupt();
        joined.join();

        // A thread that waits to enter a monitor stays there, whoever interrupts it.
        Thread blocked;
        synchronized (MONITOR) {
            blocked = start("blocked", () -> { synchronized (MONITOR) { System.out.println("entered"); } });
            await(blocked, Thread.State.BLOCKED);
            blocked.interrupt();
            Thread.sleep(5);
            System.out.println("blocked is " + blocked.getState() + " " + blocked.isInterrupted());
        }
        blocked.join();

        // An interrupt that comes before the wait.
        Thread.currentThread().interrupt();
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            System.out.println("at once: " + e.getMessage() + " " + Thread.interrupted());
        }
        Thread.currentThread().interrupt();
        LockSupport.park();
        System.out.println("park returned " + Thread.interrupted() + " " + Thread.interrupted());

        long before = System.nanoTime();
        synchronized (MONITOR) {
            MONITOR.wait(20);
        }
        LockSupport.parkNanos(MONITOR, 5_000_000);
        System.out.println("timed " + (System.nanoTime() - before >= 20_000_000));

        CountDownLatch ready = new CountDownLatch(1);
        Thread traced = new Thread(() -> {
            synchronized (MONITOR) {
                ready.countDown();
                try {
                    MONITOR.wait();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }, "traced");
        traced.start();
        ready.await();
        await(traced, Thread.State.WAITING);
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        System.out.println("traces " + has(all.get(traced), "wait") + " " + has(all.get(Thread.currentThread()), "main")
            + " " + has(traced.getStackTrace(), "wait") + " " + traced.getStackTrace().length);
        System.out.println("holds " + Thread.holdsLock(MONITOR) + " " + LockSupport.getBlocker(traced));
        traced.interrupt();
        traced.join();
        System.out.println("afterwards " + traced.getStackTrace().length + " " + traced.getThreadGroup());

        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        Thread daemon = new Thread(() -> { while (true) LockSupport.park(); });
        daemon.setDaemon(true);
        daemon.start();
        start("last", () -> { Thread.sleep(30); });
        System.out.println("main ends");
    }
}
