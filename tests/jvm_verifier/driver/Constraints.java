import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Two loaders that mean different classes by one name (JVMS 5.3.4): every way to find out. */
public final class Constraints {
    public static class Item { }

    public static class Base {
        public static Item item = new Item();
        public static Item[] items = {};

        public Item get() { return new Item(); }

        public static void take(Item item) { }

        public static int count(int n, Item[][] items) { return n; }
    }

    public interface Face {
        Item make();
    }

    public abstract static class Maker {
        public Item make() { return new Item(); }
    }

    public static final class Box implements Face {
        public Item make() { return new Item(); }
    }

    public static final class Sub extends Base {
        @Override
        public Item get() { return null; }
    }

    public static final class Impl implements Face {
        public Item make() { return null; }
    }

    public static final class Inherits extends Maker implements Face { }

    public static final class Calls implements Runnable {
        public void run() { Base.take(new Item()); }
    }

    public static final class CallsVirtual implements Runnable {
        public void run() { new Base().get(); }
    }

    public static final class CallsInterface implements Runnable {
        public void run() {
            Face face = new Box();
            face.make();
        }
    }

    public static final class CallsArray implements Runnable {
        public void run() { Base.count(3, null); }
    }

    public static final class Reads implements Runnable {
        public void run() { System.out.println(Base.item != null); }
    }

    public static final class ReadsArray implements Runnable {
        public void run() { System.out.println(Base.items.length); }
    }

    public static final class LoadsLater implements Runnable {
        public void run() {
            Base.take(null);
            System.out.println("taken");
            new Item();
        }
    }

    static final class Isolating extends ClassLoader {
        private final Set<String> own;

        Isolating(String name, ClassLoader parent, String... own) {
            super(name, parent);
            this.own = Set.of(own);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null || !own.contains(name)) {
                return known != null ? known : super.loadClass(name, resolve);
            }
            try (InputStream in = Constraints.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    static void attempt(String label, String name, boolean itemFirst, String... more) {
        String[] own = new String[more.length + 1];
        own[0] = "Constraints$" + name;
        for (int i = 0; i < more.length; i++) {
            own[i + 1] = "Constraints$" + more[i];
        }
        Isolating loader = new Isolating(label, Constraints.class.getClassLoader(), own);
        for (int again = 0; again < 2; again++) {
            try {
                if (itemFirst) {
                    loader.loadClass("Constraints$Item");
                }
                Object made = Class.forName(own[0], true, loader).getDeclaredConstructor().newInstance();
                if (made instanceof Runnable) {
                    ((Runnable) made).run();
                }
                System.out.println(label + ": ok");
            } catch (Throwable e) {
                System.out.println(label + ": " + e);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(new Base().get() != null && Base.item != null);
        for (boolean first : new boolean[] {true, false}) {
            String how = first ? "first" : "later";
            attempt("override " + how, "Sub", first, "Item");
            attempt("interface " + how, "Impl", first, "Item");
            attempt("inherited " + how, "Inherits", first, "Item");
            attempt("inherited too " + how, "Inherits", first, "Item", "Maker");
            attempt("call " + how, "Calls", first, "Item");
            attempt("virtual " + how, "CallsVirtual", first, "Item");
            attempt("interface call " + how, "CallsInterface", first, "Item");
            attempt("array " + how, "CallsArray", first, "Item");
            attempt("field " + how, "Reads", first, "Item");
            attempt("array field " + how, "ReadsArray", first, "Item");
            attempt("wants " + how, "LoadsLater", first, "Item");
            attempt("fine " + how, "Calls", first);
            attempt("fine override " + how, "Sub", first);
            attempt("all own " + how, "Calls", first, "Item", "Base");
        }
        attempt(null, "Calls", true, "Item");
    }
}
