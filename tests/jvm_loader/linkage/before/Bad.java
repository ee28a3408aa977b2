public class Bad {
    static int v = 1;
    static { if (v==1) throw new IllegalStateException("bad state"); }
    static void go() { }
}
