/* Exercises: tableswitch and lookupswitch over int, char, byte and short, with negative, sparse,
 * extreme and missing cases, fall-through and nesting (JVMS §6.5 tableswitch, lookupswitch). */
public class Switches {
    static String dense(int v) {
        switch (v) {
            case -2: return "minus two";
            case -1: return "minus one";
            case 0: return "zero";
            case 1: return "one";
            case 3: return "three";
            default: return "other";
        }
    }

    static String sparse(int v) {
        switch (v) {
            case Integer.MIN_VALUE: return "min";
            case -1000000: return "-1M";
            case -1: return "-1";
            case 0: return "0";
            case 77777: return "77777";
            case Integer.MAX_VALUE: return "max";
        }
        return "none";
    }

    static String topEnd(int v) {
        switch (v) {
            case Integer.MAX_VALUE - 2: return "max-2";
            case Integer.MAX_VALUE - 1: return "max-1";
            case Integer.MAX_VALUE: return "max";
            default: return "below";
        }
    }

    static String bottomEnd(int v) {
        switch (v) {
            case Integer.MIN_VALUE: return "min";
            case Integer.MIN_VALUE + 1: return "min+1";
            case Integer.MIN_VALUE + 2: return "min+2";
            default: return "above";
        }
    }

    static int fallThrough(int v) {
        int r = 0;
        switch (v) {
            case 1: r += 1;
            case 2: r += 10;
            default: r += 100;
            case 3: r += 1000; break;
            case 4: r += 10000;
        }
        return r;
    }

    static int onlyDefault(int v) {
        switch (v) {
            default: return v + 1;
        }
    }

    static String chars(char c) {
        switch (c) {
            case 'a': case 'e': case 'i': case 'o': case 'u': return "vowel";
            case '0': case '1': case '2': case '3': case '4': return "low digit";
            case '\uFFFF': return "last";
            case 'é': return "accent";
            default: return "other";
        }
    }

    static int bytes(byte b) {
        switch (b) {
            case -128: return 1;
            case 127: return 2;
            case 0: return 3;
            default: return 4;
        }
    }

    static int expression(int v) {
        return switch (v % 5) {
            case 0, 1 -> v * 2;
            case 2 -> {
                int t = v;
                while (t > 10) t -= 7;
                yield t;
            }
            case -1 -> throw new IllegalArgumentException("negative " + v);
            default -> -v;
        };
    }

    static int machine(String program) {
        int state = 0, steps = 0;
        loop:
        for (int i = 0; ; i++) {
            switch (state) {
                case 0:
                    if (i >= program.length()) break loop;
                    switch (program.charAt(i)) {
                        case '+': state = 1; continue loop;
                        case '-': state = 2; continue;
                        case '!': break loop;
                        default: break;
                    }
                    steps += 100;
                    break;
                case 1: steps++; state = 0; i -= 1; break;
                case 2: steps--; state = 0; i -= 1; break;
                default: throw new AssertionError();
            }
        }
        return steps;
    }

    public static void main(String[] args) {
        int[] values = {Integer.MIN_VALUE, Integer.MIN_VALUE + 1, Integer.MIN_VALUE + 2, -1000000, -3, -2, -1, 0, 1, 2, 3, 4, 5, 77777,
            Integer.MAX_VALUE - 2, Integer.MAX_VALUE - 1, Integer.MAX_VALUE};
        for (int v : values) {
            System.out.println(v + ": " + dense(v) + ", " + sparse(v) + ", " + topEnd(v) + ", " + bottomEnd(v) + ", " + fallThrough(v) + ", " + onlyDefault(v));
        }
        for (char c : "aez059é\uFFFFΩ".toCharArray()) System.out.println((int) c + " " + chars(c));
        for (int b = -128; b <= 127; b += 51) System.out.println(b + " " + bytes((byte) b));
        System.out.println(bytes((byte) 127) + " " + bytes((byte) 0));
        for (int v : new int[] {0, 1, 2, 12, 52, 3, 4, -4, -6}) {
            try {
                System.out.println(expression(v));
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
        System.out.println(machine("+-x++") + " " + machine("") + " " + machine("++!---") + " " + machine("--z-"));
    }
}
