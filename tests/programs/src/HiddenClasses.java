// Hidden classes (Lookup.defineHiddenClass), and class files made here with java.lang.classfile that javac does not
// make: constants of all loadable kinds, dynamic constants, invokedynamic with bootstrap methods of our own and
// their errors.
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import static java.lang.constant.ConstantDescs.CD_CallSite;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_MethodType;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

public class HiddenClasses {
    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    static final ClassDesc HERE = ClassDesc.of("HiddenClasses");
    static final ClassDesc SUPPLIER = ClassDesc.of("java.util.function.Supplier");
    private static String secret() { return "the host's secret"; }

    interface Body { Object run() throws Throwable; }

    static void attempt(String what, Body body) {
        try {
            System.out.println(what + ": " + body.run());
        } catch (Throwable e) {
            System.out.println(what + ": " + text(e) + (e.getCause() != null ? " caused by " + text(e.getCause()) : ""));
        }
    }

    static String text(Throwable e) {
        return e.toString().replaceAll("0x[0-9a-f]+", "0x").replaceAll("@[0-9a-f]+", "@");
    }

    /** A class that supplies what the code leaves on the stack. */
    static byte[] supplier(String name, Consumer<CodeBuilder> code) {
        return ClassFile.of().build(ClassDesc.of(name), builder -> builder
            .withInterfaceSymbols(SUPPLIER)
            .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, body -> body
                .aload(0).invokespecial(CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_())
            .withMethodBody("get", MethodTypeDesc.of(CD_Object), ClassFile.ACC_PUBLIC, body -> {
                code.accept(body);
                body.areturn();
            }));
    }

    @SuppressWarnings("unchecked")
    static Supplier<Object> make(MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        return (Supplier<Object>) lookup.lookupClass().getDeclaredConstructor().newInstance();
    }

    static Supplier<Object> hidden(Consumer<CodeBuilder> code) throws ReflectiveOperationException {
        return make(LOOKUP.defineHiddenClass(supplier("Hidden", code), true, MethodHandles.Lookup.ClassOption.NESTMATE));
    }

    static void classes() throws Throwable {
        byte[] bytes = supplier("Hidden", code -> code.invokestatic(HERE, "secret", MethodTypeDesc.of(CD_String)));
        MethodHandles.Lookup first = LOOKUP.defineHiddenClass(bytes, true, MethodHandles.Lookup.ClassOption.NESTMATE);
        MethodHandles.Lookup second = LOOKUP.defineHiddenClass(bytes, false, MethodHandles.Lookup.ClassOption.NESTMATE, MethodHandles.Lookup.ClassOption.STRONG);
        Class<?> type = first.lookupClass();
        System.out.println(type.isHidden() + " " + (type != second.lookupClass()) + " " + type.getName().startsWith("Hidden/0x") + " " + type.getSimpleName().startsWith("Hidden/0x")
            + " " + type.descriptorString().startsWith("LHidden.0x") + " " + type.getCanonicalName() + " " + type.getNestHost() + " " + type.isNestmateOf(HiddenClasses.class)
            + " " + (type.getClassLoader() == HiddenClasses.class.getClassLoader()) + " " + type.getModule().isNamed() + " [" + type.getPackageName() + "]");
        System.out.println(type.arrayType().getName().startsWith("[LHidden/0x") + " " + type.arrayType().isHidden() + " " + Arrays.toString(HiddenClasses.class.getNestMembers().length > 0 ? new int[] {1} : new int[0]));
        System.out.println(make(first).get() + ", " + make(second).get());
        attempt("by name", () -> Class.forName("Hidden"));
        attempt("by its whole name", () -> Class.forName(type.getName()));
        Class<?> stranger = LOOKUP.defineHiddenClass(bytes, true).lookupClass();
        System.out.println((stranger.getNestHost() == stranger) + " " + stranger.isNestmateOf(HiddenClasses.class));
        attempt("stranger", () -> ((Supplier<?>) stranger.getDeclaredConstructor().newInstance()).get());
        attempt("cast", () -> type.cast("text"));
        attempt("array", () -> Arrays.asList((Object[]) java.lang.reflect.Array.newInstance(type, 2)));
        attempt("in another package", () -> LOOKUP.defineHiddenClass(supplier("p.Hidden", code -> code.aconst_null()), true));
        attempt("no class file", () -> LOOKUP.defineHiddenClass(new byte[] {1, 2, 3, 4}, true));
        attempt("enum", () -> LOOKUP.defineHiddenClassWithClassData(bytes, null, true));
        Supplier<Object> throwing = hidden(code -> code.new_(ClassDesc.of("java.lang.Throwable")).dup()
            .invokespecial(ClassDesc.of("java.lang.Throwable"), ConstantDescs.INIT_NAME, ConstantDescs.MTD_void));
        StackTraceElement[] trace = ((Throwable) throwing.get()).getStackTrace();
        System.out.println(trace[0].getMethodName() + " " + trace.length);
    }

