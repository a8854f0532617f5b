/// The version of this library and its command.
public enum InkstoneVersion {
    /// The version, as `major.minor.patch`.
    public static let current = "0.1.0"
}
