public class SubOfFriend extends Friend {
}
