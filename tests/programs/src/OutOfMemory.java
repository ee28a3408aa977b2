/* Exercises: OutOfMemoryError from arrays that can never fit, caught, and work goes on
 * (JVMS §6.3, §6.5 newarray; run with a small heap). */
public class OutOfMemory {
    static void attempt(String what, Runnable allocation) {
        try {
            allocation.run();
            System.out.println(what + ": allocated");
        } catch (OutOfMemoryError e) {
            System.out.println(what + ": " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        attempt("int[max]", new Runnable() { public void run() { int[] a = new int[Integer.MAX_VALUE]; } });
        attempt("byte[max]", new Runnable() { public void run() { byte[] a = new byte[Integer.MAX_VALUE]; } });
        attempt("long[max-1]", new Runnable() { public void run() { long[] a = new long[Integer.MAX_VALUE - 1]; } });
        attempt("long[1<<28]", new Runnable() { public void run() { long[] a = new long[1 << 28]; } });
        attempt("Object[1<<28]", new Runnable() { public void run() { Object[] a = new Object[1 << 28]; } });
        attempt("int[4][1<<27]", new Runnable() { public void run() { int[][] a = new int[4][1 << 27]; } });
        attempt("byte[1000]", new Runnable() { public void run() { byte[] a = new byte[1000]; } });
        attempt("growing list", new Runnable() {
            public void run() {
                java.util.ArrayList<long[]> kept = new java.util.ArrayList<long[]>();
                for (int i = 0; i < 1_000_000; i++) kept.add(new long[100_000]);
            }
        });
        attempt("linked", new Runnable() {
            public void run() {
                Object[] head = null;
                for (int i = 0; i < 1_000_000; i++) {
                    Object[] cell = new Object[10_000];
                    cell[0] = head;
                    head = cell;
                }
            }
        });
        int total = 0;
        for (int i = 0; i < 1000; i++) total += new int[10_000].length;
        System.out.println("afterwards " + total);
    }
}
