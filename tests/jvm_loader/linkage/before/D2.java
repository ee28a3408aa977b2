public interface D2 {
}
