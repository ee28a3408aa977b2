/* Exercises: ReentrantLock, ReentrantReadWriteLock, CountDownLatch, Semaphore,
 * LockSupport, AtomicInteger and friends (java.util.concurrent.locks, .atomic). */
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class Locks {
    static final ReentrantLock lock = new ReentrantLock(true);

    static class Philosopher extends Thread {
        static final AtomicInteger meals = new AtomicInteger();
        final ReentrantLock first, second;
        Philosopher(ReentrantLock a, ReentrantLock b) { first = a; second = b; }
        @Override public void run() {
            for (int i = 0; i < 50; i++) {
                first.lock();
                try {
                    second.lock();
                    try {
                        meals.incrementAndGet();
                    } finally {
                        second.unlock();
                    }
                } finally {
                    first.unlock();
                }
            }
        }
    }

    static void runAll(Thread... threads) throws InterruptedException {
        for (Thread t : threads) t.start();
        for (Thread t : threads) t.join();
    }

    public static void main(String[] args) throws Exception {
        lock.lock();
        lock.lock();
        System.out.println(lock.getHoldCount() + " " + lock.isFair() + " " + lock.isHeldByCurrentThread());
        lock.unlock();
        lock.unlock();
        try {
            lock.unlock();
        } catch (IllegalMonitorStateException e) {
            System.out.println("not the owner " + e.getMessage());
        }
        ReentrantLock[] forks = new ReentrantLock[5];
        for (int i = 0; i < 5; i++) forks[i] = new ReentrantLock();
        Thread[] table = new Thread[5];
        for (int i = 0; i < 5; i++) table[i] = new Philosopher(forks[Math.min(i, (i + 1) % 5)], forks[Math.max(i, (i + 1) % 5)]);
        runAll(table);
        System.out.println("meals " + Philosopher.meals);
        final CountDownLatch start = new CountDownLatch(1), done = new CountDownLatch(4);
        final Semaphore permits = new Semaphore(2);
        final AtomicInteger inside = new AtomicInteger(), most = new AtomicInteger();
        final AtomicLong total = new AtomicLong();
        for (int i = 0; i < 4; i++) {
            new Thread() {
                @Override public void run() {
                    try {
                        start.await();
                        for (int k = 0; k < 100; k++) {
                            permits.acquire();
                            int now = inside.incrementAndGet();
                            if (now > 2) most.set(now);
                            total.addAndGet(k);
                            inside.decrementAndGet();
                            permits.release();
                        }
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    } finally {
                        done.countDown();
                    }
                }
            }.start();
        }
        start.countDown();
        System.out.println(done.await(60, TimeUnit.SECONDS) + " " + total + " " + most + " " + permits.availablePermits() + " " + permits.tryAcquire(3) + " " + done.getCount());
        AtomicInteger a = new AtomicInteger(5);
        System.out.println(a.getAndIncrement() + " " + a.compareAndSet(6, 60) + " " + a.compareAndSet(6, 61) + " " + a.getAndAdd(-100) + " " + a + " " + a.getAndSet(Integer.MAX_VALUE) + " " + a.incrementAndGet());
        AtomicLong l = new AtomicLong(Long.MAX_VALUE);
        System.out.println(l.incrementAndGet() + " " + l.compareAndSet(Long.MIN_VALUE, 1) + " " + l.intValue());
        final Thread main = Thread.currentThread();
        LockSupport.unpark(main);
        LockSupport.park(); // returns at once: the permit is there
        LockSupport.parkNanos(1000);
        main.interrupt();
        LockSupport.park(); // returns at once: interrupted
        System.out.println("parked " + Thread.interrupted());
        ReentrantReadWriteLock rw = new ReentrantReadWriteLock();
        rw.readLock().lock();
        System.out.println(rw.writeLock().tryLock() + " " + rw.getReadLockCount());
        rw.readLock().unlock();
        System.out.println(rw.writeLock().tryLock() + " " + rw.readLock().tryLock() + " " + rw.isWriteLocked());
        Thread holder = new Thread() { @Override public void run() { System.out.println("held elsewhere " + !lock.tryLock()); } };
        lock.lock();
        runAll(holder);
        lock.unlock();
    }
}
