public class CirB extends CirC {
}