    static void classData() throws Throwable {
        byte[] bytes = supplier("WithData", code -> code.ldc(DynamicConstantDesc.ofNamed(
            MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, ClassDesc.of("java.lang.invoke.MethodHandles"), "classData",
                MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, CD_Class)), ConstantDescs.DEFAULT_NAME, CD_Object)));
        Object data = new Object() { @Override public String toString() { return "the data"; } };
        MethodHandles.Lookup lookup = LOOKUP.defineHiddenClassWithClassData(bytes, data, true);
        System.gc();
        System.out.println(make(lookup).get() + " " + (make(lookup).get() == data) + " " + MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, Object.class));
        attempt("wrong type", () -> MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, Integer.class));
        attempt("none", () -> MethodHandles.classData(LOOKUP, ConstantDescs.DEFAULT_NAME, Object.class));
    }

    static DirectMethodHandleDesc here(String name, MethodTypeDesc type) {
        return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, HERE, name, type);
    }

    // --- constants ---
    static int made;
    static Object constant(MethodHandles.Lookup lookup, String name, Class<?> type, Object... rest) {
        made++;
        System.out.println("constant " + name + " " + type.getSimpleName() + " " + Arrays.toString(rest));
        return switch (name) {
            case "int" -> 42;
            case "long" -> 1L << 40;
            case "boolean" -> true;
            case "double" -> 2.5;
            case "null" -> null;
            case "fails" -> throw new IllegalStateException("constant fails");
            case "error" -> throw new NoSuchFieldError("constant's error");
            default -> "made " + name;
        };
    }
    static final DirectMethodHandleDesc CONSTANT = here("constant", MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, CD_Class, CD_Object.arrayType()));

    static void boxed(CodeBuilder code, String name, ClassDesc type, ConstantDesc... rest) {
        code.ldc(DynamicConstantDesc.ofNamed(CONSTANT, name, type, rest));
        if (type == CD_int) {
            code.invokestatic(ClassDesc.of("java.lang.Integer"), "valueOf", MethodTypeDesc.of(ClassDesc.of("java.lang.Integer"), CD_int));
        } else if (type == CD_long) {
            code.invokestatic(ClassDesc.of("java.lang.Long"), "valueOf", MethodTypeDesc.of(ClassDesc.of("java.lang.Long"), CD_long));
        } else if (type == ConstantDescs.CD_double) {
            code.invokestatic(ClassDesc.of("java.lang.Double"), "valueOf", MethodTypeDesc.of(ClassDesc.of("java.lang.Double"), ConstantDescs.CD_double));
        } else if (type == ConstantDescs.CD_boolean) {
            code.invokestatic(ClassDesc.of("java.lang.Boolean"), "valueOf", MethodTypeDesc.of(ClassDesc.of("java.lang.Boolean"), ConstantDescs.CD_boolean));
        }
    }

    static void constants() throws Throwable {
        System.out.println(hidden(code -> code.ldc(MethodTypeDesc.of(CD_int, CD_String, CD_long.arrayType()))).get());
        System.out.println(hidden(code -> code.ldc(CONSTANT)).get());
        System.out.println(hidden(code -> code.ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.VIRTUAL, CD_String, "length", MethodTypeDesc.of(CD_int)))).get());
        System.out.println(hidden(code -> code.ldc(MethodHandleDesc.ofConstructor(ClassDesc.of("java.util.ArrayList"), CD_int))).get());
        System.out.println(hidden(code -> code.ldc(MethodHandleDesc.ofField(DirectMethodHandleDesc.Kind.STATIC_GETTER, HERE, "made", CD_int))).get());
        for (String name : new String[] {"text", "null"}) {
            Supplier<Object> one = hidden(code -> boxed(code, name, CD_Object, 1, 2L, 3f, 4.0, "five", CD_String, MethodTypeDesc.of(CD_int)));
            System.out.println(one.get() + " " + one.get());
        }
        Supplier<Object> number = hidden(code -> boxed(code, "int", CD_int));
        System.out.println(number.get() + " " + number.get());
        Supplier<Object> wide = hidden(code -> boxed(code, "long", CD_long, 7));
        System.out.println(wide.get() + " " + wide.get());
        Supplier<Object> flag = hidden(code -> boxed(code, "boolean", ConstantDescs.CD_boolean));
        System.out.println(flag.get() + " " + flag.get());
        Supplier<Object> real = hidden(code -> boxed(code, "double", ConstantDescs.CD_double));
        System.out.println(real.get() + " " + real.get());
        Supplier<Object> nested = hidden(code -> boxed(code, "outer", CD_Object, DynamicConstantDesc.ofNamed(CONSTANT, "int", CD_int), DynamicConstantDesc.ofNamed(CONSTANT, "inner", CD_String)));
        System.out.println(nested.get() + " " + nested.get());
        for (String name : new String[] {"fails", "error", "int"}) {
            Supplier<Object> failing = hidden(code -> boxed(code, name, CD_String));
            attempt("first " + name, failing::get);
            attempt("second " + name, failing::get);
        }
        Supplier<Object> missing = hidden(code -> code.ldc(here("absent", MethodTypeDesc.of(CD_int))));
        attempt("missing", missing::get);
        attempt("missing", missing::get);
        attempt("missing class", hidden(code -> code.ldc(MethodTypeDesc.of(ClassDesc.of("no.Such"))))::get);
        attempt("private", hidden(code -> code.ldc(MethodHandleDesc.ofField(DirectMethodHandleDesc.Kind.GETTER, CD_String, "value", ConstantDescs.CD_byte.arrayType())))::get);
        System.out.println(hidden(code -> code.ldc(DynamicConstantDesc.ofNamed(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, ClassDesc.of("java.lang.invoke.ConstantBootstraps"), "nullConstant",
            MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, CD_Class)), ConstantDescs.DEFAULT_NAME, CD_String))).get());
    }

    // --- call sites ---
    static CallSite bootstrap(MethodHandles.Lookup lookup, String name, MethodType type, Object... rest) throws Throwable {
        System.out.println("bootstrap " + name + type + " " + Arrays.toString(rest) + " for " + lookup.lookupClass().getName().replaceAll("/.*", "/"));
        return switch (name) {
            case "mutable" -> new Counting(type);
            case "null" -> null;
            case "wrong" -> new ConstantCallSite(MethodHandles.constant(long.class, 1L));
            case "fails" -> throw new java.io.IOException("bootstrap fails");
            case "error" -> throw new LinkageError("bootstrap's error");
            case "assertion" -> throw new AssertionError("bootstrap's assertion");
            default -> new ConstantCallSite(MethodHandles.constant(String.class, "linked " + name).asType(type));
        };
    }
    static final DirectMethodHandleDesc BOOTSTRAP = here("bootstrap", MethodTypeDesc.of(CD_CallSite, CD_MethodHandles_Lookup, CD_String, CD_MethodType, CD_Object.arrayType()));

    static final class Counting extends MutableCallSite {
        static Counting last;
        Counting(MethodType type) {
            super(MethodHandles.constant(String.class, "target 0").asType(type));
            last = this;
        }
    }

    static Supplier<Object> dynamic(String name, ConstantDesc... rest) throws ReflectiveOperationException {
        return hidden(code -> code.invokedynamic(DynamicCallSiteDesc.of(BOOTSTRAP, name, MethodTypeDesc.of(CD_Object), rest)));
    }

    static void sites() throws Throwable {
        Supplier<Object> plain = dynamic("plain", 1, "two");
        System.out.println(plain.get() + " " + plain.get());
        // One entry of the constant pool, two instructions, two call sites.
        Supplier<Object> two = hidden(code -> {
            DynamicCallSiteDesc site = DynamicCallSiteDesc.of(BOOTSTRAP, "twice", MethodTypeDesc.of(CD_Object));
            code.invokedynamic(site).pop().invokedynamic(site);
        });
        System.out.println(two.get() + " " + two.get());
        Supplier<Object> mutable = dynamic("mutable");
        System.out.println(mutable.get());
        Counting.last.setTarget(MethodHandles.constant(String.class, "target 1").asType(MethodType.methodType(Object.class)));
        System.gc();
        System.out.println(mutable.get());
        for (String name : new String[] {"null", "wrong", "fails", "error", "assertion"}) {
            Supplier<Object> failing = dynamic(name);
            attempt("first " + name, failing::get);
            attempt("second " + name, failing::get);
        }
        Supplier<Object> unknown = hidden(code -> code.invokedynamic(DynamicCallSiteDesc.of(here("absent", MethodTypeDesc.of(CD_CallSite, CD_MethodHandles_Lookup, CD_String, CD_MethodType)), "x", MethodTypeDesc.of(CD_Object))));
        attempt("unknown bootstrap", unknown::get);
        attempt("unknown bootstrap", unknown::get);
        // Threads that race to link one instruction all see one call site.
        Supplier<Object> raced = hidden(code -> code.invokedynamic(DynamicCallSiteDesc.of(here("racing", MethodTypeDesc.of(CD_CallSite, CD_MethodHandles_Lookup, CD_String, CD_MethodType)), "race", MethodTypeDesc.of(CD_Object))));
        Object[] seen = new Object[8];
        Thread[] threads = new Thread[seen.length];
        for (int i = 0; i < seen.length; i++) {
            int at = i;
            threads[i] = new Thread(() -> seen[at] = raced.get());
            threads[i].start();
        }
        boolean same = true;
        for (int i = 0; i < seen.length; i++) {
            threads[i].join();
            same &= seen[i] == seen[0];
        }
        System.out.println("one call site: " + same);
    }

    static final AtomicInteger RACERS = new AtomicInteger();

    static CallSite racing(MethodHandles.Lookup lookup, String name, MethodType type) {
        RACERS.incrementAndGet();
        Thread.yield();
        return new ConstantCallSite(MethodHandles.constant(Object.class, new Object()));
    }

    // --- handles called from made code ---
    static void handles() throws Throwable {
        MethodTypeDesc type = MethodTypeDesc.of(CD_String, CD_String, CD_String);
        System.out.println(hidden(code -> code
            .ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.VIRTUAL, CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String)))
            .ldc("left ").ldc("right").invokevirtual(CD_MethodHandle, "invokeExact", type)).get());
        Supplier<Object> intrinsic = hidden(code -> code
            .ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.VIRTUAL, CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String)))
            .ldc("left ").ldc("right").invokevirtual(CD_MethodHandle, "invokeBasic", type));
        try {
            System.out.println(intrinsic.get());
        } catch (IllegalAccessError e) {
            System.out.println("invokeBasic is not for everybody");
        }
    }

    public static void main(String[] args) throws Throwable {
        classes();
        classData();
        constants();
        sites();
        handles();
        System.out.println(made + " " + TypeKind.REFERENCE);
    }
}
