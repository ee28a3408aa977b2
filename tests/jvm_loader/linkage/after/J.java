public interface J {
    void j(int a);
}
