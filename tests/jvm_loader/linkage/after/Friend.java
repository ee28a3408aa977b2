public sealed class Friend permits Other {
    Object open() {
        return "sealed";
    }
}

final class Other extends Friend {
}
