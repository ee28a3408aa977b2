public interface SupI {
}
