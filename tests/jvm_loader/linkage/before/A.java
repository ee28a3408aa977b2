public class A {
    public int f;
    public static int sf;
    public int gone;
    public void m(int x) { }
    public static void sm() { }
    public void gonem(int[] a,String s) { }
    public static int toInst;
    public int toStat;
    public void mStat() { }
    public static void mInst() { }
    public final void dummy() { }
    public int fin;
    public static int sfin;
    protected int pf;
    protected void pm() { }
    public A(int i) { }
    public A() { }
}
