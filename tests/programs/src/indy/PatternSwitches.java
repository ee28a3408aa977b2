package indy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Switches over types, records, strings, numbers and enums with patterns: every kind of label, guards, null. */
public class PatternSwitches {
    enum Color {
        RED, GREEN { @Override String say() { return "grass"; } }, BLUE;

        String say() { return "plain"; }
    }

    sealed interface Shape permits Circle, Square, Rest { }

    record Circle(double r) implements Shape { }

    record Square(double side) implements Shape { }

    record Rest(Object any, Shape inner) implements Shape { }

    static String any(Object o) {
        return switch (o) {
            case null -> "null!";
            case String s when s.length() > 3 -> "long " + s;
            case String s -> "short " + s;
            case Integer i when i > 100 -> "big " + i;
            case Integer i -> "int " + i;
            case Long l -> "long " + l;
            case int[] a -> "ints " + a.length;
            case String[] a -> "strings " + a.length;
            case Object[] a -> "objects " + a.length;
            case Color c -> "color " + c.say();
            case Runnable r -> "runnable";
            case CharSequence c -> "chars " + c;
            case Shape s -> "shape " + shape(s);
            default -> "other " + o.getClass().getSimpleName();
        };
    }

    static String shape(Shape s) {
        return switch (s) {
            case Circle(double r) when r > 10 -> "huge";
            case Circle(double r) -> "circle " + r;
            case Square(var side) -> "square " + side;
            case Rest(String t, Circle(double r)) -> "text " + t + " " + r;
            case Rest(Integer n, Rest(var o, var i)) -> "nested " + n + o + i;
            case Rest r -> "rest";
        };
    }

    static String text(String s) {
        return switch (s) {
            case "one" -> "1";
            case "two" -> "2";
            case String t when t.isEmpty() -> "empty";
            case "groß" -> "ß";
            case String t -> "many " + t;
        };
    }

    static String number(Integer n) {
        return switch (n) {
            case 1 -> "one";
            case 2 -> "two";
            case Integer i when i < 0 -> "negative";
            case 1000 -> "thousand";
            case Integer i -> "number " + i;
        };
    }

    static String letter(Character c) {
        return switch (c) {
            case 'a' -> "A";
            case Character d when d > 'x' -> "late";
            case 'b' -> "B";
            case Character d -> "letter";
        };
    }

    static String color(Color c) {
        return switch (c) {
            case RED -> "red";
            case Color x when x == Color.GREEN -> "guarded";
            case BLUE -> "blue";
            case GREEN -> "green";
        };
    }

    static String mixed(Object o) {
        return switch (o) {
            case Color.RED -> "RED";
            case Color c -> "color " + c;
            case Thread.State s -> "state " + s;
            default -> "none";
        };
    }

    static <T> void show(Supplier<T> what) {
        try {
            System.out.println(what.get());
        } catch (Throwable e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) {
        Object[] things = {null, "abcd", "ab", 5, 500, 7L, new int[2], new String[1], new Integer[3], Color.GREEN, (Runnable) () -> { },
            new StringBuilder("sb"), new Circle(1), new Circle(11), new Square(2), new Rest("t", new Circle(3)),
            new Rest(1, new Rest("x", null)), new Rest(1, new Square(1)), new Rest(null, null), 1.5, new ArrayList<>(List.of(1)), Thread.State.NEW};
        for (Object o : things) {
            show(() -> any(o));
            show(() -> mixed(o));
        }
        for (String s : new String[] {"one", "two", "", "groß", "three", null}) {
            show(() -> text(s));
        }
        for (Integer n : new Integer[] {1, 2, -5, 1000, 77, null}) {
            show(() -> number(n));
        }
        for (Character c : new Character[] {'a', 'b', 'z', 'k', null}) {
            show(() -> letter(c));
        }
        for (Color c : new Color[] {Color.RED, Color.GREEN, Color.BLUE, null}) {
            show(() -> color(c));
        }
    }
}
