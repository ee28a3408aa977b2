public class CirB {
}
