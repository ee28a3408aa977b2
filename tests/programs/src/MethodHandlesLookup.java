// java.lang.invoke: finding members of every kind through a Lookup, exact and converting calls, combinators,
// call sites whose target changes, and the exceptions of all of these.
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.SwitchPoint;
import java.lang.invoke.VolatileCallSite;
import java.lang.invoke.WrongMethodTypeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

import static java.lang.invoke.MethodType.methodType;

public class MethodHandlesLookup {
    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    interface Talker { default String talk() { return "default " + name(); } String name(); static String still() { return "static"; } }
    static abstract class Animal implements Talker { protected String kind = "animal"; static int count = 1; abstract int legs(); private String secret() { return "secret " + kind; } }
    static class Cat extends Animal {
        public final int lives;
        Cat(int lives) { this.lives = lives; kind = "cat"; }
        public String name() { return "cat" + lives; }
        int legs() { return 4; }
        @Override public String talk() { return "meow " + MethodHandlesLookup.superTalk(this); }
    }
    static final class Bird extends Animal { public String name() { return "bird"; } int legs() { return 2; } }

    static String superTalk(Cat cat) {
        try {
            MethodHandle above = MethodHandles.privateLookupIn(Cat.class, LOOKUP)
                .findSpecial(Talker.class, "talk", methodType(String.class), Cat.class);
            return (String) above.invoke(cat);
        } catch (Throwable e) {
            return e.toString();
        }
    }

    static int many(byte a, short b, char c, int d, long e, float f, double g, boolean h) { return (int) (a + b + c + d + e + f + g + (h ? 1 : 0)); }
    static String varargs(String first, Object... rest) { return first + Arrays.toString(rest); }
    static long add(long a, int b) { return a + b; }
    static void nothing() { System.out.println("nothing"); }
    static int fail(int n) { throw new IllegalStateException("fail " + n); }

    interface Body { Object run() throws Throwable; }

    static String text(Throwable e) {
        return e.toString().replaceAll("@[0-9a-f]+", "@");
    }

    static void attempt(String what, Body body) {
        try {
            System.out.println(what + ": " + body.run());
        } catch (Throwable e) {
            System.out.println(what + ": " + text(e) + (e.getCause() != null ? " caused by " + text(e.getCause()) : ""));
        }
    }

