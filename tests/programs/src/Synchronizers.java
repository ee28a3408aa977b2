// Phaser, Exchanger, CyclicBarrier, Semaphore, StampedLock, SynchronousQueue, LinkedTransferQueue under load.
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.StampedLock;

public class Synchronizers {
    interface Work { void run(int number) throws Exception; }

    static void together(int count, Work work) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    work.run(number);
                } catch (Exception e) {
                    System.out.println("worker " + number + ": " + e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    static void phaser() throws Exception {
        int[] sums = new int[6];
        Phaser phaser = new Phaser(5) {
            @Override protected boolean onAdvance(int phase, int parties) { return phase >= 5 || parties == 0; }
        };
        AtomicInteger[] rounds = new AtomicInteger[6];
        for (int i = 0; i < 6; i++) {
            rounds[i] = new AtomicInteger();
        }
        together(5, number -> {
            for (int phase = phaser.getPhase(); phase >= 0 && !phaser.isTerminated(); ) {
                rounds[phase].addAndGet(number + 1);
                phase = phaser.arriveAndAwaitAdvance();
            }
        });
        for (int i = 0; i < 6; i++) {
            sums[i] = rounds[i].get();
        }
        System.out.println("phaser " + java.util.Arrays.toString(sums) + " " + phaser.isTerminated());
        Phaser tree = new Phaser();
        Phaser left = new Phaser(tree, 2);
        Phaser right = new Phaser(tree, 1);
        together(3, number -> { (number < 2 ? left : right).arriveAndAwaitAdvance(); });
        System.out.println("tree phase " + tree.getPhase() + " " + left.getPhase() + " " + right.getPhase());
    }

    static void exchanger() throws Exception {
        Exchanger<Integer> exchanger = new Exchanger<>();
        LongAdder received = new LongAdder();
        together(2, number -> {
            for (int i = 0; i < 200; i++) {
                received.add(exchanger.exchange(number == 0 ? i : 1000 + i) );
            }
        });
        System.out.println("exchanged " + received);
        try {
            exchanger.exchange(1, 5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("nobody to exchange with");
        }
    }

    static void barrier() throws Exception {
        AtomicInteger trips = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(4, trips::incrementAndGet);
        AtomicInteger last = new AtomicInteger();
        together(4, number -> {
            for (int i = 0; i < 50; i++) {
                if (barrier.await() == 0) {
                    last.incrementAndGet();
                }
            }
        });
        System.out.println("barrier " + trips + " " + last);
        CyclicBarrier broken = new CyclicBarrier(3);
        AtomicInteger broke = new AtomicInteger();
        together(2, number -> {
            try {
                if (number == 0) {
                    broken.await(20, TimeUnit.MILLISECONDS);
                } else {
                    broken.await();
                }
            } catch (TimeoutException | BrokenBarrierException e) {
                broke.incrementAndGet();
            }
        });
        System.out.println("broken " + broken.isBroken() + " " + broke);
    }

    static void semaphore() throws Exception {
        for (boolean fair : new boolean[] {false, true}) {
            Semaphore semaphore = new Semaphore(3, fair);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger tooMany = new AtomicInteger();
            together(8, number -> {
                for (int i = 0; i < 60; i++) {
                    int permits = 1 + (number + i) % 3;
                    semaphore.acquire(permits);
                    if (inside.addAndGet(permits) > 3) {
                        tooMany.incrementAndGet();
                    }
                    inside.addAndGet(-permits);
                    semaphore.release(permits);
                }
            });
            System.out.println("semaphore " + semaphore.availablePermits() + " " + tooMany);
        }
        System.out.println("try " + new Semaphore(0).tryAcquire(5, TimeUnit.MILLISECONDS));
    }

    static long shared;
    static long mirrored;

    static void stamped() throws Exception {
        StampedLock lock = new StampedLock();
        LongAdder torn = new LongAdder();
        together(6, number -> {
            for (int i = 0; i < 200; i++) {
                if (number < 2) {
                    long stamp = lock.writeLock();
                    shared++;
                    mirrored--;
                    lock.unlockWrite(stamp);
                } else {
                    long stamp = lock.tryOptimisticRead();
                    long a = shared;
                    long b = mirrored;
                    if (!lock.validate(stamp)) {
                        stamp = lock.readLock();
                        a = shared;
                        b = mirrored;
                        lock.unlockRead(stamp);
                    }
                    if (a != -b) {
                        torn.increment();
                    }
                }
            }
        });
        long stamp = lock.readLock();
        long upgraded = lock.tryConvertToWriteLock(stamp);
        System.out.println("stamped " + shared + " " + torn + " " + (upgraded != 0) + " " + lock.isWriteLocked());
        lock.unlock(upgraded);
    }

    static void queues() throws Exception {
        SynchronousQueue<Integer> hand = new SynchronousQueue<>(true);
        LinkedTransferQueue<Integer> transfer = new LinkedTransferQueue<>();
        LongAdder first = new LongAdder();
        LongAdder second = new LongAdder();
        together(8, number -> {
            for (int i = 0; i < 100; i++) {
                switch (number & 3) {
                    case 0 -> hand.put(i);
                    case 1 -> first.add(hand.take());
                    case 2 -> transfer.transfer(i);
                    default -> second.add(transfer.take());
                }
            }
        });
        System.out.println("queues " + first + " " + second + " " + transfer.isEmpty());
        System.out.println("poll " + hand.poll(5, TimeUnit.MILLISECONDS) + " " + hand.offer(1) + " " + transfer.tryTransfer(1));
    }

    public static void main(String[] args) throws Exception {
        phaser();
        exchanger();
        barrier();
        semaphore();
        stamped();
        queues();
    }
}
