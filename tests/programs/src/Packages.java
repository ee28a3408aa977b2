/* java.lang.Package of classes of every loader: who has one, how it is sealed, versioned, annotated, and found by name. */

import java.lang.reflect.Array;
import java.util.Arrays;

public class Packages {
    @SuppressWarnings("deprecation")
    static void byName(String name) {
        Package found = Package.getPackage(name);
        System.out.println(name + ": " + found + (found == null ? "" : " sealed " + found.isSealed()));
    }

    static void of(Class<?> type) {
        Package found = type.getPackage();
        System.out.println(type.getName() + ": " + (found == null ? "none" : "'" + found.getName() + "' " + found + " " + found.isSealed()
            + " " + found.getImplementationTitle() + " " + found.getSpecificationVersion() + " " + found.getAnnotations().length));
        if (found != null) System.out.println(found == type.getPackage() && found.hashCode() == type.getPackageName().hashCode());
    }

    public static void main(String[] args) throws Exception {
        of(String.class);
        of(java.util.Map.Entry.class);
        of(Array.class);
        of(Packages.class);
        of(int.class);
        of(String[].class);
        of(Class.forName("java.sql.Date"));
        of(Class.forName("java.util.logging.Level"));
        of(Class.forName("indy.StringConcats"));
        byName("java.lang");
        byName("java.lang.reflect");
        byName("java.sql");
        byName("no.such.thing");
        byName("java.rmi.registry");
        System.out.println(String.class.getPackage() == Thread.class.getPackage());
        String[] names = Arrays.stream(Package.getPackages()).map(Package::getName).sorted().toArray(String[]::new);
        System.out.println(Arrays.asList(names).containsAll(Arrays.asList("java.lang", "java.util", "java.io", "java.sql", "indy", "")));
        System.out.println(Arrays.asList(names).contains("java.rmi.registry") + " " + (names.length == Arrays.stream(names).distinct().count()));
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        System.out.println(platform.getDefinedPackage("java.sql") + " " + platform.getDefinedPackage("java.lang")
            + " " + Packages.class.getClassLoader().getDefinedPackage("indy"));
        Runnable proxy = (Runnable) java.lang.reflect.Proxy.newProxyInstance(null, new Class<?>[] {Runnable.class}, (p, m, a) -> null);
        System.out.println(proxy.getClass().getPackage() + " " + proxy.getClass().getModule().getName());
        try {
            System.out.println(String.class.getPackage().isCompatibleWith("1.0"));
        } catch (NumberFormatException e) {
            System.out.println(e.getMessage());
        }
    }
}
