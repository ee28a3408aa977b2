public class Bad2 {
    static int v = 1;
    static { if (v==1) throw new RuntimeException(); }
    static void go() { }
}
