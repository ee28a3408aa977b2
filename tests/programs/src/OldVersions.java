import java.lang.annotation.*;
import java.lang.reflect.*;
import java.util.*;

/** Exercises: classes of this program with older version numbers; attributes that such files cannot have mean nothing. */
public class OldVersions {
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.TYPE_USE, ElementType.METHOD, ElementType.PARAMETER})
    @interface Mark {
        String value() default "none";
        int[] numbers() default {1, 2};
    }

    @Mark("record")
    record Pair<T>(T left, int right) {
        public String toString() { return "pair"; }
        public int hashCode() { return 1; }
        public boolean equals(Object o) { return o == this; }
    }

    sealed interface Shape permits Round, Flat {}
    static final class Round implements Shape {}
    static final class Flat implements Shape {}

    static abstract class Generic<T extends Comparable<T>> extends AbstractList<@Mark("use") T> {
        @Mark(numbers = 3)
        <X extends Exception> List<? super T> method(@Mark("parameter") T first, X second) throws X, java.io.IOException { return null; }
        Map<String, T> field;
        private static int secret() { return 7; }
        static class Inner {
            static int peek() { return Generic.secret(); }
        }
    }

    static Object local() {
        class Local {
            Object nested() { return new Object() {}; }
        }
        return new Local().nested();
    }

    static class Changed extends ClassLoader {
        final int major;

        Changed(int major) {
            super(OldVersions.class.getClassLoader());
            this.major = major;
        }

        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("OldVersions$")) return super.loadClass(name, resolve);
            Class<?> there = findLoadedClass(name);
            if (there != null) return there;
            try (var in = OldVersions.class.getResourceAsStream("/" + name + ".class")) {
                byte[] b = in.readAllBytes();
                b[6] = 0;
                b[7] = (byte) major;
                return defineClass(name, b, 0, b.length);
            } catch (java.io.IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    interface Question {
        Object ask() throws Throwable;
    }

    static void tell(String what, Question q) {
        Object answer;
        try {
            answer = q.ask();
            if (answer instanceof Object[] a) answer = Arrays.deepToString(a);
        } catch (Throwable e) {
            answer = e instanceof InvocationTargetException i ? i.getCause() : e;
        }
        System.out.println("  " + what + ": " + String.valueOf(answer).replaceAll("@[0-9a-f]+", "@"));
    }

    static void describe(Class<?> c) {
        tell("class", () -> c.getSimpleName() + " " + Modifier.toString(c.getModifiers()) + " " + c.isRecord() + " " + c.isSealed() + " " + c.isAnonymousClass() + " " + c.isLocalClass() + " " + c.isMemberClass());
        tell("annotations", c::getAnnotations);
        tell("nest", () -> c.getNestHost().getName() + " " + c.getNestMembers().length);
        tell("enclosing", () -> c.getEnclosingClass() + " " + c.getEnclosingMethod());
        tell("permitted", c::getPermittedSubclasses);
        tell("components", () -> {
            RecordComponent[] all = c.getRecordComponents();
            if (all == null) return null;
            StringBuilder s = new StringBuilder();
            for (RecordComponent r : all) s.append(r).append(' ').append(r.getGenericType()).append(' ');
            return s;
        });
        tell("generic", () -> c.toGenericString() + " " + c.getGenericSuperclass() + " " + Arrays.toString(c.getTypeParameters()));
        tell("annotated", () -> c.getAnnotatedSuperclass());
    }

    public static void main(String[] args) throws Exception {
        Class<?> anonymous = local().getClass();
        for (int major : new int[] {45, 46, 48, 49, 50, 51, 52, 53, 54, 55, 59, 60, 61, 69}) {
            System.out.println("version " + major);
            Changed loader = new Changed(major);
            for (String name : List.of("OldVersions$Pair", "OldVersions$Shape", "OldVersions$Round", "OldVersions$Generic", "OldVersions$Generic$Inner", anonymous.getName(), anonymous.getEnclosingClass().getName())) {
                System.out.println(" " + name);
                tell("load", () -> {
                    Class<?> c = Class.forName(name, true, loader);
                    describe(c);
                    return c;
                });
            }
            tell("method", () -> {
                Method m = null;
                for (Method n : Class.forName("OldVersions$Generic", true, loader).getDeclaredMethods()) if (n.getName().equals("method")) m = n;
                return m.toGenericString() + " " + Arrays.deepToString(m.getParameterAnnotations()) + Arrays.toString(m.getAnnotations()) + Arrays.toString(m.getParameters());
            });
            tell("field", () -> Class.forName("OldVersions$Generic", true, loader).getDeclaredField("field").toGenericString());
            tell("default", () -> Class.forName("OldVersions$Mark", true, loader).getDeclaredMethod("value").getDefaultValue());
            tell("private", () -> {
                Method m = Class.forName("OldVersions$Generic$Inner", true, loader).getDeclaredMethod("peek");
                m.setAccessible(true);
                return m.invoke(null);
            });
            tell("not permitted", () -> Class.forName("OldVersions$Flat", true, loader).getInterfaces());
        }
    }
}
