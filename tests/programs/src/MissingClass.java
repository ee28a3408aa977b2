/* Exercises: a class that was there at compile time and is missing at run time: NoClassDefFoundError
 * on first active use only, the same on second use, ClassNotFoundException by name
 * (JVMS §5.3, §5.4.3.1). Absent is left out of the jar. */
public class MissingClass {
    static Object make() {
        return new Absent();
    }

    static int field() {
        return Absent.TABLE[1];
    }

    static boolean check(Object o) {
        return o instanceof Absent;
    }

    static Object array() {
        return new Absent[3];
    }

    static class Round implements Absent.Shape {
        public int area() { return 3; }
    }

    interface Step {
        void run() throws Exception;
    }

    static void attempt(String what, Step step) {
        try {
            step.run();
            System.out.println(what + ": fine");
        } catch (NoClassDefFoundError | ClassNotFoundException e) {
            System.out.println(what + ": " + e + ", cause " + e.getCause());
        } catch (Exception e) {
            System.out.println(what + ": other " + e);
        }
    }

    public static void main(String[] args) {
        for (int i = 0; i < 2; i++) {
            attempt("new", new Step() { public void run() { make(); } });
            attempt("static field", new Step() { public void run() { field(); } });
            attempt("instanceof null", new Step() { public void run() { System.out.println(check(null)); } });
            attempt("instanceof object", new Step() { public void run() { check("x"); } });
            attempt("array", new Step() { public void run() { array(); } });
            attempt("superinterface", new Step() { public void run() { new Round(); } });
        }
        attempt("by name", new Step() { public void run() throws Exception { Class.forName("Absent"); } });
        attempt("no such package", new Step() { public void run() throws Exception { Class.forName("no.such.Thing"); } });
        attempt("present", new Step() { public void run() throws Exception { System.out.println(Class.forName("MissingClass").getName()); } });
        attempt("array by name", new Step() { public void run() throws Exception { System.out.println(Class.forName("[[Ljava.lang.String;").getName()); } });
        attempt("slashes", new Step() { public void run() throws Exception { Class.forName("java/lang/String"); } });
    }
}
