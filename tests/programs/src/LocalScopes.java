import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Locals and the collector: what is out of scope at a call is let go, what is still used stays, in every kind of block. */
public class LocalScopes {
    static WeakReference<Object> last;
    static List<WeakReference<Object>> all = new ArrayList<>();

    static Object make() {
        Object[] made = new Object[10];
        made[0] = new int[100];
        last = new WeakReference<>(made);
        all.add(last);
        return made;
    }

    static void collect() {
        for (int i = 0; i < 3; i++) System.gc();
    }

    static void tell(String what) {
        collect();
        StringBuilder text = new StringBuilder(what);
        for (WeakReference<Object> each : all) text.append(each.refersTo(null) ? " gone" : " there");
        System.out.println(text);
    }

    /** At the loop's head the local of the last round is out of scope. */
    static void loop() {
        all.clear();
        for (int i = 0; i < 4; i++) {
            tell("round " + i);
            Object local = make();
            ((Object[]) local)[1] = i;
        }
        tell("after the loop");
    }

    static void branches(int x) {
        all.clear();
        if (x > 0) {
            Object one = make();
            long wide = 5;
            if (wide < x) x += wide;
        } else {
            double other = 2.5;
            Object two = make();
            if (other > x) x--;
        }
        tell("branches " + x);
    }

    static void failures() {
        all.clear();
        try {
            Object inside = make();
            throw new IllegalStateException(String.valueOf(((Object[]) inside).length));
        } catch (IllegalStateException e) {
            tell("handler " + e.getMessage());
        } finally {
            tell("finally");
        }
    }

    /** All of these are used again: none may go. */
    static int kept(Object a, long b, Object c, double d, Object... more) {
        all.clear();
        Object x = make();
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            Object y = make();
            Object z = i % 2 == 0 ? make() : y;
            collect();
            sum += ((Object[]) x).length + ((Object[]) y).length + ((Object[]) z).length + ((int[]) ((Object[]) y)[0]).length;
        }
        collect();
        return sum + a.toString().length() + (int) b + c.toString().length() + (int) d + more[0].toString().length() + ((int[]) ((Object[]) x)[0]).length;
    }

    /** More locals than are told apart, and instructions with wide indices. */
    static int many() {
        Object a0 = make(), a1 = make(), a2 = make(), a3 = make(), a4 = make(), a5 = make(), a6 = make(), a7 = make();
        long b0 = 1, b1 = 2, b2 = 3, b3 = 4, b4 = 5, b5 = 6, b6 = 7, b7 = 8, b8 = 9, b9 = 10, c0 = 1, c1 = 2, c2 = 3, c3 = 4;
        double d0 = 1, d1 = 2, d2 = 3, d3 = 4, d4 = 5, d5 = 6, d6 = 7, d7 = 8, d8 = 9, d9 = 10, e0 = 1, e1 = 2, e2 = 3, e3 = 4;
        Object f0 = make(), f1 = make(), f2 = make();
        for (int i = 0; i < 2; i++) {
            Object inner = make();
            collect();
            b0 += ((int[]) ((Object[]) inner)[0]).length;
        }
        collect();
        int sum = 0;
        for (Object each : new Object[] {a0, a1, a2, a3, a4, a5, a6, a7, f0, f1, f2}) sum += ((int[]) ((Object[]) each)[0]).length;
        return sum + (int) (b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7 + b8 + b9 + c0 + c1 + c2 + c3
            + d0 + d1 + d2 + d3 + d4 + d5 + d6 + d7 + d8 + d9 + e0 + e1 + e2 + e3);
    }

    static int deep(int depth, Object carried) {
        Object own = depth % 10 == 0 ? make() : carried;
        int below = depth == 0 ? 0 : deep(depth - 1, own);
        if (depth % 50 == 0) collect();
        return below + ((Object[]) own).length + ((int[]) ((Object[]) carried)[0]).length;
    }

    public static void main(String[] args) {
        loop();
        branches(3);
        branches(-3);
        failures();
        System.out.println(kept("a", 2, "c", 4.0, "more"));
        System.out.println(many());
        System.out.println(deep(300, make()));
        System.out.println(last != null);
    }
}