    static void finding() throws Throwable {
        MethodHandle many = LOOKUP.findStatic(MethodHandlesLookup.class, "many", methodType(int.class, byte.class, short.class, char.class, int.class, long.class, float.class, double.class, boolean.class));
        System.out.println((int) many.invokeExact((byte) 1, (short) 2, 'a', 4, 5L, 6f, 7d, true));
        System.out.println(many.invoke((byte) 1, (byte) 2, 'a', (short) 4, 5, 6L, 7f, Boolean.TRUE));
        System.out.println(many.invokeWithArguments((byte) 1, (short) 2, 'a', 4, 5L, 6f, 7d, false));
        MethodHandle make = LOOKUP.findConstructor(Cat.class, methodType(void.class, int.class));
        Cat cat = (Cat) make.invokeExact(9);
        MethodHandle legs = LOOKUP.findVirtual(Animal.class, "legs", methodType(int.class));
        System.out.println((int) legs.invokeExact((Animal) cat) + " " + (int) legs.invoke(new Bird()));
        MethodHandle name = LOOKUP.findVirtual(Talker.class, "name", methodType(String.class));
        System.out.println((String) name.invokeExact((Talker) cat));
        // Inherited from an interface by an abstract class: no slot of the class's own.
        MethodHandle inherited = LOOKUP.findVirtual(Animal.class, "name", methodType(String.class));
        System.out.println((String) inherited.invokeExact((Animal) new Bird()));
        MethodHandle talk = LOOKUP.findVirtual(Animal.class, "talk", methodType(String.class));
        System.out.println((String) talk.invoke(cat) + " " + (String) talk.invoke(new Bird()));
        MethodHandle secret = LOOKUP.findVirtual(Animal.class, "secret", methodType(String.class));
        System.out.println((String) secret.invoke(cat));
        System.out.println((String) LOOKUP.findStatic(Talker.class, "still", methodType(String.class)).invokeExact());
        System.out.println((int) LOOKUP.findVirtual(Talker.class, "hashCode", methodType(int.class)).invoke(cat) == cat.hashCode());
        System.out.println(LOOKUP.findVirtual(int[].class, "clone", methodType(Object.class)));
        System.out.println(((int[]) LOOKUP.findVirtual(int[].class, "clone", methodType(Object.class)).invoke(new int[] {4, 5})).length);
        MethodHandle getter = LOOKUP.findGetter(Animal.class, "kind", String.class);
        MethodHandle setter = LOOKUP.findSetter(Animal.class, "kind", String.class);
        setter.invoke(cat, "tiger");
        System.out.println((String) getter.invoke(cat) + " " + (int) LOOKUP.findGetter(Cat.class, "lives", int.class).invokeExact(cat));
        LOOKUP.findStaticSetter(Animal.class, "count", int.class).invokeExact(41);
        System.out.println(1 + (int) LOOKUP.findStaticGetter(Animal.class, "count", int.class).invokeExact());
        System.out.println((String) LOOKUP.bind(cat, "talk", methodType(String.class)).invokeExact());
        System.out.println(LOOKUP.unreflect(String.class.getMethod("concat", String.class)).invoke("a", "b"));
        System.out.println(LOOKUP.unreflectConstructor(StringBuilder.class.getConstructor(String.class)).invoke("built"));
        MethodHandleInfo info = LOOKUP.revealDirect(legs);
        System.out.println(info + " " + MethodHandleInfo.referenceKindToString(info.getReferenceKind()));
        LOOKUP.findStatic(MethodHandlesLookup.class, "nothing", methodType(void.class)).invokeExact();
        System.out.println((String) LOOKUP.findStatic(MethodHandlesLookup.class, "varargs", methodType(String.class, String.class, Object[].class)).invoke("v", 1, 'c', null));
        attempt("missing method", () -> LOOKUP.findVirtual(Cat.class, "absent", methodType(void.class)));
        attempt("missing field", () -> LOOKUP.findGetter(Cat.class, "absent", int.class));
        attempt("missing constructor", () -> LOOKUP.findConstructor(Cat.class, methodType(void.class)));
        attempt("wrong kind", () -> LOOKUP.findStatic(Cat.class, "legs", methodType(int.class)));
        attempt("wrong kind", () -> LOOKUP.findVirtual(MethodHandlesLookup.class, "nothing", methodType(void.class)));
        attempt("wrong kind of field", () -> LOOKUP.findStaticGetter(Cat.class, "lives", int.class));
        attempt("final field", () -> LOOKUP.findSetter(Cat.class, "lives", int.class));
        attempt("private", () -> LOOKUP.findVirtual(String.class, "isLatin1", methodType(boolean.class)));
        attempt("private field", () -> LOOKUP.findGetter(String.class, "value", byte[].class));
        attempt("public lookup", () -> MethodHandles.publicLookup().findStatic(MethodHandlesLookup.class, "nothing", methodType(void.class)));
        attempt("abstract super", () -> ((MethodHandle) MethodHandles.privateLookupIn(Bird.class, LOOKUP).findSpecial(Animal.class, "legs", methodType(int.class), Bird.class)).invoke(new Bird()));
    }

    static void calling() throws Throwable {
        MethodHandle add = LOOKUP.findStatic(MethodHandlesLookup.class, "add", methodType(long.class, long.class, int.class));
        attempt("exact type", () -> (int) add.invokeExact(1, 2));
        attempt("wrong arity", () -> add.invoke(1L));
        attempt("wrong argument", () -> add.invoke("one", 2));
        attempt("unboxes null", () -> add.invoke(1L, (Integer) null));
        attempt("with arguments", () -> add.invokeWithArguments(List.of(1, 2, 3)));
        attempt("fails", () -> LOOKUP.findStatic(MethodHandlesLookup.class, "fail", methodType(int.class, int.class)).invoke(3));
        attempt("null handle", () -> { MethodHandle none = null; return (int) none.invokeExact(); });
        attempt("null receiver", () -> (int) LOOKUP.findVirtual(String.class, "length", methodType(int.class)).invokeExact((String) null));
        attempt("null member", () -> (String) LOOKUP.findVirtual(Talker.class, "name", methodType(String.class)).invokeExact((Talker) null));
        attempt("cast", () -> LOOKUP.findVirtual(String.class, "length", methodType(int.class)).invoke((Object) 5));
        attempt("reflected", () -> MethodHandle.class.getMethod("invokeExact", Object[].class).invoke(add, (Object) new Object[] {1}));
        attempt("reflected", () -> java.lang.invoke.VarHandle.class.getMethod("get", Object[].class)
            .invoke(MethodHandles.arrayElementVarHandle(int[].class), (Object) new Object[] {1}));
        Object boxed = add.invoke((byte) 5, (short) 6);
        System.out.println(boxed.getClass() + " " + boxed);
        System.out.println((double) (long) add.invoke('a', 1) + " " + add.asType(methodType(Object.class, Object.class, Object.class)).invoke(3L, 4));
        System.out.println(add.type() + " " + add.type().toMethodDescriptorString() + " " + add);
    }

