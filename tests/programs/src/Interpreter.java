/* Exercises: an interpreter for a small language with variables, functions, loops and recursion: a
 * recursive-descent parser, a tree of nodes with virtual evaluation, HashMap scopes, exceptions as control. */
import java.util.*;

public class Interpreter {
    static class Return extends RuntimeException {
        private static final long serialVersionUID = 1;
        final long value;
        Return(long value) { super(null, null, false, false); this.value = value; }
    }

    abstract static class Node { abstract long eval(Scope s); }

    static class Scope {
        final Map<String, Long> values = new HashMap<String, Long>();
        final Map<String, Function> functions;
        Scope(Map<String, Function> functions) { this.functions = functions; }
    }

    static class Function {
        final List<String> parameters = new ArrayList<String>();
        Node body;
    }

    static class Number extends Node {
        final long v;
        Number(long v) { this.v = v; }
        long eval(Scope s) { return v; }
    }

    static class Variable extends Node {
        final String name;
        Variable(String name) { this.name = name; }
        long eval(Scope s) {
            Long v = s.values.get(name);
            if (v == null) throw new NoSuchElementException("no variable " + name);
            return v;
        }
    }

    static class Binary extends Node {
        final String op;
        final Node l, r;
        Binary(String op, Node l, Node r) { this.op = op; this.l = l; this.r = r; }
        long eval(Scope s) {
            long a = l.eval(s);
            if (op.equals("&")) return a != 0 && r.eval(s) != 0 ? 1 : 0;
            if (op.equals("|")) return a != 0 || r.eval(s) != 0 ? 1 : 0;
            long b = r.eval(s);
            switch (op) {
                case "+": return a + b;
                case "-": return a - b;
                case "*": return a * b;
                case "/": return a / b;
                case "%": return a % b;
                case "<": return a < b ? 1 : 0;
                case ">": return a > b ? 1 : 0;
                case "=": return a == b ? 1 : 0;
                default: throw new IllegalStateException("operator " + op);
            }
        }
    }

    static class Call extends Node {
        final String name;
        final List<Node> arguments = new ArrayList<Node>();
        Call(String name) { this.name = name; }
        long eval(Scope s) {
            if (name.equals("print")) {
                for (Node n : arguments) System.out.print(n.eval(s) + " ");
                System.out.println();
                return 0;
            }
            Function f = s.functions.get(name);
            if (f == null) throw new NoSuchElementException("no function " + name);
            Scope inner = new Scope(s.functions);
            for (int i = 0; i < f.parameters.size(); i++) inner.values.put(f.parameters.get(i), arguments.get(i).eval(s));
            try {
                return f.body.eval(inner);
            } catch (Return r) {
                return r.value;
            }
        }
    }

    static class Parser {
        final String text;
        final Map<String, Function> functions;
        int at;
        Parser(String text, Map<String, Function> functions) { this.text = text; this.functions = functions; }

        String next() {
            while (at < text.length() && text.charAt(at) <= ' ') at++;
            if (at == text.length()) return "";
            int end = at + 1;
            if (Character.isLetterOrDigit(text.charAt(at))) while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) end++;
            return text.substring(at, end);
        }

        String take() {
            String t = next();
            at += t.length();
            return t;
        }

        boolean accept(String t) {
            if (!next().equals(t)) return false;
            at += t.length();
            return true;
        }

        void expect(String t) { if (!accept(t)) throw new IllegalArgumentException("expected " + t + " at " + at + " but found '" + next() + "'"); }

        Node block() {
            final List<Node> body = new ArrayList<Node>();
            expect("{");
            while (!accept("}")) body.add(statement());
            return new Node() {
                long eval(Scope s) {
                    long v = 0;
                    for (Node n : body) v = n.eval(s);
                    return v;
                }
            };
        }

        Node statement() {
            if (accept("function")) {
                Function f = new Function();
                functions.put(take(), f);
                expect("(");
                while (!accept(")")) {
                    f.parameters.add(take());
                    accept(",");
                }
                f.body = block();
                return new Number(0);
            }
            if (accept("while")) {
                final Node condition = expression(0), body = block();
                return new Node() { long eval(Scope s) { long n = 0; for (; condition.eval(s) != 0; n++) body.eval(s); return n; } };
            }
            if (accept("if")) {
                final Node condition = expression(0), then = block(), other = accept("else") ? block() : new Number(0);
                return new Node() { long eval(Scope s) { return (condition.eval(s) != 0 ? then : other).eval(s); } };
            }
            if (accept("return")) {
                final Node value = expression(0);
                accept(";");
                return new Node() { long eval(Scope s) { throw new Return(value.eval(s)); } };
            }
            if (accept("let")) {
                final String name = take();
                expect("=");
                final Node value = expression(0);
                accept(";");
                return new Node() { long eval(Scope s) { long v = value.eval(s); s.values.put(name, v); return v; } };
            }
            Node n = expression(0);
            accept(";");
            return n;
        }

        static final String[] LEVELS = {"|", "&", "<>=", "+-", "*/%"};

        Node expression(int level) {
            if (level == LEVELS.length) return primary();
            Node l = expression(level + 1);
            for (String op = next(); !op.isEmpty() && LEVELS[level].contains(op); op = next()) {
                take();
                l = new Binary(op, l, expression(level + 1));
            }
            return l;
        }

        Node primary() {
            if (accept("(")) {
                Node n = expression(0);
                expect(")");
                return n;
            }
            if (accept("-")) return new Binary("-", new Number(0), primary());
            String t = take();
            if (t.isEmpty()) throw new IllegalArgumentException("unexpected end");
            if (Character.isDigit(t.charAt(0))) return new Number(Long.parseLong(t));
            if (!accept("(")) return new Variable(t);
            Call call = new Call(t);
            while (!accept(")")) {
                call.arguments.add(expression(0));
                accept(",");
            }
            return call;
        }
    }

    static void run(String program) {
        try {
            Map<String, Function> functions = new HashMap<String, Function>();
            System.out.println("-> " + new Parser("{" + program + "}", functions).block().eval(new Scope(functions)));
        } catch (IllegalArgumentException | NoSuchElementException | ArithmeticException e) {
            System.out.println("error: " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        run("1 + 2 * 3 - -4 % 3");
        run("let x = 10; let s = 0; while x > 0 { let s = s + x * x; let x = x - 1 } s");
        run("function fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) } print(fib(5), fib(10)); fib(17)");
        run("function even(n) { if n = 0 { return 1 } return odd(n - 1) } function odd(n) { if n = 0 { return 0 } return even(n - 1) } even(100) + 2 * odd(7)");
        run("function gcd(a, b) { while b { let t = a % b; let a = b; let b = t } return a } gcd(1071, 462)");
        run("let n = 2; let found = 0; while found < 15 { let d = 2; let prime = 1; while d * d < n + 1 & prime { if n % d = 0 { let prime = 0 } let d = d + 1 } "
            + "if prime { print(n); let found = found + 1 } let n = n + 1 } found");
        run("1 / 0");
        run("missing + 1");
        run("nothing(1)");
        run("(1 + 2");
        run("let f = 1; 0 & nothing(1) | 5 > 4");
    }
}
