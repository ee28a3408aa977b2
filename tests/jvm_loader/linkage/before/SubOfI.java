public class SubOfI extends SupI {
}
