/* Exercises: a ThreadPoolExecutor fed with plain Runnables, its threads and orderly shutdown;
 * waiting workers make VarHandles. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class ThreadPool {
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
    }
}
