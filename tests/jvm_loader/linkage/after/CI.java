public class CI {
    public void x() { }
}
