/* Getters and short library methods, called often enough to be called without a frame, and what they do when they fail. */
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

public class FramelessCalls {
    interface Named { String name(); }

    static class Values implements Named {
        boolean flag = true;
        byte small = -7;
        char letter = '\u20ac';
        short mid = -30000;
        int number = 123456789;
        long big = -1L;
        float half = -0.5f;
        double pi = 3.14159;
        String name = "values";
        volatile int shared = 5;

        boolean flag() { return flag; }
        byte small() { return small; }
        char letter() { return letter; }
        short mid() { return mid; }
        int number() { return number; }
        long big() { return big; }
        float half() { return half; }
        double pi() { return pi; }
        public String name() { return name; }
        int shared() { return shared; }
        synchronized int locked() { return number; }
        final int fixed() { return number; }
        private int hidden() { return number; }
        static int of(Values v) { return v.number; }
    }

    static class More extends Values {
        @Override int number() { return 42; }
        @Override public String name() { return "more " + super.name(); }
    }

    static String all(Values v) {
        return v.flag() + " " + v.small() + " " + (int) v.letter() + " " + v.mid() + " " + v.number() + " " + v.big() + " " + v.half() + " "
            + v.pi() + " " + v.name() + " " + ((Named) v).name() + " " + v.shared() + " " + v.locked() + " " + v.fixed() + " " + v.hidden()
            + " " + Values.of(v);
    }

    interface Action { Object run() throws Throwable; }

    static void attempt(String what, Action action) {
        try {
            System.out.println(what + ": " + action.run());
        } catch (Throwable thrown) {
            Throwable e = thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
            StringBuilder frames = new StringBuilder();
            for (StackTraceElement f : e.getStackTrace()) {
                if (f.getClassName().startsWith("FramelessCalls") || f.getClassName().contains("reflect")) break;
                frames.append(' ').append(f.getClassName()).append('.').append(f.getMethodName());
            }
            System.out.println(what + ": " + e + frames);
        }
    }

    static int sum(String text, ArrayList<Integer> list) {
        int sum = 0;
        for (int i = 0; i < text.length(); i++) sum = sum * 31 + text.charAt(i);
        for (int i = 0; i < list.size(); i++) sum += list.get(i) ^ Objects.checkIndex(i, list.size());
        return sum;
    }

    public static void main(String[] args) throws Throwable {
        Values plain = new Values(), more = new More(), none = null;
        for (int i = 0; i < 5; i++) {
            String one = all(plain), two = all(more);
            if (i == 0 || i == 4) System.out.println(one + "\n" + two);
        }
        plain.number = -1;
        plain.name = null;
        System.out.println(all(plain));
        for (int i = 0; i < 3; i++) {
            attempt("null receiver", () -> none.number());
            attempt("null argument", () -> Values.of(none));
            attempt("null interface", () -> ((Named) none).name().length());
        }

        ArrayList<Integer> list = new ArrayList<>(Arrays.asList(3, 1, 4, 1, 5));
        String wide = "caf\u00e9 \u20ac", narrow = "coffee";
        System.out.println(sum(wide, list) + " " + sum(narrow, list) + " " + sum("", new ArrayList<>()));
        System.out.println(wide.isEmpty() + " " + "".isEmpty() + " " + wide.length() + " " + narrow.hashCode() + " " + narrow.equals("cof" + "fee"));
        for (int bad : new int[] {-1, 6, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            attempt("narrow " + bad, () -> narrow.charAt(bad));
            attempt("wide " + bad, () -> wide.charAt(bad));
            attempt("list " + bad, () -> list.get(bad));
            attempt("index " + bad, () -> Objects.checkIndex(bad, 6));
        }
        MethodHandle charAt = MethodHandles.lookup().findVirtual(String.class, "charAt", MethodType.methodType(char.class, int.class));
        attempt("handle", () -> (char) charAt.invokeExact(narrow, 2));
        attempt("handle bad", () -> (char) charAt.invokeExact(narrow, 7));
        attempt("reflected", () -> String.class.getMethod("charAt", int.class).invoke(narrow, 5));
        attempt("reflected bad", () -> String.class.getMethod("charAt", int.class).invoke(narrow, 6).toString());
        IntUnaryOperator at = narrow::charAt;
        System.out.println(at.applyAsInt(0));

        StringBuilder built = new StringBuilder(4);
        for (char c : "abc\u00ff\u0100\u20acxyz".toCharArray()) built.append(c).append(wide).append(narrow).append((String) null);
        System.out.println(built.length() + " " + built + " " + new StringBuilder(0).append("").append('q').append("rs"));
        byte[] bytes = {1, 2, 3, 4, 5};
        char[] chars = {'p', 'q', 'r'};
        System.out.println(Arrays.toString(Arrays.copyOf(bytes, 7)) + Arrays.toString(Arrays.copyOf(bytes, 2)) + Arrays.toString(Arrays.copyOfRange(bytes, 3, 9))
            + Arrays.toString(Arrays.copyOfRange(bytes, 5, 5)) + new String(Arrays.copyOf(chars, 2)) + new String(Arrays.copyOfRange(chars, 1, 3))
            + narrow.substring(2, 4) + narrow.substring(6) + wide.substring(1, 5) + (Arrays.copyOf(bytes, 5) == bytes));
        for (int bad : new int[] {-1, 6, Integer.MIN_VALUE}) {
            attempt("copy " + bad, () -> Arrays.copyOf(bytes, bad).length);
            attempt("range from " + bad, () -> Arrays.copyOfRange(bytes, bad, 7).length);
            attempt("range to " + bad, () -> Arrays.copyOfRange(chars, 1, bad).length);
            attempt("substring " + bad, () -> narrow.substring(1, bad).length());
        }
        attempt("copy of null", () -> Arrays.copyOf((byte[]) null, 3));

        System.out.println(Math.min(-3, 7) + " " + Math.max(-3, 7) + " " + Math.min(Long.MIN_VALUE, 1L) + " " + Math.max(Long.MAX_VALUE, -1L)
            + " " + Math.max(-1L, -1L) + " " + Math.abs(Integer.MIN_VALUE) + " " + Math.abs(-5) + " " + Math.abs(-0.0) + " " + Math.abs(Double.NaN));
        System.out.println(Double.doubleToRawLongBits(Double.longBitsToDouble(-1L)) + " " + Float.floatToRawIntBits(Float.intBitsToFloat(-1)));
    }
}
