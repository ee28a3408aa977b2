public class ImpC {
}
