// java.util.concurrent.CompletableFuture: stages, combining, failures, time limits, cancelling.
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

public class Futures {
    static String failure(CompletableFuture<?> future) throws InterruptedException {
        try {
            return "value " + future.get();
        } catch (ExecutionException e) {
            return "ExecutionException of " + e.getCause();
        } catch (CancellationException e) {
            return "CancellationException " + e.getMessage();
        }
    }

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        CompletableFuture<Integer> chain = CompletableFuture.supplyAsync(() -> 6, pool)
            .thenApplyAsync(n -> n * 7, pool).thenCompose(n -> CompletableFuture.supplyAsync(() -> n + 1, pool))
            .thenCombineAsync(CompletableFuture.supplyAsync(() -> 57, pool), Integer::sum, pool);
        System.out.println("chain " + chain.get());

        List<CompletableFuture<Integer>> parts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int n = i;
            parts.add(CompletableFuture.supplyAsync(() -> n * n, pool));
        }
        CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0])).join();
        System.out.println("sum " + parts.stream().mapToInt(CompletableFuture::join).sum());

        CompletableFuture<String> never = new CompletableFuture<>();
        System.out.println("any " + CompletableFuture.anyOf(never, CompletableFuture.completedFuture("first")).join());

        CompletableFuture<String> failed = CompletableFuture.supplyAsync(() -> { throw new IllegalArgumentException("no"); }, pool);
        System.out.println(failure(failed));
        System.out.println("exceptionally " + failed.exceptionally(e -> e.getClass().getSimpleName() + ": " + e.getCause()).get());
        System.out.println("handle " + failed.handleAsync((v, e) -> v == null && e != null, pool).get());
        try {
            failed.thenApply(String::length).join();
        } catch (CompletionException e) {
            System.out.println("join " + e.getMessage());
        }

        CompletableFuture<String> slow = new CompletableFuture<>();
        System.out.println("time limit " + slow.completeOnTimeout("in time", 10, TimeUnit.MILLISECONDS).get());
        System.out.println(failure(new CompletableFuture<String>().orTimeout(10, TimeUnit.MILLISECONDS)));
        try {
            never.get(5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("get " + e);
        }
        System.out.println("cancel " + never.cancel(true) + " " + never.isCancelled() + " " + never.isCompletedExceptionally());
        System.out.println(failure(never));
        System.out.println(failure(never.thenApply(s -> s + "!")));
        System.out.println("again " + never.complete("too late") + " " + never.state());

        Executor later = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, pool);
        System.out.println("delayed " + CompletableFuture.supplyAsync(() -> "after a while", later).get());

        CountDownLatch done = new CountDownLatch(200);
        AtomicInteger total = new AtomicInteger();
        CompletableFuture<Integer> source = new CompletableFuture<>();
        for (int i = 0; i < 200; i++) {
            source.thenAcceptAsync(n -> { total.addAndGet(n); done.countDown(); }, pool);
        }
        System.out.println("dependents " + source.getNumberOfDependents());
        source.complete(3);
        done.await();
        System.out.println("total " + total);
        pool.shutdown();
        System.out.println("ended " + pool.awaitTermination(60, TimeUnit.SECONDS));
    }
}
