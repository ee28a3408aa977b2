public class Miss {
    public static int x;
}
