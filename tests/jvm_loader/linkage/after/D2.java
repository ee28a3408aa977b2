public interface D2 {
    default String q(){return "2";}
}
