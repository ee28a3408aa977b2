/* Exercises: starting and joining threads, names, priorities, groups, states, daemon inheritance, misuse
 * (java.lang.Thread; JLS §17.4.4). */
public class ThreadBasics {
    static class Adder extends Thread {
        final int from, to;
        long sum;
        Adder(int from, int to) { this.from = from; this.to = to; }
        @Override public void run() { for (int i = from; i < to; i++) sum += i; }
    }

    public static void main(String[] args) throws InterruptedException {
        Adder[] adders = new Adder[8];
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new Adder(i * 1000, (i + 1) * 1000);
            System.out.print(adders[i].getState() + " " + adders[i].getName() + "; ");
            adders[i].start();
        }
        long total = 0;
        for (Adder a : adders) {
            a.join();
            total += a.sum; // join makes it visible
        }
        System.out.println(total + " " + adders[0].getState() + " " + adders[0].isAlive());
        try {
            adders[0].start();
        } catch (IllegalThreadStateException e) {
            System.out.println("started twice: " + e.getMessage());
        }
        Thread main = Thread.currentThread();
        System.out.println(main.getName() + " " + main.getPriority() + " " + main.getThreadGroup().getName() + " " + main.isDaemon() + " " + main.isVirtual() + " " + main.getState() + " "
                + main.getThreadGroup().getParent().getName());
        Runnable report = new Runnable() {
            @Override public void run() {
                Thread t = Thread.currentThread();
                System.out.println(t.getName() + " " + t.getPriority() + " " + t.isDaemon() + " " + t.getThreadGroup().getName() + " " + t.getState() + " " + t);
            }
        };
        ThreadGroup group = new ThreadGroup("crew");
        Thread[] threads = {new Thread(report, "plain"), new Thread(group, report, "grouped"), new Thread(group, report)};
        threads[0].setPriority(Thread.MIN_PRIORITY);
        threads[1].setPriority(Thread.MAX_PRIORITY);
        threads[2].setDaemon(true);
        threads[2].setName("renamed");
        for (Thread t : threads) {
            String shown = t.toString().replace("#" + t.threadId(), "#N");
            System.out.println(shown);
        }
        threads[0] = new Thread(report, "plain") { @Override public String toString() { return "own text"; } };
        threads[1] = new Thread(group, report, "grouped") { @Override public String toString() { return "own text"; } };
        threads[2] = new Thread(group, report, "daemon") { @Override public String toString() { return "own text"; } };
        threads[1].setPriority(Thread.MAX_PRIORITY);
        threads[2].setDaemon(true);
        for (Thread t : threads) {
            t.start();
            t.join();
        }
        try {
            main.setPriority(11);
        } catch (IllegalArgumentException e) {
            System.out.println("priority out of range");
        }
        try {
            main.setDaemon(true);
        } catch (IllegalThreadStateException e) {
            System.out.println("daemon too late");
        }
        Thread parentIsDaemon = new Thread() {
            @Override public void run() { System.out.println("child inherits daemon: " + new Thread().isDaemon()); }
        };
        parentIsDaemon.setDaemon(true);
        parentIsDaemon.start();
        parentIsDaemon.join();
        parentIsDaemon.run(); // an ordinary call on this thread
        Thread never = new Thread();
        never.join(); // not alive, returns at once
        System.out.println(never.getState() + " " + Thread.holdsLock(never));
        Thread.yield();
        Thread[] chain = new Thread[50];
        final int[] depth = {0};
        for (int i = 0; i < chain.length; i++) {
            final Thread before = i == 0 ? null : chain[i - 1];
            chain[i] = new Thread() {
                @Override public void run() {
                    try {
                        if (before != null) before.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    depth[0]++;
                }
            };
        }
        for (Thread t : chain) t.start();
        chain[chain.length - 1].join(0);
        System.out.println("chain " + depth[0]);
    }
}
