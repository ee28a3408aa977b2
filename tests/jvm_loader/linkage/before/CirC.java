public class CirC {
}
