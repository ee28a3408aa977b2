/* Exercises: failing static initialisers: ExceptionInInitializerError first, NoClassDefFoundError
 * later, errors that pass through unwrapped (JVMS §5.5 steps 9-12, JLS §12.4.2). */
public class InitializerErrors {
    static int attempts;

    static class Fails {
        static int value = explode("first");
        static final int CONSTANT = 5;

        static void touch() { }
    }

    static class FailsWithError {
        static { if (attempts >= 0) throw new LinkageError("thrown as it is"); }

        static void touch() { }
    }

    static class Child extends Fails {
        static int other = 1;
    }

    static class Uses {
        static int twice = Fails.value * 2;
    }

    static class Checked {
        static { InitializerErrors.<RuntimeException>sneak(new Exception("checked")); }
    }

    static <T extends Throwable> void sneak(Throwable t) throws T {
        @SuppressWarnings("unchecked") T cast = (T) t;
        throw cast;
    }

    static int explode(String why) {
        attempts++;
        throw new IllegalStateException(why);
    }

    static void show(Throwable t) {
        for (; t != null; t = t.getCause()) System.out.println("  " + t);
    }

    public static void main(String[] args) {
        System.out.println("constants need no initialisation: " + Fails.CONSTANT);
        for (int i = 0; i < 3; i++) {
            System.out.println("attempt " + i);
            try { Fails.touch(); } catch (Throwable t) { show(t); }
        }
        try { System.out.println(Child.other); } catch (Throwable t) { show(t); }
        try { new Child(); } catch (Throwable t) { show(t); }
        try { System.out.println(Uses.twice); } catch (Throwable t) { show(t); }
        try { System.out.println(Uses.twice); } catch (Throwable t) { show(t); }
        for (int i = 0; i < 2; i++) {
            try { FailsWithError.touch(); } catch (Throwable t) { show(t); }
        }
        for (int i = 0; i < 2; i++) {
            try { new Checked(); } catch (Throwable t) { show(t); }
        }
        Fails[] array = new Fails[2]; // an array of a broken class is no use of it
        System.out.println(array.length + " " + (args instanceof Object) + " attempts " + attempts);
    }
}
