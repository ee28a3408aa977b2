// As many platform threads at once as the argument says, or as there can be; all wait for each other and end.
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

public class ManyThreads {
    static int ran;

    static synchronized void count() {
        ran++;
    }

    public static void main(String[] args) throws InterruptedException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        Runnable body = () -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
            count();
        };
        String failure = null;
        try {
            while (threads.size() < count) {
                Thread thread = new Thread(body);
                thread.start();
                threads.add(thread);
            }
        } catch (OutOfMemoryError e) {
            failure = e.toString();
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(failure != null ? failure : "started " + threads.size());
        System.out.println(ran == threads.size() ? "all ended" : ran + " of " + threads.size() + " ended");
        Thread another = new Thread(() -> System.out.println("another one runs"));
        another.start();
        another.join();
    }
}
