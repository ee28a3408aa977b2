/* Exercises: System.exit with the code in args[0], from nested finally blocks, from another thread,
 * from a shutdown hook's own thread, from a static initialiser; Runtime.halt (JLS §12.8). */
public class ExitCodes {
    static class ExitsWhenUsed {
        static int value;

        static {
            System.out.println("initialiser exits");
            System.exit(Integer.parseInt("21"));
        }
    }

    static class Hook extends Thread {
        @Override
        public void run() { System.out.println("hook runs"); }
    }

    static void fromFinally(int code) {
        try {
            try {
                throw new RuntimeException("pending");
            } finally {
                System.out.println("inner finally");
                System.exit(code);
            }
        } finally {
            System.out.println("not reached");
        }
    }

    static void fromThread(final int code) throws InterruptedException {
        Thread t = new Thread() {
            @Override
            public void run() {
                System.out.println("thread exits");
                System.exit(code);
            }
        };
        t.start();
        t.join();
        Thread.sleep(60_000);
        System.out.println("not reached");
    }

    public static void main(String[] args) throws InterruptedException {
        int code = Integer.parseInt(args[0]);
        String how = args[1];
        if (args.length > 2) Runtime.getRuntime().addShutdownHook(new Hook());
        System.out.println("code " + code + " " + how);
        System.err.println("on stderr too");
        if (how.equals("finally")) fromFinally(code);
        if (how.equals("thread")) fromThread(code);
        if (how.equals("initialiser")) System.out.println(ExitsWhenUsed.value);
        if (how.equals("halt")) {
            System.out.print("no newline");
            Runtime.getRuntime().halt(code);
        }
        if (how.equals("daemon")) {
            Thread forever = new Thread() {
                @Override
                public void run() {
                    while (true) {
                        try {
                            Thread.sleep(1000);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                }
            };
            forever.setDaemon(true);
            forever.start();
        }
        if (how.equals("throw")) throw new IllegalStateException("leaves main");
        if (how.equals("runtime")) Runtime.getRuntime().exit(code);
        if (how.equals("user-thread")) { // main returns, the last non-daemon thread decides when it ends
            new Thread("late") {
                @Override
                public void run() {
                    try {
                        Thread.sleep(50);
                    } catch (InterruptedException e) {
                        return;
                    }
                    System.out.println("late thread");
                }
            }.start();
        }
        System.out.println("main returns");
    }
}
