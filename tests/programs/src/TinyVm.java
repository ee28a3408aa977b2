/* Exercises: a stack machine interpreted in a switch loop, an eight-command tape machine, a regular expression
 * matcher by backtracking: interpreters running on the interpreter. */
public class TinyVm {
    static final int PUSH = 0, ADD = 1, SUB = 2, MUL = 3, LOAD = 4, STORE = 5, JUMP = 6, JZERO = 7, LESS = 8, PRINT = 9, HALT = 10, CALL = 11, RET = 12, DUP = 13;

    static long run(int[] code) {
        long[] stack = new long[256], locals = new long[16];
        int[] returns = new int[64];
        int sp = 0, rp = 0, pc = 0;
        long steps = 0;
        while (true) {
            steps++;
            switch (code[pc++]) {
                case PUSH: stack[sp++] = code[pc++]; break;
                case ADD: sp--; stack[sp - 1] += stack[sp]; break;
                case SUB: sp--; stack[sp - 1] -= stack[sp]; break;
                case MUL: sp--; stack[sp - 1] *= stack[sp]; break;
                case LOAD: stack[sp++] = locals[code[pc++]]; break;
                case STORE: locals[code[pc++]] = stack[--sp]; break;
                case JUMP: pc = code[pc]; break;
                case JZERO: pc = stack[--sp] == 0 ? code[pc] : pc + 1; break;
                case LESS: sp--; stack[sp - 1] = stack[sp - 1] < stack[sp] ? 1 : 0; break;
                case PRINT: System.out.println("vm prints " + stack[--sp]); break;
                case CALL: returns[rp++] = pc + 1; pc = code[pc]; break;
                case RET: pc = returns[--rp]; break;
                case DUP: stack[sp] = stack[sp - 1]; sp++; break;
                case HALT: return steps;
                default: throw new IllegalStateException("bad opcode " + code[pc - 1] + " at " + (pc - 1));
            }
        }
    }

    static String tape(String program) {
        byte[] cells = new byte[300];
        int[] jumps = new int[program.length()], open = new int[100];
        int depth = 0;
        for (int i = 0; i < program.length(); i++) {
            if (program.charAt(i) == '[') open[depth++] = i;
            if (program.charAt(i) == ']') {
                jumps[i] = open[--depth];
                jumps[open[depth]] = i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int pc = 0, p = 0; pc < program.length(); pc++) {
            switch (program.charAt(pc)) {
                case '>': p++; break;
                case '<': p--; break;
                case '+': cells[p]++; break;
                case '-': cells[p]--; break;
                case '.': out.append((char) cells[p]); break;
                case '[': if (cells[p] == 0) pc = jumps[pc]; break;
                case ']': if (cells[p] != 0) pc = jumps[pc]; break;
            }
        }
        return out.toString();
    }

    static boolean match(String pattern, int p, String text, int t) {
        if (p == pattern.length()) return t == text.length();
        boolean first = t < text.length() && (pattern.charAt(p) == '.' || pattern.charAt(p) == text.charAt(t));
        if (p + 1 < pattern.length() && pattern.charAt(p + 1) == '*') {
            return match(pattern, p + 2, text, t) || first && match(pattern, p, text, t + 1);
        }
        return first && match(pattern, p + 1, text, t + 1);
    }

    public static void main(String[] args) {
        int[] sumOfSquares = {
            PUSH, 0, STORE, 0, PUSH, 0, STORE, 1,
            LOAD, 0, PUSH, 20000, LESS, JZERO, 28,
            CALL, 32, LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 8, 0, 0,
            LOAD, 1, PRINT, HALT,
            LOAD, 0, DUP, MUL, LOAD, 1, ADD, STORE, 1, RET,
        };
        System.out.println(run(sumOfSquares) + " steps");
        try {
            run(new int[] {PUSH, 5, 99});
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            run(new int[] {ADD});
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println("underflow: " + e.getMessage());
        }
        System.out.print(tape("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."));
        String[][] cases = {{"a*b", "aaab"}, {".*c", "abc"}, {"a.c", "abd"}, {"x*", ""}, {"a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaac"}, {".*.*=.*", "key=value"}};
        for (String[] c : cases) System.out.println(c[0] + " " + c[1] + " " + match(c[0], 0, c[1], 0));
    }
}
