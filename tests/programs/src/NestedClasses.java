/* Exercises: inner, local, anonymous and static nested classes, captured variables, outer instances,
 * private access between nestmates, class names (JVMS §4.7.28-29, §5.4.4; JLS §8.1.3). */
public class NestedClasses {
    private int secret = 1;
    private static int staticSecret = 10;

    private int reveal(int x) { return secret * x; }
    private static int staticReveal() { return staticSecret++; }

    class Inner {
        private int secret = 2;

        class Deeper {
            private int secret = 3;

            int sum() { return secret * 100 + Inner.this.secret * 10 + NestedClasses.this.secret; }
            private void poke() { NestedClasses.this.secret++; Inner.this.secret += 2; staticSecret += 5; }
        }

        int call() { return reveal(7) + staticReveal() + new Deeper().secret; }
    }

    static class Nested {
        private final String name;
        private Nested(String name) { this.name = name; }
        private static Nested of(int n) { return new Nested("nested" + n); }
        private String shout() { return name + "!"; }
        private interface Hidden { int N = 77; private int twice() { return N * 2; } }
    }

    static class Child extends NestedClasses {
        int own() { return ((NestedClasses) this).secret + super.secret; }
    }

    interface Supplier { int get(); }

    static Supplier[] capture(final int base, long step) {
        Supplier[] all = new Supplier[3];
        for (int i = 0; i < all.length; i++) {
            final int index = i;
            class Local implements Supplier {
                int calls;
                public int get() { return base + index * (int) step + calls++; }
            }
            all[i] = i < 2 ? new Local() : new Supplier() {
                int state = base;
                { state *= index; }
                public int get() { return state -= step; }
            };
        }
        return all;
    }

    class Counter {
        Supplier up() { return new Supplier() { public int get() { return ++secret; } }; }
        Supplier down() { return new Supplier() { public int get() { return --secret; } }; }
    }

    static class Outer2 {
        class Base { String who() { return "base in " + tag; } }
        final String tag;
        Outer2(String tag) { this.tag = tag; }
    }

    static class Sub extends Outer2.Base {
        Sub(Outer2 outer) { outer.super(); }
    }

    public static void main(String[] args) {
        NestedClasses outer = new NestedClasses();
        NestedClasses.Inner inner = outer.new Inner();
        Inner.Deeper deeper = inner.new Deeper();
        System.out.println(deeper.sum() + " " + inner.call());
        deeper.poke();
        System.out.println(deeper.sum() + " " + inner.call() + " " + outer.reveal(2) + " " + inner.secret + " " + deeper.secret);
        System.out.println(Nested.of(3).shout() + " " + Nested.of(4).name + " " + new Nested("x").shout());
        System.out.println(((Nested.Hidden) new Nested.Hidden() { }).twice());
        System.out.println(new Child().own());
        for (Supplier s : capture(5, 1000L)) System.out.println(s.get() + " " + s.get() + " " + s.getClass().getName());
        Counter counter = outer.new Counter();
        Supplier up = counter.up(), down = counter.down();
        System.out.println(up.get() + " " + up.get() + " " + down.get() + " " + outer.secret);
        System.out.println(new Sub(new Outer2("outer2")).who());
        Object anonymous = new Object() { @Override public String toString() { return "anonymous " + staticSecret; } };
        System.out.println(anonymous + " " + anonymous.getClass().getName() + " [" + anonymous.getClass().getSimpleName() + "]");
        System.out.println(Inner.Deeper.class.getName() + " " + Inner.Deeper.class.getSimpleName() + " " + int[].class.getSimpleName());
        System.out.println(Inner.class.getEnclosingClass().getName() + " " + Nested.class.isMemberClass() + " " + anonymous.getClass().isAnonymousClass()
                + " " + new Object() { }.getClass().isLocalClass() + " " + Inner.class.getNestHost().getName() + " " + Inner.class.isNestmateOf(Nested.class));
        staticSecret <<= 2;
        outer.secret ^= inner.secret;
        System.out.println(staticSecret + " " + outer.secret);
    }
}
