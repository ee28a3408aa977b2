public class DD implements D1, D2 {
}
