/* Exercises: every exception that arrays raise, with its message: index, negative size, store check,
 * arraycopy (JVMS §6.5 iaload, newarray, multianewarray, aastore; System.arraycopy). */
public class ArrayErrors {
    interface Attempt {
        void run();
    }

    static int five() { return 5; }

    static void attempt(String what, Attempt attempt) {
        try {
            attempt.run();
            System.out.println(what + ": fine");
        } catch (ArrayIndexOutOfBoundsException | NegativeArraySizeException | ArrayStoreException e) {
            System.out.println(what + ": " + e);
        } catch (RuntimeException e) {
            System.out.println(what + ": other " + e.getClass().getName());
        }
    }

    public static void main(String[] args) {
        final int[] ints = new int[3];
        final byte[] bytes = {1};
        final char[] chars = {};
        final Object[] strings = new String[2];
        final Number[][] numbers = new Integer[2][2];
        attempt("int load", new Attempt() { public void run() { int v = ints[five()]; } });
        attempt("int load -1", new Attempt() { public void run() { int v = ints[-1]; } });
        attempt("int store", new Attempt() { public void run() { ints[3] = 1; } });
        attempt("int min", new Attempt() { public void run() { ints[Integer.MIN_VALUE] = 1; } });
        attempt("int max", new Attempt() { public void run() { ints[Integer.MAX_VALUE]++; } });
        attempt("byte", new Attempt() { public void run() { bytes[1] = 0; } });
        attempt("char", new Attempt() { public void run() { char c = chars[0]; } });
        attempt("short", new Attempt() { public void run() { short[] a = new short[1]; a[2] = 0; } });
        attempt("boolean", new Attempt() { public void run() { boolean[] a = new boolean[7]; a[7] = true; } });
        attempt("long", new Attempt() { public void run() { long[] a = new long[7]; a[-7]++; } });
        attempt("float", new Attempt() { public void run() { float[] a = new float[7]; a[8] += 1; } });
        attempt("double", new Attempt() { public void run() { double[] a = {}; double d = a[0]; } });
        attempt("reference", new Attempt() { public void run() { strings[2] = "x"; } });
        attempt("string ok", new Attempt() { public void run() { strings[1] = "x"; strings[0] = null; } });
        attempt("store Integer", new Attempt() { public void run() { strings[1] = 5; } });
        attempt("store array", new Attempt() { public void run() { strings[1] = new int[0]; } });
        attempt("bounds before type", new Attempt() { public void run() { strings[9] = 5; } });
        attempt("nested", new Attempt() { public void run() { numbers[0][0] = 5; numbers[1][1] = 2.5; } });
        attempt("nested row", new Attempt() { public void run() { ((Object[]) numbers)[1] = new Number[1]; } });
        attempt("negative", new Attempt() { public void run() { int[] a = new int[-five()]; } });
        attempt("negative reference", new Attempt() { public void run() { Object[] a = new String[Integer.MIN_VALUE]; } });
        attempt("negative second", new Attempt() { public void run() { int[][] a = new int[2][-3]; } });
        attempt("negative behind zero", new Attempt() { public void run() { int[][] a = new int[0][-4]; } });
        attempt("copy length", new Attempt() { public void run() { System.arraycopy(ints, 1, ints, 0, 3); } });
        attempt("copy source", new Attempt() { public void run() { System.arraycopy(ints, -1, ints, 0, 1); } });
        attempt("copy target", new Attempt() { public void run() { System.arraycopy(ints, 0, new int[2], 1, 2); } });
        attempt("copy negative", new Attempt() { public void run() { System.arraycopy(strings, 0, strings, 0, -1); } });
        attempt("copy kinds", new Attempt() { public void run() { System.arraycopy(ints, 0, bytes, 0, 1); } });
        attempt("copy to object", new Attempt() { public void run() { System.arraycopy(ints, 0, strings, 0, 1); } });
        attempt("copy from text", new Attempt() { public void run() { System.arraycopy("text", 0, strings, 0, 1); } });
        attempt("copy elements", new Attempt() {
            public void run() { System.arraycopy(new Object[] {"a", 7}, 0, strings, 0, 2); }
        });
        System.out.println("partly copied: " + strings[0] + " " + strings[1]);
        attempt("copy nothing", new Attempt() { public void run() { System.arraycopy(ints, 3, ints, 0, 0); } });
        attempt("copy null", new Attempt() { public void run() { System.arraycopy(null, 0, ints, 0, 1); } });
        attempt("string index", new Attempt() {
            public void run() {
                try {
                    "abc".charAt(3);
                } catch (StringIndexOutOfBoundsException e) {
                    System.out.println(e.getMessage());
                }
            }
        });
        try {
            ints[0] = 1;
            ints[five() - 4] = ints[0] / (ints[2]);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage() + " " + ints[0] + " " + ints[1]);
        }
    }
}
