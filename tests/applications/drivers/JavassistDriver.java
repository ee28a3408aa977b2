/** Classes compiled from text and changed at run time. */

import javassist.*;

public class JavassistDriver {
    public interface Hi {
        String hi(int n);
    }

    public static void main(String[] args) throws Exception {
        ClassPool pool = ClassPool.getDefault();
        pool.insertClassPath(new ClassClassPath(JavassistDriver.class));
        CtClass made = pool.makeClass("Made");
        made.addInterface(pool.get("JavassistDriver$Hi"));
        made.addField(CtField.make("private int count = 3;", made));
        made.addMethod(CtNewMethod.make(
                "public String hi(int n) { StringBuffer b = new StringBuffer(); for (int i = 0; i < n; i++) { b.append(i * count); b.append(','); }"
                        + " try { return b.toString().substring(0, 99); } catch (StringIndexOutOfBoundsException e) { return b + \"!\"; } }", made));
        CtMethod method = made.getDeclaredMethod("hi");
        method.insertBefore("System.out.println(\"in \" + $1);");
        method.insertAfter("$_ = $_ + \"?\";");
        System.out.println(((Hi) made.toClass(JavassistDriver.class).getConstructor().newInstance()).hi(5));
        System.out.println(pool.get("java.util.ArrayList").getDeclaredMethod("add", new CtClass[] {pool.get("java.lang.Object")}).getSignature());
        try {
            CtNewMethod.make("void bad() { undefined(); }", pool.makeClass("Other"));
        } catch (CannotCompileException e) {
            System.out.println(e.getMessage());
        }
    }
}
