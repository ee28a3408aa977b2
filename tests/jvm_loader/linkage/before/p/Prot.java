package p;

public class Prot {
    public void pm(int a, String[] b) { }
    public int pf;
    public static int psf;
    public static void psm() { }
}
