public interface IC {
    void x();
    static void sx() { }
}
