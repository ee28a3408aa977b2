/** Classes made and loaded at run time. */

import net.bytebuddy.*;
import net.bytebuddy.dynamic.loading.*;
import net.bytebuddy.implementation.*;
import net.bytebuddy.implementation.bind.annotation.*;
import net.bytebuddy.matcher.*;

import java.util.concurrent.Callable;

public class ByteBuddyDriver {
    public static class I {
        public static String hi(@SuperCall Callable<String> c, @Argument(0) int n)
                throws Exception {
            return "<" + c.call() + n + ">";
        }
    }

    public static class T {
        public String f(int n) {
            return "f" + n;
        }
    }

    public static void main(String[] a) throws Exception {
        Class<?> c =
                new ByteBuddy()
                        .subclass(Object.class)
                        .name("X")
                        .method(ElementMatchers.named("toString"))
                        .intercept(FixedValue.value("dyn"))
                        .make()
                        .load(ByteBuddyDriver.class.getClassLoader())
                        .getLoaded();
        System.out.println(c.getDeclaredConstructor().newInstance() + " " + c);
        T t =
                new ByteBuddy()
                        .subclass(T.class)
                        .method(ElementMatchers.named("f"))
                        .intercept(MethodDelegation.to(I.class))
                        .make()
                        .load(
                                ByteBuddyDriver.class.getClassLoader(),
                                ClassLoadingStrategy.Default.INJECTION)
                        .getLoaded()
                        .getDeclaredConstructor()
                        .newInstance();
        System.out.println(t.f(3));
    }
}
