// Shutdown hooks and, with an argument, a handler of its own for SIGINT.  Waits for input, then ends.
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

public class SignalHooks {
    public static void main(String[] args) throws Exception {
        CountDownLatch caught = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        if (args.length > 0) {
            sun.misc.Signal.handle(new sun.misc.Signal("INT"), signal -> {
                System.out.println("caught " + signal + " " + signal.getNumber());
                System.out.flush();
                caught.countDown();
            });
        }
        System.out.println("ready");
        System.out.flush();
        if (args.length > 0) {
            System.out.println("came " + caught.await(60, TimeUnit.SECONDS));
        }
        System.in.read();
        System.out.println("main ends");
    }
}
