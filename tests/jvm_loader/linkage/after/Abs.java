public abstract class Abs {
    public abstract void am();
}
