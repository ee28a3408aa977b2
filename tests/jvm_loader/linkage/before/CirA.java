public class CirA extends CirB {
}
