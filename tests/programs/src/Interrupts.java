/* Exercises: interrupting sleep, wait and join, the interrupt flag, thread states seen from outside,
 * uncaught exception handlers (Thread.interrupt, getState, setUncaughtExceptionHandler). */
public class Interrupts {
    static final Object lock = new Object();

    static void until(Thread t, Thread.State state) throws InterruptedException {
        while (t.getState() != state) Thread.sleep(1);
        System.out.println(t.getName() + " is " + state);
    }

    public static void main(String[] args) throws Exception {
        Thread sleeper = new Thread("sleeper") {
            @Override public void run() {
                try {
                    Thread.sleep(100_000);
                } catch (InterruptedException e) {
                    System.out.println(e.getMessage() + " " + isInterrupted());
                }
            }
        };
        sleeper.start();
        until(sleeper, Thread.State.TIMED_WAITING);
        sleeper.interrupt();
        sleeper.join();
        Thread waiter = new Thread("waiter") {
            @Override public void run() {
                synchronized (lock) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        System.out.println(e.getMessage() + " " + Thread.holdsLock(lock));
                    }
                }
            }
        };
        waiter.start();
        until(waiter, Thread.State.WAITING);
        waiter.interrupt();
        waiter.join();
        final Thread main = Thread.currentThread();
        Thread joiner = new Thread("joiner") {
            @Override public void run() {
                try {
                    main.join();
                } catch (InterruptedException e) {
                    System.out.println("join interrupted " + e.getMessage());
                }
            }
        };
        joiner.start();
        until(joiner, Thread.State.WAITING);
        joiner.interrupt();
        joiner.join();
        Thread blocked = new Thread("blocked") { @Override public void run() { synchronized (lock) { System.out.println("entered"); } } };
        synchronized (lock) {
            blocked.start();
            until(blocked, Thread.State.BLOCKED);
            blocked.interrupt(); // does not wake a thread that wants a monitor
        }
        blocked.join();
        until(blocked, Thread.State.TERMINATED);
        main.interrupt();
        System.out.println(main.isInterrupted() + " " + Thread.interrupted() + " " + Thread.interrupted());
        main.interrupt();
        try {
            Thread.sleep(1);
            System.out.println("not reached");
        } catch (InterruptedException e) {
            System.out.println("flag before sleep: " + e.getMessage() + " " + main.isInterrupted());
        }
        main.interrupt();
        synchronized (lock) {
            try {
                lock.wait(1000);
            } catch (InterruptedException e) {
                System.out.println("flag before wait " + e.getMessage());
            }
        }
        Thread spinner = new Thread("spinner") {
            @Override public void run() {
                long spins = 0;
                while (!Thread.currentThread().isInterrupted()) spins++;
                System.out.println("spinner saw it " + isInterrupted());
            }
        };
        spinner.start();
        until(spinner, Thread.State.RUNNABLE);
        spinner.interrupt();
        spinner.join();
        Thread.UncaughtExceptionHandler handler = new Thread.UncaughtExceptionHandler() {
            @Override public void uncaughtException(Thread t, Throwable e) {
                System.out.println("handler: " + t.getName() + " " + e);
                if (e instanceof Error) throw new RuntimeException("ignored");
            }
        };
        Thread failing = new Thread("failing") { @Override public void run() { throw new IllegalStateException("own handler"); } };
        failing.setUncaughtExceptionHandler(handler);
        failing.start();
        failing.join();
        Thread.setDefaultUncaughtExceptionHandler(handler);
        Thread other = new Thread("other") { @Override public void run() { throw new Error("default handler"); } };
        other.start();
        other.join();
        ThreadGroup group = new ThreadGroup("group") {
            @Override public void uncaughtException(Thread t, Throwable e) { System.out.println("group: " + t.getName() + " " + e.getMessage()); }
        };
        Thread member = new Thread(group, "member") { @Override public void run() { throw new RuntimeException("to the group"); } };
        member.start();
        member.join();
        throw new Exception("main has the default handler too");
    }
}
