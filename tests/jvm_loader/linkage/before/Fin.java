public class Fin {
    public void fm() { }
}
