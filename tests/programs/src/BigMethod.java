/* Exercises: a method of more than 32767 bytes of code: javac copies a finally block to every way out,
 * so nine of them, nested, grow to a thousand copies, and branches around them need goto_w
 * (JVMS §6.5 goto_w, §4.7.3 Code: less than 65536 bytes). */
public class BigMethod {
    static int depth;
    static long mixed;

    static void mix(int v) {
        mixed = mixed * 31 + v;
        depth++;
    }

    static int big(int turns, boolean fail) {
        int seen = 0;
        for (int turn = 0; turn < turns; turn++) {
            if (turn % 3 == 2) continue; // jumps over everything below
            try { mix(0); } finally {
              try { mix(1); } finally {
                try { mix(2); } finally {
                  try { mix(3); } finally {
                    try { mix(4); } finally {
                      try { mix(5); } finally {
                        try { mix(6); } finally {
                          try { mix(7); } finally {
                            try { mix(8); } finally {
                              if (turn < 0) mix(-turn); mix(turn); if (fail && depth > 700) throw new IllegalStateException("depth " + depth); seen++;
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
        }
        return seen;
    }

    public static void main(String[] args) {
        System.out.println(big(1, false) + " " + depth + " " + mixed);
        System.out.println(big(50, false) + " " + depth + " " + mixed);
        try {
            System.out.println(big(100, true));
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + mixed);
        }
        depth = -5000;
        System.out.println(big(10, true) + " " + depth + " " + mixed);
    }
}
