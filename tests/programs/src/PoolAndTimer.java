/* Exercises: a ThreadPoolExecutor fed with plain Runnables, java.util.Timer, orderly shutdown. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class PoolAndTimer {
    public static void main(String[] args) throws InterruptedException {
        final AtomicInteger done = new AtomicInteger();
        final long[] squares = new long[40];
        ThreadPoolExecutor pool = new ThreadPoolExecutor(2, 3, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<Runnable>(), new ThreadFactory() {
            @Override public Thread newThread(Runnable r) { return new Thread(r, "worker"); }
        });
        for (int i = 0; i < squares.length; i++) {
            final int n = i;
            pool.execute(new Runnable() {
                @Override public void run() {
                    squares[n] = (long) n * n;
                    done.incrementAndGet();
                }
            });
        }
        pool.shutdown();
        System.out.println(pool.awaitTermination(60, TimeUnit.SECONDS) + " " + done + " " + pool.isTerminated() + " " + pool.getCompletedTaskCount());
        long sum = 0;
        for (long s : squares) sum += s;
        System.out.println(sum);
        try {
            pool.execute(new Runnable() { public void run() { } });
        } catch (RejectedExecutionException e) {
            System.out.println("rejected");
        }
        final CountDownLatch ticks = new CountDownLatch(3);
        final StringBuffer log = new StringBuffer();
        Timer timer = new Timer("timer", true);
        timer.schedule(new TimerTask() {
            @Override public void run() { log.append("once "); }
        }, 0);
        timer.schedule(new TimerTask() {
            int n;
            @Override public void run() {
                log.append("tick").append(n++).append(' ');
                if (n == 3) cancel();
                ticks.countDown();
            }
        }, 5, 5);
        ticks.await();
        timer.cancel();
        System.out.println(log);
        try {
            timer.schedule(new TimerTask() { public void run() { } }, 1);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
