/* Exercises: the messages that tell which value was null: fields, locals, parameters, arrays, method
 * results, in every kind of instruction (Throwable message computed by the JVM, JEP 358). */
public class HelpfulNpe {
    int number;
    String text;
    HelpfulNpe next;
    static HelpfulNpe shared;
    int[][] grid = new int[2][];
    Object[] things = new Object[1];

    HelpfulNpe self() { return this; }
    static HelpfulNpe nothing() { return null; }
    static int[] noArray(int a, String b) { return null; }

    interface Attempt {
        void run(HelpfulNpe p, int i);
    }

    static class Heir extends HelpfulNpe { }

    static final Attempt[] ATTEMPTS = {
        new Attempt() { public void run(HelpfulNpe p, int i) { Heir.nothing().number = 3; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { Heir.shared.number = 3; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { p.next.number = 1; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { System.out.println(p.next.number); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { p.next.next.text = "x"; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { p.self().next.self(); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { System.out.println(p.text.length()); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { shared.number++; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { nothing().number = 3; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { nothing().self().self(); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { p.grid[i][2] = 5; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { System.out.println(p.grid[1][i + 1]); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { System.out.println(p.grid[i * 2].length); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { p.things[0].toString(); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { noArray(i, "b")[0]++; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { HelpfulNpe local = p.next; local.text = null; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { Object lock = p.text; synchronized (lock) { i++; } } },
        new Attempt() { public void run(HelpfulNpe p, int i) { RuntimeException none = null; throw none; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { throw null; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { Integer boxed = null; i += boxed; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { Boolean flag = (Boolean) p.things[0]; if (flag) i++; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { Runnable r = (Runnable) p.things[i]; r.run(); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { byte[] b = null; b[i] = 1; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { long[] l = null; l[i + 7]++; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { char[] c = null; System.out.println(c[i]); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { double[] d = null; d[0] = 2; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { float[] f = null; f[0] *= 2; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { boolean[] z = null; z[i & 1] = true; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { short[] s = null; s[p.number] = 1; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { String[] s = null; s[p.grid.length] = ""; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { for (String s : (String[]) p.things[0]) i++; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { switch (p.text) { case "a": i++; break; default: i--; } } },
        new Attempt() { public void run(HelpfulNpe p, int i) { (i == 0 ? p.text : "x").length(); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { p.next.grid[1][0] = 7; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { p.next.new Inner(); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { ((HelpfulNpe) p.things[0]).number = 2; } },
        new Attempt() { public void run(HelpfulNpe p, int i) { java.util.Objects.requireNonNull(p.text); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { java.util.Objects.requireNonNull(p.text, "text wanted"); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { throw new NullPointerException(); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { throw new NullPointerException("own message"); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { "a".compareTo(p.text); } },
        new Attempt() { public void run(HelpfulNpe p, int i) { "a".concat(null); } },
    };

    class Inner { }

    public static void main(String[] args) {
        for (int n = 0; n < ATTEMPTS.length; n++) {
            try {
                ATTEMPTS[n].run(new HelpfulNpe(), 0);
                System.out.println(n + ": no exception");
            } catch (NullPointerException e) {
                System.out.println(n + ": " + e.getMessage());
            }
        }
    }
}
