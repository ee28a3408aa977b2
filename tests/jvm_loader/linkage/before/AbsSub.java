public class AbsSub extends Abs {
}
