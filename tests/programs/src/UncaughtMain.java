/* Exercises: an exception that leaves main: trace with causes and suppressed on stderr, exit code 1,
 * shutdown still orderly (JLS §11.3, Thread.dispatchUncaughtException). */
public class UncaughtMain {
    static class Order extends Exception {
        private static final long serialVersionUID = 1;

        Order(String message, Throwable cause) { super(message, cause); }
    }

    static void prepare(int n) throws Order {
        try {
            int[] beans = new int[n];
            beans[n] = 1;
        } catch (ArrayIndexOutOfBoundsException e) {
            Order order = new Order("no beans\nat all", e);
            order.addSuppressed(new Exception("nor milk"));
            throw order;
        }
    }

    public static void main(String[] args) throws Order {
        System.out.println("start");
        try {
            prepare(2);
        } finally {
            System.out.println("finally");
        }
        System.out.println("not reached");
    }
}