    static int twice(int n) { return 2 * n; }
    static boolean even(int n) { return n % 2 == 0; }
    static String caught(IllegalStateException e, int n) { return "caught " + e.getMessage() + n; }
    static String orFail(int n) { if (n > 1) { throw new IllegalStateException("big"); } return "fine " + n; }
    static String cleanup(Throwable t, String result, int n) { return "cleanup " + (t == null) + result + n; }

    static void combining() throws Throwable {
        MethodHandle twice = LOOKUP.findStatic(MethodHandlesLookup.class, "twice", methodType(int.class, int.class));
        MethodHandle even = LOOKUP.findStatic(MethodHandlesLookup.class, "even", methodType(boolean.class, int.class));
        MethodHandle add = LOOKUP.findStatic(Integer.class, "sum", methodType(int.class, int.class, int.class));
        System.out.println((int) MethodHandles.insertArguments(add, 0, 40).invokeExact(2));
        System.out.println((int) MethodHandles.filterArguments(add, 1, twice).invokeExact(1, 10));
        System.out.println((int) MethodHandles.filterReturnValue(add, twice).invokeExact(1, 10));
        System.out.println((int) MethodHandles.foldArguments(add, twice).invokeExact(7));
        System.out.println((int) MethodHandles.permuteArguments(add, methodType(int.class, int.class), 0, 0).invokeExact(8));
        System.out.println((int) MethodHandles.dropArguments(twice, 0, String.class, long.class).invokeExact("x", 1L, 4));
        System.out.println((int) MethodHandles.collectArguments(add, 0, twice).invokeExact(5, 1));
        System.out.println((int) MethodHandles.guardWithTest(even, twice, MethodHandles.identity(int.class)).invokeExact(10)
            + " " + (int) MethodHandles.guardWithTest(even, twice, MethodHandles.identity(int.class)).invokeExact(11));
        MethodHandle risky = LOOKUP.findStatic(MethodHandlesLookup.class, "orFail", methodType(String.class, int.class));
        MethodHandle handler = LOOKUP.findStatic(MethodHandlesLookup.class, "caught", methodType(String.class, IllegalStateException.class, int.class));
        MethodHandle safe = MethodHandles.catchException(risky, IllegalStateException.class, handler);
        System.out.println((String) safe.invokeExact(1) + " " + (String) safe.invokeExact(2));
        MethodHandle cleanup = LOOKUP.findStatic(MethodHandlesLookup.class, "cleanup", methodType(String.class, Throwable.class, String.class, int.class));
        MethodHandle tried = MethodHandles.tryFinally(risky, cleanup);
        System.out.println((String) tried.invokeExact(1));
        attempt("tryFinally", () -> (String) tried.invokeExact(2));
        System.out.println(MethodHandles.constant(String.class, "k").invoke() + " " + MethodHandles.zero(long.class).invoke() + " " + MethodHandles.empty(methodType(String.class, int.class)).invoke(1));
        attempt("throws", () -> MethodHandles.throwException(int.class, IllegalStateException.class).invoke(new IllegalStateException("thrown")));
        MethodHandle spread = add.asSpreader(int[].class, 2);
        System.out.println((int) spread.invokeExact(new int[] {20, 22}));
        attempt("spread", () -> (int) spread.invokeExact(new int[] {1}));
        MethodHandle list = LOOKUP.findStatic(Arrays.class, "asList", methodType(List.class, Object[].class));
        System.out.println(list.invoke(1, "two", 3.0) + " " + list.asFixedArity().invoke(new Object[] {"a", "b"}) + " " + list.asCollector(Object[].class, 3).invoke(1, 2, 3) + " " + list.isVarargsCollector());
        System.out.println(MethodHandles.explicitCastArguments(twice, methodType(byte.class, double.class)).invoke(100.9));
        MethodHandle loop = MethodHandles.countedLoop(MethodHandles.constant(int.class, 5), MethodHandles.constant(int.class, 100),
            MethodHandles.permuteArguments(add, methodType(int.class, int.class, int.class), 0, 1));
        System.out.println((int) loop.invokeExact());
        System.out.println((int) MethodHandles.arrayLength(int[].class).invokeExact(new int[3]) + " " + MethodHandles.arrayConstructor(long[].class).invoke(2).getClass().getName());
        System.out.println((String) MethodHandles.arrayElementGetter(String[].class).invokeExact(new String[] {"p", "q"}, 1));
        MethodHandle table = MethodHandles.tableSwitch(MethodHandles.dropArguments(MethodHandles.constant(String.class, "default"), 0, int.class),
            MethodHandles.dropArguments(MethodHandles.constant(String.class, "zero"), 0, int.class), MethodHandles.dropArguments(MethodHandles.constant(String.class, "one"), 0, int.class));
        System.out.println((String) table.invokeExact(0) + (String) table.invokeExact(1) + (String) table.invokeExact(-1));
        int sum = 0;
        for (int i = 0; i < 2000; i++) {
            sum += (int) twice.invokeExact(i);
        }
        System.out.println(sum);
        IntUnaryOperator proxy = MethodHandleProxies.asInterfaceInstance(IntUnaryOperator.class, twice);
        System.out.println(proxy.applyAsInt(12) + " " + MethodHandleProxies.isWrapperInstance(proxy));
    }

