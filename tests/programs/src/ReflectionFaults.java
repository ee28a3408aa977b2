import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/** What reflection says of wrong arguments, and the frames that a trace shows of it. */
public class ReflectionFaults {
    static void two(int number, String text) {
        throw new IllegalStateException(text + number);
    }

    public ReflectionFaults(int number) {
        throw new IllegalStateException("made with " + number);
    }

    static void mixed(String text, boolean x, int y) {}
    static void mixed(String text, byte x, int y) {}
    static void mixed(String text, char x, int y) {}
    static void mixed(String text, short x, int y) {}
    static void mixed(String text, int x, int y) {}
    static void mixed(String text, long x, int y) {}
    static void mixed(String text, float x, int y) {}
    static void mixed(String text, double x, int y) {}

    static void attempt(String what, Callable<?> action) {
        try {
            System.out.println(what + ": " + action.call());
        } catch (Throwable e) {
            System.out.println(what + ": " + e);
        }
    }

    static void set(String what, Runnable action) {
        attempt(what, () -> {
            action.run();
            return "done";
        });
    }

    public static void main(String[] args) throws Exception {
        int[] ints = new int[3];
        byte[] bytes = new byte[1];
        Object[] objects = new Object[2];
        attempt("get", () -> Array.get(ints, 3));
        attempt("getInt", () -> Array.getInt(ints, -1));
        attempt("getLong of byte", () -> Array.getLong(bytes, 1));
        attempt("getInt of object", () -> Array.getInt(objects, 9));
        attempt("getBoolean of int", () -> Array.getBoolean(ints, 0));
        set("set", () -> Array.set(ints, 3, "s"));
        set("set type", () -> Array.set(ints, 1, "s"));
        set("set null", () -> Array.set(ints, 9, null));
        set("setInt of object", () -> Array.setInt(objects, 9, 1));
        set("setDouble of int", () -> Array.setDouble(ints, 1, 1));
        set("set of String", () -> Array.set(new String[1], 0, 3));
        set("set of String, index", () -> Array.set(new String[1], 9, 3));
        attempt("no array", () -> Array.get("x", 0));
        attempt("null", () -> Array.get(null, 0));

        Method two = ReflectionFaults.class.getDeclaredMethod("two", int.class, String.class);
        attempt("too few", () -> two.invoke(null, 1));
        attempt("none", () -> two.invoke(null, (Object[]) null));
        attempt("too many", () -> two.invoke(null, 1, "s", 2));
        attempt("wrong type", () -> two.invoke(null, 1, 2));
        Constructor<?> one = ReflectionFaults.class.getConstructor(int.class);
        attempt("constructor", () -> one.newInstance());
        for (Class<?> kind : new Class<?>[] {boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class}) {
            attempt("null for " + kind, () -> ReflectionFaults.class.getDeclaredMethod("mixed", String.class, kind, int.class).invoke(null, "s", null, 2));
        }
        Method mixed = ReflectionFaults.class.getDeclaredMethod("mixed", String.class, long.class, int.class);
        attempt("null behind a wrong reference", () -> mixed.invoke(null, 1, 2L, null));
        attempt("null behind a wrong number", () -> mixed.invoke(null, null, "x", null));
        attempt("wrong number behind null", () -> mixed.invoke(null, null, null, "x"));
        try {
            one.newInstance((Object) null);
        } catch (IllegalArgumentException e) {
            e.printStackTrace(System.out);
        }
        attempt("receiver", () -> String.class.getMethod("length").invoke(3));
        attempt("no receiver", () -> String.class.getMethod("length").invoke(null));

        try {
            two.invoke(null, 7, "s");
        } catch (InvocationTargetException e) {
            e.printStackTrace();
        }
        try {
            one.newInstance(8);
        } catch (InvocationTargetException e) {
            e.printStackTrace();
        }
        for (String name : new String[] {"a..b", ".a", "a.", "a/b", "int", "String[]", "[", "[[V", "[Lno.Such;", "no.Such"}) {
            attempt("forName " + name, () -> Class.forName(name));
            attempt("of the boot loader", () -> Class.forName(name, false, null));
        }

        // A caller-sensitive method sees who called Method.invoke.
        System.out.println(Class.class.getMethod("forName", String.class).invoke(null, "ReflectionFaults"));
        System.out.println(String.class.getPackage() + ", " + java.util.Map.Entry.class.getPackage());
        System.out.println(Package.getPackage("java.lang").getImplementationTitle());
        System.out.println(java.sql.Date.class.getPackage() + ", " + int.class.getPackage() + ", " + int[].class.getPackage());
        boolean found = false;
        for (Package each : Package.getPackages()) {
            found |= each.getName().equals("java.util.concurrent");
        }
        System.out.println(found);
    }
}
