// Exercises: an empty main method (JLS §12.1.4). Also the baseline of what starting the JVM loads.
public class Nothing {
    public static void main(String[] args) {
    }
}
