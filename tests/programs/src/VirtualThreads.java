// Virtual threads: many at once sleeping, blocked and echoing; executors, thread locals, names, interrupts, daemon rule.
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

public class VirtualThreads {
    static final ThreadLocal<Integer> LOCAL = ThreadLocal.withInitial(() -> -1);
    static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

    static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    static void asleep(int count) throws InterruptedException {
        CountDownLatch all = new CountDownLatch(count);
        AtomicInteger woken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                all.countDown();
                try {
                    all.await();
                    Thread.sleep(20);
                    woken.incrementAndGet();
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
            }));
        }
        join(threads);
        System.out.println("slept " + woken);
    }

    static int underLock;
    static int inMonitor;

    static void blocked(int count) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        AtomicInteger taken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        lock.lock();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().unstarted(() -> {
                lock.lock();
                underLock++;
                lock.unlock();
                synchronized (monitor) {
                    inMonitor++;
                }
                try {
                    taken.addAndGet(queue.take());
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        while (lock.getQueueLength() < count) {
            Thread.sleep(1);
        }
        synchronized (monitor) {
            lock.unlock();
            Thread.sleep(5);
        }
        for (int i = 0; i < count; i++) {
            queue.put(2);
        }
        join(threads);
        System.out.println("blocked " + (underLock + inMonitor) + " " + taken);
    }

    static void echo(int count, int batch) throws Exception {
        AtomicInteger sum = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
             ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            pool.submit(() -> {
                for (int i = 0; i < count; i++) {
                    Socket socket = server.accept();
                    pool.submit(() -> {
                        try (socket) {
                            InputStream in = socket.getInputStream();
                            OutputStream out = socket.getOutputStream();
                            for (int b = in.read(); b >= 0; b = in.read()) {
                                out.write(b + 1);
                            }
                        }
                        return null;
                    });
                }
                return null;
            });
            for (int done = 0; done < count; done += batch) {
                List<Future<Integer>> clients = new ArrayList<>();
                for (int i = 0; i < batch; i++) {
                    int n = i % 100;
                    clients.add(pool.submit(() -> {
                        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                            socket.getOutputStream().write(n);
                            return socket.getInputStream().read() - n;
                        }
                    }));
                }
                for (Future<Integer> client : clients) {
                    sum.addAndGet(client.get());
                }
            }
        }
        System.out.println("echoed " + sum);
    }

    static void identity() throws Exception {
        Thread named = Thread.ofVirtual().name("worker-", 7).unstarted(() -> System.out.println("runs as " + Thread.currentThread().getName()));
        System.out.println(named.getName() + " " + named.isVirtual() + " " + named.isDaemon() + " " + named.getState() + " " + named.getPriority()
            + " " + named.getThreadGroup().getName());
        System.out.println(named.toString().replaceAll("#\\d+", "#N"));
        named.start();
        named.join();
        System.out.println(named.getState() + " " + named.isAlive() + " " + named.toString().replaceAll("#\\d+", "#N"));
        System.out.println("nameless '" + Thread.ofVirtual().unstarted(() -> { }).getName() + "'");
        Thread parked = Thread.ofVirtual().name("parked").start(LockSupport::park);
        while (parked.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        System.out.println(parked.toString().replaceAll("#\\d+", "#N") + " listed " + Thread.getAllStackTraces().containsKey(parked));
        LockSupport.unpark(parked);
        parked.join();
        try {
            named.setDaemon(false);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        named.setPriority(9);
        System.out.println("priority " + named.getPriority());
        Thread sleeping = Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(Duration.ofHours(1));
            } catch (InterruptedException e) {
                System.out.println(e + " " + Thread.currentThread().isInterrupted());
            }
        });
        while (sleeping.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        sleeping.interrupt();
        System.out.println("joined " + sleeping.join(Duration.ofMinutes(1)));
        INHERITED.set("from main");
        LOCAL.set(1);
        Thread.Builder.OfVirtual builder = Thread.ofVirtual().inheritInheritableThreadLocals(false);
        Runnable tell = () -> {
            int seen = LOCAL.get();
            LOCAL.set(42);
            System.out.println("locals " + seen + " " + LOCAL.get() + " " + INHERITED.get());
        };
        Thread.startVirtualThread(tell).join();
        builder.start(tell).join();
        System.out.println("main's " + LOCAL.get());
        Thread failing = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> System.out.println("caught " + e.getMessage()))
            .start(() -> { throw new IllegalStateException("in a virtual thread"); });
        failing.join();
        Thread.ofVirtual().name("walked").start(() -> {
            for (StackTraceElement element : new Throwable().getStackTrace()) {
                System.out.println(element.getClassName().replaceAll("[$].*", "") + "." + element.getMethodName().replaceAll("[$].*", ""));
            }
            System.out.println("walker " + StackWalker.getInstance().walk(frames -> frames.findFirst().isPresent()));
        }).join();
    }

    static int depth(int n) {
        return n == 0 ? 0 : 1 + depth(n - 1);
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 300;
        identity();
        asleep(count);
        blocked(count);
        echo(count, Math.min(count, 100));
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int n = i;
                results.add(pool.submit(() -> depth(200 + n % 10) - n % 10));
            }
            int sum = 0;
            for (Future<Integer> result : results) {
                sum += result.get();
            }
            System.out.println("results " + (sum == 200 * count));
        }
        Thread.startVirtualThread(() -> LockSupport.park());
        System.out.println("main ends");
    }
}
