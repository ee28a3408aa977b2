/** The same bean asked in four languages of expressions: SpEL (interpreted and compiled), MVEL, OGNL, Aviator. */

import com.googlecode.aviator.AviatorEvaluator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import ognl.AbstractMemberAccess;
import ognl.Ognl;
import ognl.OgnlContext;
import org.mvel2.MVEL;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;

public class ExpressionsDriver {
    public static class Bean {
        private String name = "tea";
        private final List<Integer> sizes = new ArrayList<>(List.of(3, 1, 2));

        public String getName() { return name; }
        public void setName(String value) { name = value; }
        public List<Integer> getSizes() { return sizes; }
        public int add(int a, int b) { return a + b; }
    }

    static void tell(String language, String expression, Callable<?> value) {
        String said;
        try {
            Object object = value.call();
            said = object + (object == null ? "" : " " + object.getClass().getSimpleName());
        } catch (Exception e) {
            said = e.getClass().getName() + ": " + e.getMessage();
        }
        System.out.println(language + " " + expression + " = " + said);
    }

    static OgnlContext open(Object root) {
        return (OgnlContext) Ognl.createDefaultContext(root, new AbstractMemberAccess() {
            @Override
            public boolean isAccessible(OgnlContext context, Object target, java.lang.reflect.Member member, String property) {
                return true;
            }
        });
    }

    public static void main(String[] args) {
        for (SpelCompilerMode mode : SpelCompilerMode.values()) {
            SpelExpressionParser parser = new SpelExpressionParser(new SpelParserConfiguration(mode, null));
            for (String text : List.of("name.toUpperCase() + sizes[1]", "sizes.?[#this > 1].![#this * 2]", "add(1, 2) * 2",
                                       "T(java.lang.Math).max(3, sizes.size())", "name matches '[a-z]+' ? {1,2} : null", "nothing")) {
                var expression = parser.parseExpression(text);
                var context = new StandardEvaluationContext(new Bean());
                for (int i = 0; i < 3; i++) {
                    tell("SpEL " + mode, text, () -> expression.getValue(context));
                }
            }
        }
        for (String text : List.of("bean.name + bean.sizes.size()", "sum = 0; foreach (x : bean.sizes) { sum = sum + x }; sum",
                                   "bean.add(3, 4) * 2 > 10 ? 'big' : 'small'", "($ * 2 in bean.sizes)", "def f(x) { x * x } f(7)",
                                   "['a':1,'b':[1,2]]")) {
            tell("MVEL", text, () -> MVEL.eval(text, new HashMap<>(Map.of("bean", new Bean()))));
            tell("MVEL compiled", text, () -> MVEL.executeExpression(MVEL.compileExpression(text), new HashMap<>(Map.of("bean", new Bean()))));
        }
        for (String text : List.of("name + sizes.size()", "sizes.{? #this > 1}", "sizes.{#this * 2}", "add(2, 5)", "name = 'set', name",
                                   "new int[] {1,2}.length", "nothing")) {
            Bean bean = new Bean();
            tell("OGNL", text, () -> Ognl.getValue(Ognl.parseExpression(text), open(bean), bean));
        }
        for (String text : List.of("1 + 2 * 3", "let s = 0; for i in range(1, 10) { s = s + i * i; } return s;", "a > 3 && b == 'x'",
                                   "fn fib(n) { if (n < 2) { return n; } return fib(n-1) + fib(n-2); } fib(15)", "1 +")) {
            tell("Aviator", text, () -> AviatorEvaluator.execute(text, new HashMap<>(Map.of("a", 4, "b", "x"))));
        }
    }
}
