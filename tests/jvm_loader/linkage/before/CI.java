public interface CI {
    void x();
}
