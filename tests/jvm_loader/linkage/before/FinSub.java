public class FinSub extends Fin {
}
