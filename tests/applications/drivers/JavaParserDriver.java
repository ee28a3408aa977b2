/** Parses, resolves types through reflection, rewrites with the layout kept, tells of errors. */

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.Modifier;
import com.github.javaparser.ast.expr.MethodCallExpr;
import com.github.javaparser.printer.YamlPrinter;
import com.github.javaparser.printer.lexicalpreservation.LexicalPreservingPrinter;
import com.github.javaparser.symbolsolver.JavaSymbolSolver;
import com.github.javaparser.symbolsolver.resolution.typesolvers.ReflectionTypeSolver;

public class JavaParserDriver {
    static final String SOURCE = """
            package shop; import java.util.*;
            /** Of tea. */
            public class Store<T extends Comparable<T>> {
                record Cup(int size, String kind) {}
                sealed interface Thing permits Pot {}   final class Pot implements Thing {}
                int sum(List<? extends Number> all) {
                    int sum = 0;
                    for (var one : all) sum += one.intValue();
                    var map = new HashMap<String, List<T>>();
                    map.computeIfAbsent("k", key -> new ArrayList<>()).size();
                    return switch (sum) { case 1, 2 -> 3; default -> { yield sum > 4 ? -1 : (int) Math.sqrt(sum); } };
                }
                Object strip(Object o) { if (o instanceof String s && !s.isEmpty()) return s.strip().chars().sum(); return o; }
            }
            """;

    public static void main(String[] args) {
        JavaParser parser = new JavaParser(new ParserConfiguration()
                .setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17)
                .setSymbolResolver(new JavaSymbolSolver(new ReflectionTypeSolver())));
        CompilationUnit unit = parser.parse(SOURCE).getResult().get();
        System.out.println(unit);
        for (MethodCallExpr call : unit.findAll(MethodCallExpr.class)) {
            String resolved;
            try {
                resolved = call.resolve().getQualifiedSignature() + " : " + call.calculateResolvedType().describe();
            } catch (RuntimeException e) {
                resolved = e.getClass().getName();        // its text has identity hash codes
            }
            System.out.println(call + " => " + resolved);
        }
        CompilationUnit kept = LexicalPreservingPrinter.setup(parser.parse(SOURCE).getResult().get());
        kept.getClassByName("Store").get().addMethod("added", Modifier.Keyword.PUBLIC).setType("int")
                .getBody().get().addStatement("return 1;");
        System.out.println(LexicalPreservingPrinter.print(kept));
        System.out.println(parser.parse("class { int x = ; }").getProblems());
        System.out.println(new YamlPrinter(true).output(parser.parse("class X { int y = 1 + 2; }").getResult().get()));
    }
}
