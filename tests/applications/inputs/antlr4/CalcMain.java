/** Reads lines, parses each with the generated parser, prints the tree and the value. */

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;

public class CalcMain extends CalcBaseVisitor<BigInteger> {
    public static void main(String[] args) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            var parser = new CalcParser(new CommonTokenStream(new CalcLexer(CharStreams.fromString(line))));
            var tree = parser.line();
            System.out.println(tree.toStringTree(parser));
            if (parser.getNumberOfSyntaxErrors() > 0) continue;
            try {
                System.out.println(new CalcMain().visit(tree.expr()));
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
    }

    @Override public BigInteger visitNumber(CalcParser.NumberContext c) { return new BigInteger(c.getText()); }
    @Override public BigInteger visitName(CalcParser.NameContext c) { throw new IllegalStateException("no value for " + c.getText()); }
    @Override public BigInteger visitParentheses(CalcParser.ParenthesesContext c) { return visit(c.expr()); }
    @Override public BigInteger visitPower(CalcParser.PowerContext c) { return visit(c.left).pow(visit(c.right).intValueExact()); }

    @Override public BigInteger visitProduct(CalcParser.ProductContext c) {
        BigInteger left = visit(c.left), right = visit(c.right);
        return c.op.getText().equals("*") ? left.multiply(right) : left.divide(right);
    }

    @Override public BigInteger visitSum(CalcParser.SumContext c) {
        BigInteger left = visit(c.left), right = visit(c.right);
        return c.op.getText().equals("+") ? left.add(right) : left.subtract(right);
    }
}
