public class CirC extends CirA {
}
