public class BadSub extends Bad5 {
    static void go2() { }
}
