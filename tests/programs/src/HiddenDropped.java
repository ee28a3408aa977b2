import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** Hidden classes go on their own, though their loader lives; those that are strong stay with it. */
public class HiddenDropped {
    static class Body implements IntSupplier {
        static int made;
        final int[][] held = new int[2][2];

        public int getAsInt() {
            made++;
            Object[] own = new Body[3];
            own[0] = this;
            return held.length + made + secret() + own.length;
        }
    }

    static int secret() {
        return 7;
    }

    static final byte[] FILE = ChildFirst.file("HiddenDropped$Body");
    static final List<WeakReference<Class<?>>> all = new ArrayList<>();
    static Object kept;

    public static Class<?> define(ClassOption... options) throws Exception {
        Class<?> made = MethodHandles.lookup().defineHiddenClass(FILE, true, options).lookupClass();
        all.add(new WeakReference<>(made));
        return made;
    }

    static IntSupplier instance(Class<?> made) throws Exception {
        var constructor = made.getDeclaredConstructor();
        constructor.setAccessible(true);
        return (IntSupplier) constructor.newInstance();
    }

    static int many(int count) throws Exception {
        int sum = 0;
        for (int i = 0; i < count; i++) sum += instance(define(i % 2 == 0 ? new ClassOption[0] : new ClassOption[] {ClassOption.NESTMATE})).getAsInt();
        return sum;
    }

    static void keep(String what, ChildFirst.Work work) throws Exception {
        all.clear();
        ChildFirst.aside(work);
        WeakReference<Class<?>> it = all.get(0);
        System.out.print(what + ": " + ChildFirst.stays(it));
        kept = null;
        System.out.println(" then gone: " + ChildFirst.cleared(it));
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 10000;
        int[] sum = new int[1];
        ChildFirst.aside(() -> sum[0] = many(count / 2));
        for (int i = 0; i < 3; i++) System.gc();
        int loaded = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
        ChildFirst.aside(() -> sum[0] += many(count / 2));
        int uncleared = 0;
        for (WeakReference<Class<?>> reference : all) uncleared += ChildFirst.cleared(reference) ? 0 : 1;
        // One may stay: a collector that scans stacks conservatively may meet an old word that looks like it.
        System.out.println("sum " + sum[0] + " cleared: " + (uncleared < 5));
        System.out.println("flat: " + (ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - loaded < 100));
        keep("class", () -> kept = define());
        keep("instance", () -> kept = instance(define()));
        keep("array", () -> kept = java.lang.reflect.Array.newInstance(define(), 3, 3));
        keep("handle", () -> {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(FILE, true);
            all.add(new WeakReference<>(lookup.lookupClass()));
            MethodHandle handle = lookup.findVirtual(lookup.lookupClass(), "getAsInt", MethodType.methodType(int.class));
            kept = handle;
        });
        keep("reflected", () -> kept = define().getDeclaredMethod("getAsInt"));
        keep("lambda of its instance", () -> {
            IntSupplier body = instance(define());
            kept = (IntSupplier) body::getAsInt;
        });
        all.clear();
        ChildFirst.aside(() -> define(ClassOption.STRONG));
        System.out.println("strong: " + ChildFirst.stays(all.get(0)));
        // A strong one goes with its loader.
        all.clear();
        ChildFirst.aside(() -> {
            Class<?> other = new ChildFirst("HiddenDropped", "HiddenDropped$Body").loadClass("HiddenDropped");
            var define = other.getDeclaredMethod("define", ClassOption[].class);
            define.setAccessible(true);
            all.add(new WeakReference<>((Class<?>) define.invoke(null, (Object) new ClassOption[] {ClassOption.STRONG})));
            all.add(new WeakReference<>(other));
        });
        System.out.println("strong in a dropped loader: " + ChildFirst.cleared(all.get(0)) + " " + ChildFirst.cleared(all.get(1)));
    }
}
