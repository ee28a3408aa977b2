/* Exercises: enums: constants with bodies, abstract methods, fields, interfaces, values(), ordinals,
 * comparison, the old style of switch through $SwitchMap (JLS §8.9, §14.11). */
public class Enums {
    enum Operation {
        ADD("+") { int apply(int a, int b) { return a + b; } },
        SUBTRACT("-") { int apply(int a, int b) { return a - b; } },
        MULTIPLY("*") {
            int apply(int a, int b) { return a * b; }
            @Override boolean commutes() { return true; }
        };

        final String symbol;
        static int made;
        Operation(String symbol) { this.symbol = symbol; }
        abstract int apply(int a, int b);
        boolean commutes() { return this == ADD; }
        static { for (Operation o : values()) made += o.ordinal() + 1; }
    }

    enum Planet implements Comparable<Planet> {
        MERCURY(3.303e+23, 2.4397e6), EARTH(5.976e+24, 6.37814e6), JUPITER(1.9e+27, 7.1492e7);
        private final double mass, radius;
        Planet(double mass, double radius) { this.mass = mass; this.radius = radius; }
        double gravity() { return 6.67300E-11 * mass / (radius * radius); }
    }

    enum Empty { }

    enum Light {
        RED, GREEN, YELLOW;
        Light next() {
            switch (this) {
                case RED: return GREEN;
                case GREEN: return YELLOW;
                default: return RED;
            }
        }
        @Override public String toString() { return name().charAt(0) + name().substring(1).toLowerCase(); }
    }

    enum Singleton { INSTANCE; int count; int hit() { return ++count; } }

    static String describe(Thread.State state) {
        switch (state) {
            case NEW: return "not started";
            case TERMINATED: return "over";
            case RUNNABLE:
            case BLOCKED: return "busy";
            default: return "waiting";
        }
    }

    static int days(int month, Light light) {
        int d = 30;
        switch (light) {
            case RED: d++;
            case GREEN: d += month; break;
            case YELLOW: d = -d;
        }
        return d;
    }

    public static void main(String[] args) {
        for (Operation o : Operation.values()) {
            System.out.println(o + " " + o.symbol + " " + o.ordinal() + " " + o.apply(7, 3) + " " + o.commutes() + " " + o.getDeclaringClass().getName()
                    + " " + o.getClass().getName() + " " + (o.getClass() == Operation.class));
        }
        System.out.println(Operation.made + " " + Empty.values().length);
        for (Planet p : Planet.values()) System.out.println(p.name() + " " + (float) p.gravity() + " " + p.compareTo(Planet.EARTH));
        Light light = Light.RED;
        for (int i = 0; i < 4; i++) {
            System.out.print(light + " ");
            light = light.next();
        }
        System.out.println(light.equals(Light.GREEN) + " " + (light == Light.GREEN));
        for (Light l : Light.values()) System.out.println(l.name() + " " + days(5, l));
        for (Thread.State s : Thread.State.values()) System.out.println(s + " " + describe(s));
        Light[] values = Light.values();
        values[0] = null; // a copy, the enum's own array is untouched
        System.out.println(Light.values()[0] + " " + Singleton.INSTANCE.hit() + " " + Singleton.INSTANCE.hit());
        try {
            days(1, values[0]);
        } catch (NullPointerException e) {
            System.out.println("null has no case");
        }
        System.out.println(Light.class.isEnum() + " " + Operation.ADD.getClass().isEnum() + " " + Light.class.getSuperclass().getName());
    }
}
