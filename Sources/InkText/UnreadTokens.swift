/// Tokens of an input's texts for which the longest input had no room.
public struct UnreadTokens: Hashable, Sendable {
    /// Of the text, or of the first text of a pair.
    public var first: Int
    /// Of the second text of a pair; nil for a single text.
    public var second: Int?

    public init(first: Int = 0, second: Int? = nil) {
        self.first = first
        self.second = second
    }

    /// Of both texts.
    public var count: Int { first + (second ?? 0) }

    /// Counting goes on for so many tokens behind the last one that is read: a line of a gigabyte takes no memory for
    /// the sake of a number.
    private static let countedTokens = 1 << 20

    /// How many tokens of a text are looked at where `room` are read.
    static func limit(_ room: Int) -> Int { min(room, .max - countedTokens) + countedTokens }
}
