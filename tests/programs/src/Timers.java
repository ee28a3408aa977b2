/* Exercises: java.util.Timer: one shot and repeated tasks, cancelling, use after the end. */
import java.util.*;
import java.util.concurrent.CountDownLatch;

public class Timers {
    public static void main(String[] args) throws InterruptedException {
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
