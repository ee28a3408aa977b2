// java.util.concurrent.ForkJoinPool: recursive tasks, the common pool's parallel streams, managed blocking, failures.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

public class ForkJoins {
    static class Fibonacci extends RecursiveTask<Long> {
        final int n;
        Fibonacci(int n) { this.n = n; }
        @Override protected Long compute() {
            if (n < 2) {
                return (long) n;
            }
            Fibonacci left = new Fibonacci(n - 1);
            left.fork();
            return new Fibonacci(n - 2).compute() + left.join();
        }
    }

    static class MergeSort extends RecursiveAction {
        final int[] data; final int from; final int to;
        MergeSort(int[] data, int from, int to) { this.data = data; this.from = from; this.to = to; }
        @Override protected void compute() {
            if (to - from <= 16) {
                Arrays.sort(data, from, to);
                return;
            }
            int middle = (from + to) >>> 1;
            invokeAll(new MergeSort(data, from, middle), new MergeSort(data, middle, to));
            int[] merged = new int[to - from];
            for (int i = from, j = middle, k = 0; k < merged.length; k++) {
                merged[k] = j >= to || i < middle && data[i] <= data[j] ? data[i++] : data[j++];
            }
            System.arraycopy(merged, 0, data, from, merged.length);
        }
    }

    static class Counter extends CountedCompleter<Void> {
        final int low; final int high; final AtomicInteger sum;
        Counter(CountedCompleter<?> parent, int low, int high, AtomicInteger sum) {
            super(parent); this.low = low; this.high = high; this.sum = sum;
        }
        @Override public void compute() {
            if (high - low > 4) {
                int middle = (low + high) >>> 1;
                setPendingCount(2);
                new Counter(this, low, middle, sum).fork();
                new Counter(this, middle, high, sum).fork();
            } else {
                for (int i = low; i < high; i++) {
                    sum.addAndGet(i);
                }
            }
            tryComplete();
        }
    }

    static class Failing extends RecursiveTask<Integer> {
        final int depth;
        Failing(int depth) { this.depth = depth; }
        @Override protected Integer compute() {
            if (depth == 0) {
                throw new IllegalStateException("at the bottom");
            }
            Failing below = new Failing(depth - 1);
            below.fork();
            return below.join() + 1;
        }
    }

    static class Gate implements ForkJoinPool.ManagedBlocker {
        final CountDownLatch latch;
        Gate(CountDownLatch latch) { this.latch = latch; }
        @Override public boolean block() throws InterruptedException { latch.await(); return true; }
        @Override public boolean isReleasable() { return latch.getCount() == 0; }
    }

    public static void main(String[] args) throws Exception {
        try (ForkJoinPool pool = new ForkJoinPool(4)) {
            System.out.println("fibonacci " + pool.invoke(new Fibonacci(15)));
            int[] data = new int[2000];
            int x = 12345;
            for (int i = 0; i < data.length; i++) {
                x = x * 1103515245 + 12345;
                data[i] = x >>> 8;
            }
            int[] copy = data.clone();
            pool.invoke(new MergeSort(data, 0, data.length));
            Arrays.sort(copy);
            System.out.println("sorted " + Arrays.equals(data, copy));
            AtomicInteger sum = new AtomicInteger();
            pool.invoke(new Counter(null, 0, 300, sum));
            System.out.println("completers " + sum);
            try {
                pool.invoke(new Failing(5));
            } catch (IllegalStateException e) {
                System.out.println("failed " + e.getClass().getSimpleName());
            }
            ForkJoinTask<Integer> failing = pool.submit(new Failing(2));
            try {
                failing.get();
            } catch (ExecutionException e) {
                System.out.println("get " + e.getCause().getClass().getSimpleName() + " " + failing.isCompletedAbnormally());
            }
            Future<?> cancelled = pool.submit(() -> { });
            cancelled.get();
            System.out.println("cancel after the end " + cancelled.cancel(true) + " " + cancelled.isDone());
            CountDownLatch latch = new CountDownLatch(1);
            List<Future<String>> blocked = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int n = i;
                blocked.add(pool.submit(() -> { ForkJoinPool.managedBlock(new Gate(latch)); return "through " + n; }));
            }
            pool.submit(latch::countDown);
            for (Future<String> one : blocked) {
                System.out.println(one.get(60, TimeUnit.SECONDS));
            }
            System.out.println("adapt " + ForkJoinTask.adapt(() -> "x".repeat(3)).invoke());
        }
        System.out.println("parallel sum " + LongStream.rangeClosed(1, 10000).parallel().map(n -> n * n).sum());
        System.out.println("parallel list " + IntStream.range(0, 50).parallel().filter(n -> n % 7 == 0).boxed().toList());
        int[] many = IntStream.range(0, 20000).map(n -> (n * 7919) % 20011).toArray();
        Arrays.parallelSort(many);
        boolean ordered = true;
        for (int i = 1; i < many.length; i++) {
            ordered &= many[i - 1] <= many[i];
        }
        System.out.println("parallelSort " + ordered);
        Arrays.parallelPrefix(many, Integer::max);
        System.out.println("parallelPrefix " + many[many.length - 1]);
    }
}
