public class A {
    private int f;
    private static int sf;
    private void m(int x) { }
    private static void sm() { }
    public int toInst;
    public static int toStat;
    public static void mStat() { }
    public void mInst() { }
    public final int fin=1;
    public static final int sfin;
    static {sfin=Integer.parseInt("3");}
    int pf;
    void pm() { }
    private A(int i) { }
    public A() { }
}
