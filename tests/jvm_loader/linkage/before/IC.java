public class IC {
    public void x() { }
    public static void sx() { }
}
