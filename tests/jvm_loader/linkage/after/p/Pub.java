package p;

class Pub {
    public static int z;
    public void r() { }
    protected void prot() { }
}
