// Compiled with the corpus but left out of programs.jar: MissingClass looks for it (JVMS §5.3).
public class Absent {
    public static final int[] TABLE = {1, 2, 3};

    public int value() {
        return TABLE[0];
    }

    public interface Shape {
        int area();
    }
}
