public class Bad5 {
    static int v = 1;
    static { if (v==1) { int[] z = {}; z[3] = 1; } }
}
