public class Bad4 {
    static int v = 1;
    static { if (v==1) throw new RuntimeException("outer", new Exception("inner")); }
    static void go() { }
}
