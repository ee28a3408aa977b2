public interface J {
    default void j(int a) { }
}
