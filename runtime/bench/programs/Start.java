/* Benchmark: Hello World that also tells when main began.
 * Arguments: the time of the process's start, in ns of CLOCK_MONOTONIC (which System.nanoTime reads). */
package bench;

public class Start {
    public static void main(String[] args) {
        long now = System.nanoTime();
        System.out.println("Hello, world!");
        System.out.println("main " + (now - Long.parseLong(args[0])));
    }
}
