/* Exercises: program arguments, as they are given: empty, spaces, non-ASCII, options after the class. */
public class EchoArgs {
    public static void main(String[] args) {
        System.out.println(args.length + " arguments");
        for (int i = 0; i < args.length; i++) {
            StringBuilder codes = new StringBuilder();
            for (char c : args[i].toCharArray()) codes.append(' ').append((int) c);
            System.out.println(i + " [" + args[i] + "]" + (args[i].length() < 8 ? codes : ""));
        }
    }
}
