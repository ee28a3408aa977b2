public interface I {
    void a();
    default void d() { }
    int k();
    void added();
}
