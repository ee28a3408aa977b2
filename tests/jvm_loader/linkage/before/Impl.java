public class Impl implements I {
    public void a() { }
    public int k(){return 1;}
}