    static void sites() throws Throwable {
        MethodHandle one = MethodHandles.constant(int.class, 1);
        MethodHandle two = MethodHandles.constant(int.class, 2);
        for (CallSite site : new CallSite[] {new MutableCallSite(one), new VolatileCallSite(one)}) {
            MethodHandle call = site.dynamicInvoker();
            int before = (int) call.invokeExact();
            site.setTarget(two);
            System.out.println(before + " " + (int) call.invokeExact());
            attempt("type of target", () -> { site.setTarget(MethodHandles.constant(long.class, 1L)); return null; });
        }
        attempt("constant", () -> { new ConstantCallSite(one).setTarget(two); return null; });
        SwitchPoint point = new SwitchPoint();
        MethodHandle guarded = point.guardWithTest(one, two);
        int valid = (int) guarded.invokeExact();
        SwitchPoint.invalidateAll(new SwitchPoint[] {point});
        System.out.println(valid + " " + (int) guarded.invokeExact() + " " + point.hasBeenInvalidated());
        CallSite lambda = LambdaMetafactory.metafactory(LOOKUP, "applyAsInt", methodType(IntUnaryOperator.class), methodType(int.class, int.class),
            LOOKUP.findStatic(MethodHandlesLookup.class, "twice", methodType(int.class, int.class)), methodType(int.class, int.class));
        System.out.println(((IntUnaryOperator) lambda.getTarget().invokeExact()).applyAsInt(50));
    }

    static void types() {
        MethodType type = methodType(String.class, int.class, long[].class, Object.class);
        System.out.println(type + " " + type.generic() + " " + type.wrap() + " " + type.dropParameterTypes(0, 2) + " " + type.erase());
        System.out.println(MethodType.fromMethodDescriptorString("(I[JLjava/lang/Object;)Ljava/lang/String;", null) == type);
        attempt("void parameter", () -> methodType(int.class, void.class));
        attempt("bad descriptor", () -> MethodType.fromMethodDescriptorString("(I", null));
        attempt("unknown class", () -> MethodType.fromMethodDescriptorString("(Lno/Such;)V", MethodHandlesLookup.class.getClassLoader()));
    }

    public static void main(String[] args) throws Throwable {
        finding();
        calling();
        combining();
        sites();
        types();
        List<String> names = new ArrayList<>();
        for (StackTraceElement e : (StackTraceElement[]) LOOKUP.findVirtual(Throwable.class, "getStackTrace", methodType(StackTraceElement[].class)).invoke(new Throwable())) {
            names.add(e.getMethodName());
        }
        System.out.println(names);
    }
}
