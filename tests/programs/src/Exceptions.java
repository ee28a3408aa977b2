/* Exercises: exception classes: messages, causes, suppression, own hierarchies, rethrow, exceptions
 * from constructors, initialisers and natives (java.lang.Throwable; JVMS §2.10, §6.5 athrow). */
public class Exceptions {
    static class AppException extends Exception {
        private static final long serialVersionUID = 1;
        final int code;

        AppException(String message, int code, Throwable cause) {
            super(message, cause);
            this.code = code;
        }

        @Override
        public String getMessage() { return super.getMessage() + " (code " + code + ")"; }
    }

    static class Quiet extends RuntimeException {
        private static final long serialVersionUID = 1;

        Quiet() { super("quiet", null, false, false); }
    }

    static class Localised extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getLocalizedMessage() { return "à la carte"; }
    }

    static class Picky {
        final int value;

        Picky(int value) {
            if (value < 0) throw new IllegalArgumentException("negative: " + value);
            this.value = value;
        }
    }

    static void layer(int n) throws AppException {
        try {
            if (n == 0) new Picky(-5);
            layer(n - 1);
        } catch (AppException e) {
            if (n > 2) throw e;
            throw new AppException("layer " + n, n, e);
        } catch (IllegalArgumentException e) {
            throw new AppException("bottom", 42, e);
        }
    }

    static <T extends Throwable> void sneaky(Throwable t) throws T {
        @SuppressWarnings("unchecked") T cast = (T) t;
        throw cast;
    }

    public static void main(String[] args) {
        try {
            layer(4);
        } catch (AppException e) {
            int depth = 0;
            for (Throwable t = e; t != null; t = t.getCause()) System.out.println(depth++ + ": " + t);
        }
        Throwable root = new Throwable();
        System.out.println(root + " " + root.getMessage() + " " + root.getCause() + " " + root.getSuppressed().length);
        System.out.println(new RuntimeException(new Error("inner")).getMessage());
        System.out.println(new AssertionError(42).getMessage() + " " + new AssertionError("text", root).getCause());
        System.out.println(new Localised() + " | " + new Localised().getMessage());
        Quiet quiet = new Quiet();
        quiet.addSuppressed(root);
        System.out.println(quiet + " " + quiet.getStackTrace().length + " " + quiet.getSuppressed().length);
        Exception carrier = new Exception("carrier");
        carrier.addSuppressed(new Exception("first"));
        carrier.addSuppressed(new Error("second"));
        for (Throwable t : carrier.getSuppressed()) System.out.println("suppressed " + t);
        try {
            carrier.addSuppressed(carrier);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            carrier.initCause(root).initCause(quiet);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            new Exception("self").initCause(null).getCause().toString();
        } catch (NullPointerException e) {
            System.out.println("null cause");
        }
        try {
            Exceptions.<RuntimeException>sneaky(new java.io.IOException("checked, unannounced"));
        } catch (Throwable t) {
            System.out.println(t);
        }
        try {
            throw null;
        } catch (NullPointerException e) {
            System.out.println("throw null: " + e.getClass().getName());
        }
        try {
            Object o = "text";
            System.out.println((Integer) o);
        } catch (ClassCastException e) {
            System.out.println("cast refused");
        }
        try {
            Thread.sleep(-1);
        } catch (InterruptedException | IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            Object o = new Exceptions();
            o.wait();
        } catch (IllegalMonitorStateException | InterruptedException e) {
            System.out.println(e);
        }
        try {
            new Exceptions().clone();
        } catch (CloneNotSupportedException e) {
            System.out.println(e);
        }
        StackTraceElement element = new StackTraceElement("a.B", "run", "B.java", 7);
        System.out.println(element + " " + new StackTraceElement("a.B", "run", null, -2) + " " + new StackTraceElement("C", "c", null, 0));
        Throwable made = new Throwable("made");
        made.setStackTrace(new StackTraceElement[] {element});
        made.printStackTrace(System.out);
        StackTraceElement here = new Throwable().getStackTrace()[0];
        System.out.println(here.getClassName() + " " + here.getMethodName() + " " + here.getFileName() + " " + here.getLineNumber() + " " + here.isNativeMethod());
    }
}
