/* Exercises: overriding, hiding, super calls, protected access, abstract classes, final methods, fields
 * by static type, private methods that do not override (JVMS §5.4.6, §6.5 invokevirtual/invokespecial). */
public class Inheritance {
    abstract static class Drink {
        protected String name = "drink";
        static String kind() { return "Drink.kind"; }

        Drink() { System.out.println("Drink() sees " + describe()); }

        abstract int price();
        String describe() { return name + " at " + price(); }
        private String secret() { return "drink's secret"; }
        String tell() { return secret(); }
        final String fixed() { return "fixed " + price(); }
        String over(Object o) { return "Object"; }
        String over(String s) { return "String"; }
        String over(Integer i) { return "Integer"; }
        String over(int i) { return "int"; }
        String over(long l) { return "long"; }
        String over(char... c) { return "chars"; }
    }

    static class Coffee extends Drink {
        protected String name = "coffee";
        int shots = 1;
        static String kind() { return "Coffee.kind"; }

        Coffee() { this(2); }

        Coffee(int shots) {
            super();
            this.shots = shots;
            System.out.println("Coffee() sees " + describe());
        }

        int price() { return 10 * shots; }
        String secret() { return "coffee's secret"; }
        String both() { return name + "/" + super.name + "/" + ((Drink) this).name; }
    }

    static class Latte extends Coffee {
        String name = "latte";

        @Override
        int price() { return super.price() + 5; }

        @Override
        String describe() { return "[" + super.describe() + "]"; }

        @Override
        String over(Object o) { return "Latte's Object"; }

        String tell() { return super.tell() + ", " + secret(); }
        Latte itself() { return this; }
    }

    static class Deep1 { int f(int x) { return x + 1; } }
    static class Deep2 extends Deep1 { int f(int x) { return super.f(x) * 2; } }
    static class Deep3 extends Deep2 { }
    static class Deep4 extends Deep3 { int f(int x) { return super.f(x) * 3; } }
    static class Deep5 extends Deep4 { int g(int x) { return super.f(x) + f(x); } int f(int x) { return -x; } }

    public static void main(String[] args) {
        Drink[] drinks = {new Coffee(), new Latte(), new Drink() { int price() { return -1; } }};
        for (Drink d : drinks) {
            System.out.println(d.describe() + " " + d.tell() + " " + d.fixed() + " " + d.name + " " + d.kind());
            System.out.println(d.over("s") + " " + d.over((Object) "s") + " " + d.over(5) + " " + d.over(5L) + " " + d.over('c') + " "
                    + d.over((Integer) 5) + " " + d.over() + " " + d.over(2.0) + " " + d.over((byte) 1));
        }
        Latte latte = (Latte) drinks[1];
        System.out.println(latte.name + " " + ((Coffee) latte).name + " " + ((Drink) latte).name + " " + latte.both());
        ((Coffee) latte).shots += 3;
        System.out.println(latte.itself().price());
        System.out.println(drinks[2].getClass().getName() + " " + drinks[2].getClass().getSuperclass().getName());
        Deep1[] deep = {new Deep1(), new Deep2(), new Deep3(), new Deep4(), new Deep5()};
        for (Deep1 d : deep) System.out.println(d.getClass().getSimpleName() + " " + d.f(10) + " " + (d instanceof Deep3));
        System.out.println(new Deep5().g(7));
    }
}
