// Lambdas and method references (JLS §15.13, §15.27): every kind of target, captures, adaptation of
// arguments and results, serializable and intersection targets, errors thrown through them.
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

public class Lambdas {
    interface Shape { default String name() { return "shape of " + sides(); } int sides(); }
    interface Six { Object of(byte a, short b, char c, long d, float e, double f); }
    interface Generic<T extends Comparable<T>> { T pick(T a, T b); }
    interface Marker { }
    interface Thrower { void run() throws Exception; }
    interface SerializableFunction<A, B> extends Function<A, B>, Serializable { }

    private int field = 10;
    private static int counter;

    private int addField(int x) { return x + field; }
    private static String join(Object... parts) { return List.of(parts).toString(); }
    static int twice(int x) { return 2 * x; }
    static long widened(long x) { return x + 1; }
    static Integer boxed(Integer x) { return x == null ? -1 : x * x; }
    protected String inherited() { return "Lambdas.inherited"; }

    static class Sub extends Lambdas {
        @Override protected String inherited() { return "Sub.inherited"; }
        Supplier<String> above() { return super::inherited; }
        Supplier<String> own() { return this::inherited; }
    }

    class Inner {
        final int value;
        Inner(int value) { this.value = value + field; }
    }

    Function<Integer, Inner> makeInner() { return Inner::new; }

    void captures() {
        int local = 3;
        long wide = 1L << 40;
        double real = 0.5;
        String text = "t";
        char letter = 'c';
        boolean flag = true;
        byte small = -7;
        short middle = 300;
        float single = 1.25f;
        Supplier<String> all = () -> "" + local + wide + real + text + letter + flag + small + middle + single + field;
        System.out.println(all.get());
        field = 11;
        System.out.println(all.get());
        Supplier<Supplier<Supplier<Integer>>> nested = () -> () -> () -> local + field;
        System.out.println(nested.get().get().get());
        SerializableFunction<Integer, Integer> add = x -> x + local;
        System.out.println(add.apply(5) + " " + (add instanceof Serializable));
    }

    static void shapes() {
        Shape triangle = () -> 3;
        System.out.println(triangle.name());
        Runnable marked = (Runnable & Marker) () -> System.out.println("marked");
        marked.run();
        System.out.println(marked instanceof Marker);
        Six six = (a, b, c, d, e, f) -> a + b + c + d + e + f;
        System.out.println(six.of((byte) 1, (short) 2, 'a', 4L, 5f, 6d));
        Six joined = Lambdas::join;
        System.out.println(joined.of((byte) 1, (short) 2, 'a', 4L, 5f, 6d));
        Generic<String> longer = (a, b) -> a.compareTo(b) > 0 ? a : b;
        System.out.println(longer.pick("abc", "abd"));
        Class<?> type = triangle.getClass();
        System.out.println(type.isHidden() + " " + type.isSynthetic() + " " + type.getSimpleName().startsWith("Lambdas$$Lambda")
            + " " + type.getPackageName().isEmpty() + " " + (type.getNestHost() == Lambdas.class) + " " + type.getInterfaces()[0]);
    }

    static void references() throws Exception {
        Lambdas lambdas = new Lambdas();
        IntFunction<Integer> bound = lambdas::addField;
        System.out.println(bound.apply(5));
        BiFunction<Lambdas, Integer, Integer> unbound = Lambdas::addField;
        System.out.println(unbound.apply(lambdas, 6));
        Function<Integer, Integer> unboxes = Lambdas::twice;
        System.out.println(unboxes.apply(21));
        IntFunction<Object> boxes = Lambdas::boxed;
        System.out.println(boxes.apply(12));
        IntFunction<Long> widens = Lambdas::widened;
        System.out.println(widens.apply(12));
        LongFunction<String> text = Long::toString;
        System.out.println(text.apply(99));
        Supplier<List<String>> list = ArrayList::new;
        List<String> made = list.get();
        Consumer<String> add = made::add;
        add.accept("x");
        add.andThen(made::add).accept("y");
        System.out.println(made);
        IntFunction<int[][]> arrays = int[][]::new;
        System.out.println(arrays.apply(4).length);
        UnaryOperator<int[]> copy = int[]::clone;
        int[] original = {1, 2};
        System.out.println(copy.apply(original) != original);
        System.out.println(lambdas.makeInner().apply(1).value);
        Sub sub = new Sub();
        System.out.println(sub.above().get() + " " + sub.own().get());
        ToLongFunction<String> length = String::length;
        System.out.println(length.applyAsLong("four"));
        DoubleUnaryOperator root = Math::sqrt;
        System.out.println(root.applyAsDouble(2));
        IntBinaryOperator max = Integer::max;
        System.out.println(max.applyAsInt(3, 9));
        Callable<Object> nothing = () -> null;
        System.out.println(nothing.call());
        Comparator<String> order = Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder());
        List<String> words = new ArrayList<>(List.of("pear", "fig", "apple", "kiwi", "date"));
        words.sort(order);
        System.out.println(words);
        Predicate<String> empty = String::isEmpty;
        System.out.println(empty.negate().or(s -> s == null).test(""));
        BinaryOperator<Integer> sum = Integer::sum;
        System.out.println(sum.andThen(Integer::toBinaryString).apply(40, 2));
        Object receiver = null;
        try {
            Supplier<String> broken = receiver::toString;
            System.out.println(broken);
        } catch (NullPointerException e) {
            System.out.println("null receiver");
        }
    }

    static void same() {
        Supplier<?>[] suppliers = new Supplier<?>[3];
        for (int i = 0; i < 3; i++) {
            int captured = i;
            suppliers[i] = i == 2 ? () -> "two" : () -> captured;
        }
        System.out.println(suppliers[0].get() + " " + suppliers[1].get() + " " + suppliers[2].get()
            + " " + (suppliers[0].getClass() == suppliers[1].getClass()));
        Runnable[] once = new Runnable[2];
        for (int i = 0; i < 2; i++) {
            once[i] = () -> counter++;
        }
        System.out.println(once[0] == once[1]);
        for (int i = 0; i < 1000; i++) {
            once[i & 1].run();
        }
        System.out.println(counter);
    }

    static void errors() {
        Thrower thrower = () -> { throw new java.io.IOException("from a lambda"); };
        try {
            thrower.run();
        } catch (Exception e) {
            System.out.println(e);
            StackTraceElement[] trace = e.getStackTrace();
            System.out.println(trace[0].getMethodName() + " " + trace[1].getMethodName() + " " + trace.length);
        }
        @SuppressWarnings({"unchecked", "rawtypes"})
        Function<Object, Object> raw = (Function) (Function<String, Integer>) String::length;
        try {
            raw.apply(5);
        } catch (ClassCastException e) {
            System.out.println("CCE " + e.getMessage().startsWith("class java.lang.Integer cannot be cast to class java.lang.String"));
        }
        IntSupplier unboxing = () -> (Integer) null;
        try {
            unboxing.getAsInt();
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
    }

    static Function<Integer, Integer> factorial;

    public static void main(String[] args) throws Exception {
        new Lambdas().captures();
        shapes();
        references();
        same();
        errors();
        factorial = n -> n < 2 ? 1 : n * factorial.apply(n - 1);
        System.out.println(factorial.apply(10));
    }
}
