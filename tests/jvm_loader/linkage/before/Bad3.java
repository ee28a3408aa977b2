public class Bad3 {
    static int v = 1;
    static { if (v==1) throw new OutOfMemoryError("mine"); }
    static void go() { }
}
