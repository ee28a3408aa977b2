// VarHandles: every kind of variable (fields, static fields, arrays, views of bytes) in every access mode, with the
// conversions of arguments that an asType-like call makes, and their exceptions.
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

public class VarHandlesAll {
    boolean z; byte b; short s; char c; int i; long j; float f; double d; String t = "start"; volatile int shared; final int fixed = 3;
    static int si; static long sj; static String st = "static";

    interface Body { Object run() throws Throwable; }

    static String text(Throwable e) {
        return e.toString().replaceAll("@[0-9a-f]+", "@");
    }

    static void attempt(String what, Body body) {
        try {
            System.out.println(what + ": " + body.run());
        } catch (Throwable e) {
            System.out.println(what + ": " + text(e));
        }
    }

    static VarHandle field(String name, Class<?> type) throws Exception {
        return MethodHandles.lookup().findVarHandle(VarHandlesAll.class, name, type);
    }

    static void fields() throws Throwable {
        VarHandlesAll o = new VarHandlesAll();
        VarHandle i = field("i", int.class);
        i.set(o, 1);
        i.setVolatile(o, (int) i.get(o) + 1);
        i.setOpaque(o, (int) i.getVolatile(o) + 1);
        i.setRelease(o, (int) i.getOpaque(o) + 1);
        System.out.println((int) i.getAcquire(o) + " " + i.compareAndSet(o, 4, 5) + " " + i.compareAndSet(o, 4, 6) + " " + (int) i.compareAndExchange(o, 5, 7)
            + " " + (int) i.compareAndExchangeAcquire(o, 9, 9) + " " + (int) i.compareAndExchangeRelease(o, 7, 8) + " " + o.i);
        System.out.println((int) i.getAndSet(o, 20) + " " + (int) i.getAndAdd(o, 3) + " " + (int) i.getAndAddAcquire(o, 1) + " " + (int) i.getAndAddRelease(o, 1)
            + " " + (int) i.getAndBitwiseOr(o, 0x40) + " " + (int) i.getAndBitwiseAnd(o, 0x4f) + " " + (int) i.getAndBitwiseXor(o, 0xff) + " " + o.i);
        System.out.println((int) i.getAndBitwiseOrAcquire(o, 1) + " " + (int) i.getAndBitwiseAndRelease(o, 0xf0) + " " + (int) i.getAndBitwiseXorAcquire(o, 3)
            + " " + (int) i.getAndSetAcquire(o, 1) + " " + (int) i.getAndSetRelease(o, 2) + " " + o.i);
        while (!i.weakCompareAndSet(o, 2, 3)) { }
        while (!i.weakCompareAndSetPlain(o, 3, 4)) { }
        while (!i.weakCompareAndSetAcquire(o, 4, 5)) { }
        while (!i.weakCompareAndSetRelease(o, 5, 6)) { }
        System.out.println(o.i);
        VarHandle j = field("j", long.class);
        j.set(o, 5L);
        j.set(o, 6);                                     // int widens to long
        System.out.println((long) j.getAndAdd(o, 10L) + " " + (long) j.get(o) + " " + j.compareAndSet(o, 16L, 1L << 40) + " " + o.j);
        Object boxed = j.get(o);
        System.out.println(boxed.getClass() + " " + boxed);
        VarHandle b = field("b", byte.class), s = field("s", short.class), c = field("c", char.class), z = field("z", boolean.class);
        b.set(o, (byte) 127);
        System.out.println((byte) b.getAndAdd(o, (byte) 1) + " " + o.b + " " + b.compareAndSet(o, (byte) -128, (byte) 3) + " " + (byte) b.getAndBitwiseOr(o, (byte) 8) + " " + o.b);
        s.setVolatile(o, (short) -2);
        System.out.println((short) s.getAndAdd(o, (short) 5) + " " + (short) s.getAndSet(o, (short) 9) + " " + s.weakCompareAndSet(o, (short) 9, (short) 10) + " " + o.s);
        c.set(o, 'x');
        System.out.println((char) c.getAndAdd(o, (char) 1) + " " + (char) c.getAcquire(o) + " " + (char) c.compareAndExchange(o, 'y', 'z') + " " + o.c);
        z.set(o, true);
        System.out.println((boolean) z.getAndBitwiseXor(o, true) + " " + (boolean) z.getAndBitwiseOr(o, true) + " " + z.compareAndSet(o, true, false) + " " + o.z);
        VarHandle f = field("f", float.class), d = field("d", double.class);
        f.set(o, 1.5f);
        d.set(o, 2.5);
        System.out.println((float) f.getAndAdd(o, 1f) + " " + (double) d.getAndAdd(o, -1.0) + " " + f.compareAndSet(o, 2.5f, 0f) + " " + (double) d.getAndSet(o, 9.0) + " " + o.f + " " + o.d);
        VarHandle t = field("t", String.class);
        System.out.println((String) t.getAndSet(o, "next") + " " + t.compareAndSet(o, "next", "last") + " " + (String) t.compareAndExchange(o, "no", "x") + " " + o.t);
        t.set(o, null);
        System.out.println(t.get(o) + " " + (Object) t.getVolatile(o));
        VarHandle shared = field("shared", int.class);
        Thread[] threads = new Thread[4];
        for (int n = 0; n < threads.length; n++) {
            threads[n] = new Thread(() -> { for (int k = 0; k < 500; k++) { shared.getAndAdd(o, 1); } });
            threads[n].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(o.shared);
        VarHandle fixed = field("fixed", int.class);
        System.out.println((int) fixed.get(o) + " " + fixed.isAccessModeSupported(VarHandle.AccessMode.SET) + " " + i.isAccessModeSupported(VarHandle.AccessMode.GET_AND_ADD)
            + " " + t.isAccessModeSupported(VarHandle.AccessMode.GET_AND_ADD));
        attempt("final", () -> { fixed.set(o, 4); return o.fixed; });
        attempt("add of a reference", () -> t.getAndAdd(o, "x"));
        attempt("wrong type", () -> { i.set(o, "text"); return null; });
        attempt("wrong value", () -> { t.set(o, (Object) 5); return null; });
        attempt("wrong arity", () -> i.get());
        attempt("null receiver", () -> (int) i.get((VarHandlesAll) null));
        attempt("wrong receiver", () -> (int) i.get((Object) "text"));
        attempt("null handle", () -> { VarHandle none = null; return (int) none.get(o); });
        VarHandle exact = i.withInvokeExactBehavior();
        attempt("exact", () -> (Object) exact.get(o));
        attempt("exact", () -> (int) exact.get(o));
        System.out.println(i.varType() + " " + i.coordinateTypes() + " " + i.accessModeType(VarHandle.AccessMode.COMPARE_AND_SET) + " " + i);
        System.out.println(i.toMethodHandle(VarHandle.AccessMode.GET_AND_ADD).invoke(o, 5) + " " + o.i);
        System.out.println(MethodHandles.varHandleInvoker(VarHandle.AccessMode.GET, MethodType.methodType(int.class, VarHandlesAll.class)).invoke(i, o));
    }

    static void statics() throws Throwable {
        VarHandle si = MethodHandles.lookup().findStaticVarHandle(VarHandlesAll.class, "si", int.class);
        VarHandle sj = MethodHandles.lookup().findStaticVarHandle(VarHandlesAll.class, "sj", long.class);
        VarHandle st = MethodHandles.lookup().findStaticVarHandle(VarHandlesAll.class, "st", String.class);
        si.set(4);
        System.out.println((int) si.getAndAdd(6) + " " + si.compareAndSet(10, 11) + " " + VarHandlesAll.si);
        sj.setVolatile(7L);
        System.out.println((long) sj.getAndBitwiseOr(8L) + " " + (long) sj.getVolatile());
        System.out.println((String) st.getAndSet("changed") + " " + VarHandlesAll.st);
        VarHandle late = MethodHandles.lookup().findStaticVarHandle(Late.class, "value", int.class);
        System.out.println("found");
        System.out.println((int) late.get());
        attempt("missing", () -> MethodHandles.lookup().findStaticVarHandle(VarHandlesAll.class, "absent", int.class));
        attempt("not static", () -> MethodHandles.lookup().findStaticVarHandle(VarHandlesAll.class, "i", int.class));
    }

    static class Late {
        static int value = 77;
        static { System.out.println("Late is initialised"); }
    }

    static void arrays() throws Throwable {
        VarHandle ints = MethodHandles.arrayElementVarHandle(int[].class);
        int[] a = {1, 2, 3};
        System.out.println((int) ints.getAndAdd(a, 1, 40) + " " + ints.compareAndSet(a, 2, 3, 9) + " " + Arrays.toString(a));
        attempt("index", () -> (int) ints.get(a, 3));
        attempt("index", () -> (int) ints.getVolatile(a, -1));
        VarHandle strings = MethodHandles.arrayElementVarHandle(String[].class);
        String[] words = {"a", "b"};
        strings.setRelease(words, 0, "z");
        System.out.println((String) strings.getAcquire(words, 0) + (String) strings.getAndSet(words, 1, "y") + words[1]);
        Object[] hidden = words;
        VarHandle objects = MethodHandles.arrayElementVarHandle(Object[].class);
        attempt("store", () -> { objects.set(hidden, 0, 5); return null; });
        VarHandle longs = MethodHandles.arrayElementVarHandle(long[].class);
        long[] wide = new long[2];
        longs.setVolatile(wide, 1, 5L);
        System.out.println((long) longs.getAndAdd(wide, 1, 2L) + " " + wide[1]);
    }

    static void views() throws Throwable {
        byte[] bytes = new byte[24];
        VarHandle big = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
        VarHandle little = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
        VarHandle real = MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.BIG_ENDIAN);
        big.set(bytes, 1, 0x01020304);
        little.set(bytes, 8, 0x1122334455667788L);
        real.set(bytes, 16, 1.0);
        System.out.println(Arrays.toString(bytes) + " " + (int) big.get(bytes, 1) + " " + Long.toHexString((long) little.get(bytes, 8)) + " " + (double) real.get(bytes, 16));
        attempt("view index", () -> (long) little.get(bytes, 17));
        VarHandle buffer = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer direct = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
        buffer.setVolatile(direct, 4, 99);
        System.out.println((int) buffer.getAndAdd(direct, 4, 1) + " " + direct.getInt(4) + " " + buffer.compareAndSet(direct, 4, 100, 7) + " " + (int) buffer.get(direct, 4));
        attempt("read only", () -> { buffer.set(direct.asReadOnlyBuffer(), 0, 1); return null; });
    }

    static void users() {
        AtomicInteger count = new AtomicInteger();
        System.out.println(count.updateAndGet(n -> n + 5) + " " + count.accumulateAndGet(6, Math::max) + " " + count.getAndIncrement());
        AtomicReference<String> name = new AtomicReference<>("a");
        System.out.println(name.getAndUpdate(text -> text + "b") + " " + name.get() + " " + name.compareAndSet("zz", "y"));
        AtomicLongArray longs = new AtomicLongArray(3);
        longs.addAndGet(1, 5);
        System.out.println(longs);
        LongAdder adder = new LongAdder();
        adder.add(7);
        System.out.println(adder.sum());
        VarHandle.fullFence();
        VarHandle.acquireFence();
        VarHandle.storeStoreFence();
    }

    public static void main(String[] args) throws Throwable {
        fields();
        statics();
        arrays();
        views();
        users();
    }
}
