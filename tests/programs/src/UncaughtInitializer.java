/* Exercises: the main class's own static initialiser throws: main never runs, exit code 1. */
public class UncaughtInitializer {
    static int[] table = new int[3];
    static int value = fill(4);

    static int fill(int n) {
        for (int i = 0; i < n; i++) {
            System.out.println("fill " + i);
            table[i] = i;
        }
        return n;
    }

    public static void main(String[] args) {
        System.out.println("not reached");
    }
}
