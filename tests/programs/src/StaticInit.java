/* Exercises: when and in which order classes are initialised: laziness, superclasses first, constants
 * that do not trigger, recursion and cycles, arrays, threads (JVMS §5.5; JLS §12.4). */
public class StaticInit {
    static int say(String what) {
        System.out.println("  " + what);
        return what.length();
    }

    static class A { static int a = say("A"); static final int CONST = 5; static final Integer BOXED = say("A.BOXED"); static void m() { } }
    static class B extends A { static int b = say("B"); static final String TEXT = "text"; }
    static class C extends B { static { say("C first"); } static int c = say("C.c") + a; static { say("C last"); } }
    interface I { int X = say("I.X"); }
    interface J extends I { int Y = say("J.Y"); default void d() { } }
    static class K implements J { static { say("K"); } }
    static class L implements I { static { say("L"); } }

    static class Ping { static int before = 1; static int seen = Pong.value; static int value = 7; static { say("Ping sees " + seen); } }
    static class Pong { static int value = Ping.value + 100; static { say("Pong sees " + Ping.value + ", " + Ping.before); } }

    static class Forward {
        static { later = 5; }
        static int later = 6;
        static int never;
        static { never = later + 1; }
        static final Forward SELF = new Forward();
        static int count = 10;
        int seen = count;
    }

    static class Holder { static final Holder INSTANCE = new Holder(); private Holder() { say("Holder made"); } }
    static class ByArray { static { say("ByArray"); } }
    static class ByCast { static { say("ByCast"); } }
    static class ByReflection { static { say("ByReflection"); } }

    static class Slow {
        static int value;
        static {
            say("Slow starts");
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                say("interrupted");
            }
            value = 99;
            say("Slow ends");
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println("constants: " + A.CONST + " " + B.TEXT);
        System.out.println("B.a, which A declares:");
        System.out.println(B.a);
        System.out.println("new C:");
        new C();
        System.out.println("C.c again: " + C.c);
        System.out.println("K, whose interface J has a default method:");
        new K();
        System.out.println("L:");
        new L();
        System.out.println("J.X:");
        System.out.println(J.X);
        System.out.println("cycle:");
        System.out.println(Ping.value + " " + Pong.value + " " + Ping.seen);
        System.out.println("forward: " + Forward.later + " " + Forward.never + " " + Forward.SELF.seen + " " + new Forward().seen);
        System.out.println("holder:");
        System.out.println(Holder.INSTANCE == Holder.INSTANCE);
        ByArray[] array = new ByArray[2];
        System.out.println("array made " + array.length);
        Object o = args;
        System.out.println((o instanceof ByCast) + " " + ByReflection.class.getName());
        Class.forName("StaticInit$ByReflection");
        array[0] = new ByArray();
        Thread[] threads = new Thread[3];
        final int[] seen = new int[3];
        for (int i = 0; i < 3; i++) {
            final int index = i;
            threads[i] = new Thread() { public void run() { seen[index] = Slow.value; } };
            threads[i].start();
        }
        for (Thread t : threads) t.join();
        System.out.println(seen[0] + " " + seen[1] + " " + seen[2]);
    }
}
