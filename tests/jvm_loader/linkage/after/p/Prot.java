package p;

public class Prot {
    protected void pm(int a, String[] b) { }
    protected int pf;
    protected static int psf;
    static void psm() { }
}
