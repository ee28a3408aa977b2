public interface ImpC {
}
