public class Friend {
    Object open() {
        return "open";
    }
}
