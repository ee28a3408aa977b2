/* Method handles and reflection on caller-sensitive methods: the class library injects an invoker class beside the caller
 * (MethodHandleImpl.BindCaller), one hidden template under a name and in a package of the caller's. */

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ResourceBundle;

public class CallerSensitiveHandles {
    private int secret = 42;

    static class Other {
        private int hidden = 7;
            }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Field mine = CallerSensitiveHandles.class.getDeclaredField("secret");
        Field theirs = Class.forName("java.lang.String").getDeclaredField("hash");

        // A caller-sensitive method that has no adapter, called through a handle, then by reflection.
        MethodHandle canAccess = lookup.findVirtual(AccessibleObject.class, "canAccess", MethodType.methodType(boolean.class, Object.class));
        System.out.println((boolean) canAccess.invoke((AccessibleObject) mine, (Object) new CallerSensitiveHandles()));
        System.out.println((boolean) canAccess.invoke((AccessibleObject) theirs, (Object) "x"));
        Method method = AccessibleObject.class.getMethod("canAccess", Object.class);
        System.out.println(method.invoke(mine, new CallerSensitiveHandles()) + " " + method.invoke(theirs, "x"));

        MethodHandle get = lookup.findVirtual(Field.class, "get", MethodType.methodType(Object.class, Object.class));
        System.out.println((Object) get.invoke(mine, (Object) new CallerSensitiveHandles()));
        Field others = Other.class.getDeclaredField("hidden");
        System.out.println((Object) get.invoke(others, (Object) new Other()));
        try {
            Object value = get.invoke(theirs, (Object) "x");
            System.out.println(value);
        } catch (IllegalAccessException e) {
            System.out.println(e.getMessage().replaceAll("0x[0-9a-f]+", "N"));
        }

        // One with an adapter; the class loader is the caller's.
        MethodHandle forName = lookup.findStatic(Class.class, "forName", MethodType.methodType(Class.class, String.class));
        System.out.println((Class<?>) forName.invoke("CallerSensitiveHandles$Other"));
        MethodHandle loader = lookup.findVirtual(Class.class, "getClassLoader", MethodType.methodType(ClassLoader.class));
        System.out.println((ClassLoader) loader.invoke(String.class));
        try {
            ResourceBundle bundle = (ResourceBundle) lookup.findStatic(ResourceBundle.class, "getBundle",
                MethodType.methodType(ResourceBundle.class, String.class)).invoke("no.such.Bundle");
            System.out.println(bundle);
        } catch (java.util.MissingResourceException e) {
            System.out.println(e.getMessage());
        }

        // The injected class hides itself from a stack walk, and a lookup object is its caller's.
        MethodHandle caller = MethodHandles.publicLookup().findStatic(CallerSensitiveHandles.class, "who", MethodType.methodType(String.class));
        System.out.println((String) caller.invoke());
        MethodHandle look = lookup.unreflect(MethodHandles.class.getMethod("lookup"));
        MethodHandles.Lookup found = (MethodHandles.Lookup) look.invoke();
        System.out.println(found.lookupClass() == CallerSensitiveHandles.class);
        Object reflected = MethodHandles.class.getMethod("lookup").invoke(null);
        System.out.println(((MethodHandles.Lookup) reflected).lookupClass().getName());
    }

    public static String who() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(
            frames -> frames.map(frame -> frame.getDeclaringClass().getName()).toList()).toString();
    }
}
