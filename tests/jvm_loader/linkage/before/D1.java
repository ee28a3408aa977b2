public interface D1 {
    default String q(){return "1";}
}
