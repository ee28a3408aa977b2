public class Impl2 implements J {
}
