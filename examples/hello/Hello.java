// A friendly greeting: the smallest thing that runs.
public class Hello {
    public static void main(String[] args) {
        String whom = args.length == 0 ? "world" : String.join(" and ", args);
        System.out.println("Hello, " + whom + "! Your demitasse is served.");
    }
}
