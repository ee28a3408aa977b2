import java.lang.classfile.*;
import java.lang.constant.*;
import java.lang.invoke.*;
import java.util.*;

/** Exercises: invokespecial of superinterfaces' and superclasses' methods, verified and linked; the order in which supertypes are looked for. */
public class SpecialCalls {
    public interface Top { default String name() { return "top"; } }
    public interface Middle extends Top {}
    public interface Own extends Top { default String name() { return "own"; } }
    public static class Parent implements Top { public String name() { return "parent"; } }
    public static class Child extends Parent { public String name() { return "child"; } }

    interface Hidden {}
    interface AlsoHidden {}
    sealed interface Closed permits Inside {}
    static final class Inside implements Closed {}
    static sealed class Shut permits In {}
    static final class In extends Shut {}

    static final ClassDesc STRING = ConstantDescs.CD_String;

    static ClassDesc nested(String name) {
        return ClassDesc.of("SpecialCalls$" + name);
    }

    /** A class of the version whose method `call` says invokespecial owner.name(). */
    static byte[] caller(int major, ClassDesc parent, List<ClassDesc> interfaces, ClassDesc owner, boolean interfaceConstant, boolean constant) {
        return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS).build(ClassDesc.of("Made"), c -> {
            c.withVersion(major, 0).withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER).withSuperclass(parent).withInterfaceSymbols(interfaces);
            c.withMethodBody("<init>", ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, b -> b.aload(0).invokespecial(parent, "<init>", ConstantDescs.MTD_void).return_());
            c.withMethodBody("call", MethodTypeDesc.of(STRING), ClassFile.ACC_PUBLIC, b -> {
                if (constant) {
                    b.ldc(MethodHandleDesc.ofMethod(interfaceConstant ? DirectMethodHandleDesc.Kind.INTERFACE_SPECIAL : DirectMethodHandleDesc.Kind.SPECIAL, owner, "name", MethodTypeDesc.of(STRING)));
                    b.aload(0).invokevirtual(ClassDesc.of("java.lang.invoke.MethodHandle"), "invoke", MethodTypeDesc.of(STRING, ClassDesc.of("Made"))).areturn();
                } else b.aload(0).invokespecial(owner, "name", MethodTypeDesc.of(STRING), interfaceConstant).areturn();
            });
        });
    }

    static class Loader extends ClassLoader {
        final boolean tells;

        Loader(boolean tells) {
            super(SpecialCalls.class.getClassLoader());
            this.tells = tells;
        }

        Class<?> define(byte[] b) {
            return defineClass(null, b, 0, b.length);
        }

        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (tells) System.out.println("   looks for " + name);
            return super.loadClass(name, resolve);
        }
    }

    static void say(String text) {
        System.out.println(text.replaceAll("@[0-9a-f]{5,8}", "@"));
    }

    static void attempt(String what, byte[] b) {
        try {
            Class<?> c = new Loader(false).define(b);
            say(what + ": " + c.getMethod("call").invoke(c.getConstructor().newInstance()));
        } catch (java.lang.reflect.InvocationTargetException e) {
            say(what + ": in it " + e.getCause());
        } catch (Throwable e) {
            say(what + ": " + e);
        }
    }

    static void specials() {
        ClassDesc object = ConstantDescs.CD_Object;
        for (int major : new int[] {48, 51, 52, 69}) {
            for (boolean constant : new boolean[] {false, true}) {
                if (constant && major < 51) continue;
                for (boolean kind : new boolean[] {true, false}) {
                    String how = major + (constant ? " handle " : " call ") + (kind ? "InterfaceMethodref " : "Methodref ");
                    attempt(how + "direct", caller(major, object, List.of(nested("Top")), nested("Top"), kind, constant));
                    attempt(how + "inherited by direct", caller(major, object, List.of(nested("Middle")), nested("Middle"), kind, constant));
                    attempt(how + "indirect", caller(major, object, List.of(nested("Middle")), nested("Top"), kind, constant));
                    attempt(how + "indirect and direct", caller(major, object, List.of(nested("Middle"), nested("Top")), nested("Top"), kind, constant));
                    attempt(how + "hidden indirect", caller(major, object, List.of(nested("Own")), nested("Top"), kind, constant));
                    attempt(how + "of the superclass", caller(major, nested("Parent"), List.of(), nested("Top"), kind, constant));
                    attempt(how + "superclass", caller(major, nested("Parent"), List.of(), nested("Parent"), kind, constant));
                    attempt(how + "superclass of superclass", caller(major, nested("Child"), List.of(), nested("Parent"), kind, constant));
                    attempt(how + "unrelated", caller(major, object, List.of(nested("Top")), nested("Child"), kind, constant));
                    attempt(how + "unrelated interface", caller(major, object, List.of(), nested("Top"), kind, constant));
                    attempt(how + "missing", caller(major, object, List.of(), ClassDesc.of("Missing"), kind, constant));
                }
            }
        }
    }

    /** Supertypes that are there, are not there, are no names; and the file cut behind each. */
    static void supertypes() {
        ClassDesc comparable = ClassDesc.of("java.lang.Comparable"), missing = ClassDesc.of("Missing"), other = ClassDesc.of("AlsoMissing"), string = STRING;
        List<List<ClassDesc>> lists = List.of(List.of(comparable, missing), List.of(missing, comparable), List.of(comparable, comparable), List.of(missing, missing), List.of(string, missing), List.of(missing, string), List.of(comparable, string, other));
        ClassDesc object = ConstantDescs.CD_Object;
        define("two hidden", caller(69, object, List.of(nested("Hidden"), nested("AlsoHidden")), object, false, false));
        define("hidden and closed", caller(69, object, List.of(nested("Hidden"), nested("Closed")), object, false, false));
        define("closed and hidden", caller(69, object, List.of(nested("Closed"), nested("Hidden")), object, false, false));
        define("shut and closed", caller(69, nested("Shut"), List.of(nested("Closed")), object, false, false));
        define("final and closed", caller(69, nested("In"), List.of(nested("Closed")), object, false, false));
        define("an interface and closed", caller(69, nested("Top"), List.of(nested("Closed")), object, false, false));
        for (ClassDesc parent : List.of(ConstantDescs.CD_Object, ClassDesc.of("MissingParent"))) {
            for (List<ClassDesc> list : lists) {
                byte[] b = caller(69, parent, list, ConstantDescs.CD_Object, false, false);
                System.out.println(" " + parent.displayName() + " " + list.stream().map(ClassDesc::displayName).toList());
                int at = header(b, list.size());
                define("whole", b);
                for (int n = 0; n <= list.size(); n++) define("cut behind " + n, Arrays.copyOf(b, at + 8 + 2 * n));
                define("cut in the middle", Arrays.copyOf(b, at + 8 + 2 * list.size() - 1));
                for (int n = 0; n < list.size(); n++) {
                    byte[] bad = b.clone();
                    bad[at + 8 + 2 * n] = bad[at + 9 + 2 * n] = 0;
                    define("no name " + n, bad);
                }
                byte[] extra = Arrays.copyOf(b, b.length + 1);
                define("a byte more", extra);
            }
        }
    }

    static void define(String what, byte[] b) {
        System.out.println("  " + what);
        try {
            System.out.println("   " + new Loader(true).define(b));
        } catch (Throwable e) {
            say("   " + e);
        }
    }

    /** Where access_flags are: the class says how many interfaces it has, and they are found from behind the pool. */
    static int header(byte[] b, int interfaces) {
        int at = 10, count = (b[8] & 255) << 8 | b[9] & 255;
        for (int i = 1; i < count; i++) {
            switch (b[at]) {
                case 1 -> at += 3 + ((b[at + 1] & 255) << 8 | b[at + 2] & 255);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> at += 5;
                case 5, 6 -> { at += 9; i++; }
                case 15 -> at += 4;
                default -> at += 3;
            }
        }
        return at;
    }

    public static void main(String[] args) throws Throwable {
        specials();
        supertypes();
        MethodHandles.Lookup l = MethodHandles.lookup();
        for (Class<?> owner : List.of(Top.class, Parent.class, Object.class)) {
            try {
                System.out.println(l.findSpecial(owner, owner == Object.class ? "toString" : "name", MethodType.methodType(String.class), SpecialCalls.class));
            } catch (IllegalAccessException e) {
                System.out.println(e.getMessage().replaceAll("@[0-9a-f]+", "@"));
            }
        }
    }
}
