/* Exercises: a lambda through invokedynamic (JVMS §6.5 invokedynamic, JLS §15.27).
 * The one program that the method-handle check must object to. */
public class UsesLambda {
    interface IntOperation {
        int apply(int a, int b);
    }

    public static void main(String[] args) {
        int bias = args.length + 1;
        IntOperation add = (a, b) -> a + b + bias;
        IntOperation multiply = Math::multiplyExact;
        System.out.println(add.apply(2, 3));
        System.out.println(multiply.apply(6, 7));
    }
}
