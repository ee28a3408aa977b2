// Fifty platform threads, then fifty virtual ones, with a connection each at the same time.
import java.io.*;
import java.net.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicLong;

public class ManyConnections {
    static long round(ThreadFactory factory, int count) throws Exception {
        AtomicLong sum = new AtomicLong();
        CountDownLatch together = new CountDownLatch(2 * count);
        try (ServerSocket server = new ServerSocket(0, 60, InetAddress.getLoopbackAddress());
             ExecutorService pool = Executors.newThreadPerTaskExecutor(factory)) {
            pool.submit(() -> {
                for (int i = 0; i < count; i++) {
                    Socket s = server.accept();
                    pool.submit(() -> {
                        try (s; var in = new DataInputStream(s.getInputStream()); var out = new DataOutputStream(s.getOutputStream())) {
                            for (int n; (n = in.readInt()) >= 0;) {
                                out.writeInt(n * 2);
                                out.flush();
                            }
                        }
                        return null;
                    });
                    together.countDown();
                }
                return null;
            });
            for (int i = 0; i < count; i++) {
                int number = i;
                pool.submit(() -> {
                    try (Socket s = new Socket(server.getInetAddress(), server.getLocalPort());
                         var in = new DataInputStream(s.getInputStream()); var out = new DataOutputStream(s.getOutputStream())) {
                        together.countDown();
                        together.await();
                        for (int k = 0; k < 10; k++) {
                            out.writeInt(number * k);
                            sum.addAndGet(in.readInt());
                        }
                        out.writeInt(-1);
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                    return null;
                });
            }
            together.await();
        }
        return sum.get();
    }

    public static void main(String[] args) throws Exception {
        System.out.println(round(Thread.ofPlatform().factory(), 50));
        System.out.println(round(Thread.ofVirtual().factory(), 50));
    }
}
