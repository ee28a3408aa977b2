/* Exercises: interface default, static and private methods, diamonds, re-abstraction, class wins,
 * Interface.super calls, fields of interfaces initialised lazily (JVMS §5.4.6, §5.5, JLS §9.4). */
public class DefaultMethods {
    static int log(String what) {
        System.out.println("init " + what);
        return what.length();
    }

    interface Named {
        int N = log("Named");
        default String name() { return "named " + helper(1); }
        private String helper(int x) { return "helper" + x + shared(); }
        private static String shared() { return "!"; }
        static String make() { return "made by Named" + shared(); }
    }

    interface Left extends Named { default String name() { return "left of " + Named.super.name(); } }
    interface Right extends Named { int N = log("Right"); }
    interface NoDefault { int N = log("NoDefault"); void run(); }
    interface Again extends Named { String name(); }

    static class Diamond implements Left, Right { }
    static class Chosen implements Left, Other { public String name() { return Left.super.name() + " and " + Other.super.name(); } }
    interface Other { default String name() { return "other"; } }

    static class Base { public String name() { return "class wins"; } }
    static class Both extends Base implements Left, Other { }
    static class Inherits extends Diamond implements Right { }
    abstract static class Half implements Again { }
    static class Whole extends Half { public String name() { return "whole"; } }
    static class Runs implements NoDefault { public void run() { System.out.println("runs"); } }

    interface Counter {
        int get();
        void set(int v);
        default int increment() { set(get() + 1); return get(); }
        default Counter twice() { increment(); increment(); return this; }
    }

    static class Cell implements Counter {
        private int v;
        public int get() { return v; }
        public void set(int v) { this.v = v; }
        public String toString() { return "Cell " + v; }
    }

    enum Level implements Counter {
        LOW, HIGH { public int increment() { return super.increment() + 100; } };
        int v;
        public int get() { return v; }
        public void set(int v) { this.v = v; }
    }

    public static void main(String[] args) {
        System.out.println(Named.make());
        System.out.println("diamond: " + new Diamond().name());
        System.out.println("chosen: " + new Chosen().name());
        System.out.println("both: " + new Both().name());
        System.out.println("inherits: " + new Inherits().name());
        System.out.println("whole: " + new Whole().name());
        new Runs().run(); // does not initialise NoDefault, which has no default method
        System.out.println(NoDefault.N);
        System.out.println(Right.N + " " + Named.N);
        Named[] all = {new Diamond(), new Chosen(), new Both(), new Whole(), new Named() { }};
        for (Named n : all) System.out.println(n.name());
        System.out.println(new Cell().twice().twice().increment());
        System.out.println(new Cell().twice());
        System.out.println(Level.LOW.increment() + " " + Level.HIGH.increment());
        Counter c = new Counter() {
            int[] cell = {40};
            public int get() { return cell[0]; }
            public void set(int v) { cell[0] = v; }
            public Counter twice() { set(get() * 2); return Counter.super.twice(); }
        };
        System.out.println(c.twice().twice().get());
        java.util.Iterator<String> none = new java.util.Iterator<String>() {
            public boolean hasNext() { return true; }
            public String next() { return "next"; }
        };
        try {
            none.remove();
        } catch (UnsupportedOperationException e) {
            System.out.println(none.next() + " " + e.getMessage());
        }
    }
}
