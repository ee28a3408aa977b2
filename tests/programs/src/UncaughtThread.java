/* Exercises: an exception that leaves a thread other than main: trace on stderr, main goes on and
 * decides the exit code; and the other way round (Thread.dispatchUncaughtException). */
public class UncaughtThread {
    static class Worker extends Thread {
        final int kind;

        Worker(String name, int kind) {
            super(name);
            this.kind = kind;
        }

        @Override
        public void run() {
            if (kind == 0) throw new IllegalStateException("worker broke", new Error("inside"));
            if (kind == 1) throw new StackOverflowError();
            Object o = "x";
            Integer i = (Integer) o;
        }
    }

    public static void main(String[] args) throws InterruptedException {
        for (int kind = 0; kind < 3; kind++) {
            Worker worker = new Worker("worker \u2615 " + kind, kind);
            worker.start();
            worker.join();
            System.out.println(worker.getName() + " alive " + worker.isAlive() + " " + worker.getState());
        }
        Thread last = new Thread("last") {
            @Override
            public void run() {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    System.out.println("interrupted");
                }
                System.out.println("last thread ends after main threw");
            }
        };
        last.start();
        if (args.length > 0) throw new RuntimeException("main " + args[0]);
        System.out.println("main ends");
    }
}
