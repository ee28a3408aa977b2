/* Exercises: Condition and CyclicBarrier. Their waits go through ForkJoinPool.managedBlock, whose class
 * initialiser makes VarHandles (java.util.concurrent.locks.AbstractQueuedSynchronizer). */
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class Conditions {
    static final ReentrantLock lock = new ReentrantLock(true);
    static final Condition changed = lock.newCondition();
    static int turn, guarded;

    static void runAll(Thread... threads) throws InterruptedException {
        for (Thread t : threads) t.start();
        for (Thread t : threads) t.join();
    }

    public static void main(String[] args) throws InterruptedException {
        lock.lock();
        try {
            System.out.println("timed out " + !changed.await(5, TimeUnit.MILLISECONDS) + " " + (changed.awaitNanos(1000) <= 0));
        } finally {
            lock.unlock();
        }
        final StringBuilder order = new StringBuilder();
        Thread[] turns = new Thread[3];
        for (int i = 0; i < 3; i++) {
            final int me = i;
            turns[i] = new Thread() {
                @Override public void run() {
                    for (int k = 0; k < 5; k++) {
                        lock.lock();
                        try {
                            while (turn % 3 != me) changed.awaitUninterruptibly();
                            order.append(me);
                            turn++;
                            changed.signalAll();
                        } finally {
                            lock.unlock();
                        }
                    }
                }
            };
        }
        runAll(turns);
        System.out.println(order);
        final CyclicBarrier barrier = new CyclicBarrier(3, new Runnable() { public void run() { guarded += 1000; } });
        Thread[] parties = new Thread[3];
        for (int i = 0; i < 3; i++) {
            parties[i] = new Thread() {
                @Override public void run() {
                    try {
                        for (int k = 0; k < 4; k++) barrier.await();
                    } catch (InterruptedException | BrokenBarrierException e) {
                        throw new AssertionError(e);
                    }
                }
            };
        }
        runAll(parties);
        System.out.println("barrier " + guarded + " " + barrier.getNumberWaiting() + " " + barrier.isBroken());
        try {
            changed.signal();
        } catch (IllegalMonitorStateException e) {
            System.out.println("signal without the lock");
        }
    }
}
