public class Abs {
    public void am() { }
}
