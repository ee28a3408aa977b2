package p;

public class Pub {
    public static int z;
    public void r() { }
    protected void prot() { }
}
