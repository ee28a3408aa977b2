/* Exercises: ClassCastException messages, with modules and loaders, for classes, interfaces and arrays
 * (JVMS §6.5 checkcast), and instanceof beside each. */
public class CastErrors {
    interface Cup { }
    static class Espresso implements Cup { }
    static final class Doppio extends Espresso { }
    enum Size { SMALL }

    interface Attempt {
        Object run(Object o);
    }

    static void attempt(Object o, Attempt cast) {
        try {
            System.out.println("fine: " + (cast.run(o) == o));
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        Object[] objects = {"text", 5, 'c', new int[0], new String[0], new Espresso(), new Doppio(), Size.SMALL, new Espresso[0], new int[0][0], null,
            new java.util.ArrayList<String>(), Object.class, new Object()};
        Attempt[] casts = {
            new Attempt() { public Object run(Object o) { return (String) o; } },
            new Attempt() { public Object run(Object o) { return (Integer) o; } },
            new Attempt() { public Object run(Object o) { return (Cup) o; } },
            new Attempt() { public Object run(Object o) { return (Doppio) o; } },
            new Attempt() { public Object run(Object o) { return (int[]) o; } },
            new Attempt() { public Object run(Object o) { return (Object[]) o; } },
            new Attempt() { public Object run(Object o) { return (Cup[]) o; } },
            new Attempt() { public Object run(Object o) { return (Comparable<?>) o; } },
            new Attempt() { public Object run(Object o) { return (Cloneable) o; } },
            new Attempt() { public Object run(Object o) { return (java.util.List<?>[]) o; } },
            new Attempt() { public Object run(Object o) { return (Runnable) o; } },
            new Attempt() { public Object run(Object o) { return (Size) o; } },
        };
        for (Attempt cast : casts) for (Object o : objects) attempt(o, cast);
        java.util.ArrayList raw = new java.util.ArrayList();
        raw.add(42);
        @SuppressWarnings("unchecked") java.util.List<String> strings = raw;
        try {
            String s = strings.get(0);
        } catch (ClassCastException e) {
            System.out.println("heap pollution: " + e.getMessage());
        }
        try {
            String.class.cast(5);
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        try {
            Integer.class.asSubclass(String.class);
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        try {
            java.util.TreeSet<Object> set = new java.util.TreeSet<Object>();
            set.add(new Espresso());
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
    }
}
