/// The version of this library and its command.
public enum InkstoneVersion {
    public static let current = "0.1.0"
}
