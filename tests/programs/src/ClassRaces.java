// Threads that meet at first uses: class initialisation (slow, failing, circular), resolution, call sites, loaders, enums, interning.
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;

public class ClassRaces {
    static final AtomicInteger INITIALISED = new AtomicInteger();

    static int slowly(int value) {
        INITIALISED.incrementAndGet();
        for (int i = 0; i < 20; i++) {
            Thread.yield();
        }
        return value;
    }

    static class A { static final Integer VALUE = slowly(1); static final int OF_SUPER = VALUE; }
    static class B extends A { static final Integer OWN = slowly(VALUE + 1); }
    static class C extends B { static final Integer LAST = slowly(OWN + VALUE); }
    interface Defaults { Integer MADE = slowly(7); default int made() { return MADE; } }
    static class WithDefaults implements Defaults { }
    static class Broken { static final Integer NONE = fail(); static int fail() { slowly(0); throw new IllegalStateException("broken"); } }
    static class Holder { static final Object INSTANCE = new Object(); static { slowly(0); } }
    enum Colour { RED { @Override int code() { return 1; } }, GREEN { @Override int code() { return 2; } }; abstract int code(); }
    record Pair(int left, String right) { }
    sealed interface Shape permits Circle, Square { }
    record Circle(int radius) implements Shape { }
    record Square(int side) implements Shape { }

    static int area(Shape shape) {
        return switch (shape) {
            case Circle(int radius) when radius > 10 -> -1;
            case Circle(int radius) -> 3 * radius * radius;
            case Square(int side) -> side * side;
        };
    }

    interface Task { Object run(int number) throws Throwable; }

    // All threads run the task at the same moment; the answers, each once.
    static void race(String name, Task task) throws Exception {
        int count = 8;
        CyclicBarrier barrier = new CyclicBarrier(count);
        Set<String> answers = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    barrier.await();
                    answers.add(String.valueOf(task.run(number)));
                } catch (Throwable e) {
                    answers.add(e.getClass().getSimpleName() + (e.getCause() != null ? " of " + e.getCause().getClass().getSimpleName() : ""));
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(name + " " + answers.stream().sorted().toList() + " " + INITIALISED.getAndSet(0));
    }

    public static void main(String[] args) throws Exception {
        race("subclass first", number -> switch (number % 3) { case 0 -> C.LAST + 0; case 1 -> B.OWN + 1; default -> A.VALUE + 2; });
        race("default methods", number -> new WithDefaults().made());
        race("failing", number -> Broken.NONE);
        Object[] seen = new Object[8];
        race("singleton", number -> { seen[number] = Holder.INSTANCE; return seen[number] == Holder.INSTANCE; });
        race("enum", number -> Colour.valueOf(number % 2 == 0 ? "RED" : "GREEN").code() + Colour.values().length);
        race("lambdas", number -> {
            Supplier<Integer> constant = () -> 5;
            IntFunction<String> capturing = n -> n + constant.get() + "x";
            return capturing.apply(3) + ((Supplier<Object>) StringBuilder::new).get();
        });
        race("records", number -> new Pair(3, "three").equals(new Pair(3, "three")) + " " + new Pair(1, "one") + " " + new Pair(2, "t").hashCode());
        race("patterns", number -> area(new Circle(2)) + area(new Square(3)) + area(new Circle(11)));
        race("method handles", number -> MethodHandles.lookup()
            .findStatic(ClassRaces.class, "area", java.lang.invoke.MethodType.methodType(int.class, Shape.class)).invoke((Shape) new Square(4)));
        race("reflection", number -> ClassRaces.class.getDeclaredMethod("area", Shape.class).invoke(null, new Square(5)));
        race("interning", number -> new String("inter" + "ned by " + (number < 100 ? "all" : "none")).intern() == "interned by all".intern());
        String name = "ClassRaces$Circle";
        race("loading", number -> Class.forName(name).getRecordComponents().length + " " + Class.forName("[L" + name + ";").getComponentType().getSimpleName());
        race("not there", number -> Class.forName("Nowhere" + number % 2));
        race("formatting", number -> String.format("%05d %s %.2f", 42, "x", 1.5));
        AtomicInteger loads = new AtomicInteger();
        ClassLoader loader = new ClassLoader(null) {
            @Override protected Class<?> findClass(String wanted) throws ClassNotFoundException {
                loads.incrementAndGet();
                try (var in = ClassRaces.class.getResourceAsStream("/" + wanted.replace('.', '/') + ".class")) {
                    if (in == null) {
                        throw new ClassNotFoundException(wanted);
                    }
                    byte[] bytes = in.readAllBytes();
                    return defineClass(wanted, bytes, 0, bytes.length);
                } catch (java.io.IOException e) {
                    throw new ClassNotFoundException(wanted, e);
                }
            }
        };
        race("own loader", number -> loader.loadClass("ClassRaces$Square").getDeclaredConstructor(int.class).newInstance(6));
        System.out.println("loads " + loads);
    }
}
