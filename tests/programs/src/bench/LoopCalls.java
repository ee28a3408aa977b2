/* Benchmark: static, virtual, interface and private calls, and field access; no allocation in the loop.
 * Arguments: iterations. Prints its checksum and the time of the measured loop. */
package bench;

public class LoopCalls {
    interface Step { int step(int x); }

    abstract static class Base implements Step {
        int state;
        long total;
        static int calls;
        abstract int change(int x);
        public int step(int x) {
            state += x;
            total += state;
            return change(state);
        }
    }

    static class Add extends Base { int change(int x) { return x + 7; } }
    static class Mix extends Base {
        int change(int x) { return scramble(x) ^ state; }
        private int scramble(int x) { return x << 3 ^ x >>> 5; }
    }
    static class Count extends Base { int change(int x) { calls++; return x - calls; } }

    static int combine(int a, int b) { return a * 31 + b; }

    static long loop(int iterations) {
        Base.calls = 0;
        Base[] bases = {new Add(), new Mix(), new Count()};
        Step[] steps = {bases[2], bases[0], bases[1]};
        int x = 1;
        for (int i = 0; i < iterations; i++) {
            x = combine(x, bases[i % 3].change(x));
            x = combine(x, steps[(i & 3) % 3].step(i));
        }
        return x + bases[0].total + bases[1].total + bases[2].total + Base.calls;
    }

    public static void main(String[] args) {
        int iterations = Integer.parseInt(args[0]);
        loop(iterations / 10); // warm-up
        long start = System.nanoTime();
        long checksum = loop(iterations);
        long end = System.nanoTime();
        System.out.println("checksum " + checksum);
        System.out.println("ns " + (end - start));
    }
}
