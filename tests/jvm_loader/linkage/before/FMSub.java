public class FMSub extends FM {
    public int fm(int x){return 2;}
}
