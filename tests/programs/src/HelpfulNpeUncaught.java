/* Exercises: an uncaught NullPointerException: its helpful message in the trace, exit code 1. */
public class HelpfulNpeUncaught {
    static class Cup {
        Cup saucer;
        int[] sizes;

        int size(int index) { return saucer.sizes[index]; }
    }

    public static void main(String[] args) {
        Cup cup = new Cup();
        cup.saucer = new Cup();
        System.out.println("before");
        System.out.println(cup.size(args.length));
        System.out.println("not reached");
    }
}
