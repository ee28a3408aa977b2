/* Exercises: try-with-resources: closing order, suppressed exceptions, null resources, exceptions from
 * constructors and close (JLS §14.20.3). */
public class TryWithResources {
    static class Resource implements AutoCloseable {
        final String name;
        final boolean failOnClose;

        Resource(String name, boolean failOnOpen, boolean failOnClose) {
            this.name = name;
            this.failOnClose = failOnClose;
            if (failOnOpen) throw new IllegalStateException("open " + name);
            System.out.println("open " + name);
        }

        Resource(String name) { this(name, false, false); }

        @Override
        public void close() {
            System.out.println("close " + name);
            if (failOnClose) throw new IllegalArgumentException("close " + name);
        }
    }

    static class Checked implements AutoCloseable {
        public void close() throws Exception { throw new Exception("checked close"); }
    }

    static void report(Throwable t) {
        System.out.println("caught " + t.getMessage());
        for (Throwable s : t.getSuppressed()) {
            System.out.println("  suppressed " + s.getMessage() + ", with " + s.getSuppressed().length);
        }
    }

    static int returning() {
        try (Resource r = new Resource("returning")) {
            return r.name.length();
        } finally {
            System.out.println("finally");
        }
    }

    static void run(boolean openB, boolean closeA, boolean closeB, boolean body) {
        System.out.println("-- " + openB + " " + closeA + " " + closeB + " " + body);
        try (Resource a = new Resource("a", false, closeA); Resource b = new Resource("b", openB, closeB)) {
            System.out.println("body " + a.name + b.name);
            if (body) throw new RuntimeException("body");
        } catch (RuntimeException e) {
            report(e);
        } finally {
            System.out.println("finally");
        }
    }

    public static void main(String[] args) throws Exception {
        for (int bits = 0; bits < 16; bits++) run((bits & 8) != 0, (bits & 4) != 0, (bits & 2) != 0, (bits & 1) != 0);
        System.out.println(returning());
        try (Resource none = null) {
            System.out.println("null resource is fine: " + (none == null));
        }
        try (Checked c = new Checked()) {
            System.out.println("in checked");
        } catch (Exception e) {
            report(e);
        }
        final Resource outside = new Resource("outside");
        try (outside; Checked c = new Checked()) {
            throw new Error("body error");
        } catch (Error e) {
            report(e);
        }
        for (int i = 0; i < 3; i++) {
            try (Resource r = new Resource("loop" + i)) {
                if (i == 0) continue;
                if (i == 1) break;
                System.out.println("not reached");
            }
        }
        try (Resource x = new Resource("x")) {
            try (Resource y = new Resource("y", false, true)) {
                throw new Exception("innermost");
            }
        } catch (Exception e) {
            report(e);
        }
    }
}
