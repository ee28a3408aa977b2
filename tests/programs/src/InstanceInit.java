/* Exercises: the order of instance initialisation: default values, super constructors, initialisers,
 * this() chains, virtual calls from constructors, captured values before super (JLS §12.5). */
public class InstanceInit {
    static int serial;

    static int next(String what) {
        System.out.println("  " + ++serial + " " + what);
        return serial;
    }

    static class Base {
        int first = next("Base.first");
        { next("Base block"); }
        final int second;

        Base() { this(next("Base() argument")); next("Base() body"); }
        Base(int v) { second = v; next("Base(int) body"); hook(); }

        void hook() { next("Base.hook"); }
    }

    static class Derived extends Base {
        int value = next("Derived.value");
        final int constant = 42;
        final String text = "text".substring(1);
        String name;
        { name = "block"; }

        Derived() { next("Derived() body"); }
        Derived(String s) { super(next("super argument " + s)); name = s; }

        @Override void hook() { next("Derived.hook value " + value + " constant " + constant + " text " + text + " name " + name); }
    }

    static class Multi extends Derived {
        long l = 1L << 40;
        double d = l;
        boolean z;
        char c;
        byte[] bytes = {1, 2};
        Multi self = this;

        Multi(int a) { this(a, "one"); l++; }
        Multi(int a, String b) { super(b + a); d *= a; }
        Multi() { this(3); }
    }

    static class Copy {
        final int[] cells;
        int total;

        Copy(int... cells) {
            this.cells = cells;
            for (int c : cells) total += c;
        }

        Copy(Copy other) { this(other.cells.clone()); total *= 2; }
    }

    public static void main(String[] args) {
        System.out.println("new Derived()");
        Derived d = new Derived();
        System.out.println(d.first + " " + d.second + " " + d.value + " " + d.name);
        System.out.println("new Derived(\"s\")");
        System.out.println(new Derived("s").name);
        System.out.println("new Multi()");
        Multi m = new Multi();
        System.out.println(m.l + " " + m.d + " " + m.z + " " + (int) m.c + " " + m.bytes[1] + " " + (m.self == m) + " " + m.name);
        System.out.println("anonymous");
        Base b = new Base(7) {
            int extra = next("extra");
            { next("anonymous block"); }
            @Override void hook() { next("anonymous hook " + extra); }
        };
        System.out.println(b.second);
        Copy copy = new Copy(new Copy(1, 2, 3));
        System.out.println(copy.total + " " + copy.cells.length + " " + new Copy().total);
    }
}
