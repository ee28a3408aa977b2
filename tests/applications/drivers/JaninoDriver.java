/** Expressions and classes compiled in the program itself, and their errors. */

import org.codehaus.janino.*;

public class JaninoDriver {
    public static void main(String[] a) throws Exception {
        ExpressionEvaluator e = new ExpressionEvaluator();
        e.setParameters(new String[] {"x"}, new Class[] {int.class});
        e.setExpressionType(int.class);
        e.cook("x * 2 + 1");
        System.out.println(e.evaluate(new Object[] {20}));
        SimpleCompiler s = new SimpleCompiler();
        s.cook(
                "public class Q { public static String f() { String r=\"\"; for (int i=0;i<3;i++)"
                    + " r+=i; return r; } }");
        System.out.println(s.getClassLoader().loadClass("Q").getMethod("f").invoke(null));
        try {
            e = new ExpressionEvaluator();
            e.cook("1 +");
        } catch (Exception x) {
            System.out.println(x.getMessage());
        }
    }
}
