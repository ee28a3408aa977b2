public class SupI {
}
