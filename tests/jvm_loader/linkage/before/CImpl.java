public class CImpl implements CI {
    public void x() { }
}
