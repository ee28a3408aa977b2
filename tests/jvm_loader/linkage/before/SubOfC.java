public class SubOfC implements ImpC {
}
