// ScheduledThreadPoolExecutor, rejected work, invokeAny and invokeAll, thread factories, shutdownNow, uncaught handlers.
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

public class ScheduledPools {
    record Late(String name, long at) implements Delayed {
        @Override public long getDelay(TimeUnit unit) { return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS); }
        @Override public int compareTo(Delayed other) { return Long.compare(at, ((Late) other).at); }
    }

    public static void main(String[] args) throws Exception {
        ScheduledThreadPoolExecutor scheduled = new ScheduledThreadPoolExecutor(2);
        List<String> order = new ArrayList<>();
        CountDownLatch three = new CountDownLatch(3);
        for (int i = 1; i <= 3; i++) {
            int n = i;
            scheduled.schedule(() -> { synchronized (order) { order.add("after " + n); } three.countDown(); }, n * 40L, TimeUnit.MILLISECONDS);
        }
        three.await();
        System.out.println(order);
        CountDownLatch ticks = new CountDownLatch(5);
        ScheduledFuture<?> ticking = scheduled.scheduleAtFixedRate(ticks::countDown, 0, 2, TimeUnit.MILLISECONDS);
        ticks.await();
        System.out.println("ticked, cancel " + ticking.cancel(false) + " " + ticking.isDone());
        AtomicInteger runs = new AtomicInteger();
        ScheduledFuture<?> failing = scheduled.scheduleWithFixedDelay(() -> {
            if (runs.incrementAndGet() == 3) {
                throw new IllegalStateException("third run");
            }
        }, 0, 1, TimeUnit.MILLISECONDS);
        try {
            failing.get();
        } catch (ExecutionException e) {
            System.out.println(e.getMessage() + " " + runs);
        }
        scheduled.schedule(() -> System.out.println("never"), 1, TimeUnit.HOURS);
        System.out.println("dropped " + scheduled.shutdownNow().size() + " " + scheduled.awaitTermination(60, TimeUnit.SECONDS));

        ThreadPoolExecutor narrow = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1));
        CountDownLatch gate = new CountDownLatch(1);
        Runnable waiting = () -> { try { gate.await(); } catch (InterruptedException e) { System.out.println("interrupted"); } };
        narrow.execute(waiting);
        narrow.execute(waiting);
        try {
            narrow.execute(waiting);
        } catch (RejectedExecutionException e) {
            System.out.println("rejected, queued " + narrow.getQueue().size());
        }
        narrow.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
        gate.countDown();
        narrow.execute(() -> System.out.println("run by somebody"));
        narrow.shutdown();
        narrow.awaitTermination(60, TimeUnit.SECONDS);
        System.out.println("completed " + (narrow.getCompletedTaskCount() >= 2) + " " + narrow.isTerminated());

        AtomicInteger made = new AtomicInteger();
        ExecutorService pool = Executors.newCachedThreadPool(body -> {
            Thread thread = new Thread(body, "made-" + made.incrementAndGet());
            thread.setUncaughtExceptionHandler((who, e) -> System.out.println(who.getName() + " died of " + e.getMessage()));
            return thread;
        });
        CountDownLatch died = new CountDownLatch(1);
        pool.execute(() -> { try { throw new RuntimeException("boredom"); } finally { died.countDown(); } });
        died.await();
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int n = i;
            calls.add(() -> n * 3);
        }
        int sum = 0;
        for (Future<Integer> one : pool.invokeAll(calls)) {
            sum += one.get();
        }
        System.out.println("all " + sum + ", any is a multiple " + (pool.invokeAny(calls) % 3 == 0));
        Future<?> stuck = pool.submit(() -> { new CountDownLatch(1).await(); return null; });
        System.out.println("cancel " + stuck.cancel(true) + " " + stuck.state());
        List<Future<Object>> timed = pool.invokeAll(List.of(() -> { new CountDownLatch(1).await(); return null; }), 10, TimeUnit.MILLISECONDS);
        System.out.println("timed out " + timed.get(0).isCancelled());
        pool.close();

        DelayQueue<Late> delays = new DelayQueue<>();
        long now = System.nanoTime();
        delays.add(new Late("second", now + 20_000_000));
        delays.add(new Late("first", now + 5_000_000));
        delays.add(new Late("third", now + 400_000_000));
        System.out.println(delays.take().name() + " " + delays.take().name() + " " + delays.poll() + " " + delays.take().name());
    }
}
