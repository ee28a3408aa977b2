public class Impl {
    public void a() { }
    public int k(){return 1;}
}
