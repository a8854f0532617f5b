import InkSupport

/// Goes through all windows of so many tokens of some shards, in a random order that its seed decides, epoch after epoch.
///
/// Windows follow each other without overlap from the first token on; what is left at the end is no window. In one epoch
/// each comes once. The state is a few numbers: saved and given back it goes on exactly where it was.
public struct ShardCursor: Sendable {
    /// Where a cursor stands.
    public struct State: Codable, Hashable, Sendable {
        /// `TokenShards.identity` of the shards that it goes through.
        public var shards: String
        public var windowLength: Int
        public var seed: UInt64
        public var epoch: Int
        /// Windows of this epoch that were given out.
        public var position: Int
    }

    public private(set) var state: State
    /// Windows of an epoch.
    public let windowCount: Int
    private let shards: TokenShards
    private var order: SeededPermutation

    /// Begins the first epoch.
    /// - Throws: `InputError` when a window is longer than all shards together.
    public init(_ shards: TokenShards, windowLength: Int, seed: UInt64) throws {
        try self.init(
            shards,
            State(shards: shards.identity, windowLength: windowLength, seed: seed, epoch: 0, position: 0))
    }

    /// Goes on from a saved state.
    /// - Throws: `InputError` when the state belongs to other shards or is impossible.
    public init(_ shards: TokenShards, _ state: State) throws {
        guard state.shards == shards.identity else {
            throw InputError(
                at: shards.folder.path, "the saved state belongs to other shards", expected: state.shards,
                found: shards.identity, remedy: "go on with the shards that the run began with, or begin anew")
        }
        guard state.windowLength >= 1, state.windowLength <= shards.tokenCount else {
            throw InputError(
                at: "\(shards.folder.path): window length", "the value is out of range",
                expected: "1 to \(shards.tokenCount)", found: "\(state.windowLength)")
        }
        windowCount = shards.tokenCount / state.windowLength
        guard state.epoch >= 0, (0...windowCount).contains(state.position) else {
            throw InputError(
                at: "\(shards.folder.path): position", "the saved state is impossible",
                expected: "a position of 0 to \(windowCount)", found: "\(state.position) of epoch \(state.epoch)")
        }
        self.shards = shards
        self.state = state
        order = Self.order(state, windowCount)
    }

    /// The next window: its first token's global position, and its ids.
    /// - Throws: `InputError` when a file of the shards was changed since it was opened; the state stays as it was.
    public mutating func next() throws -> (position: Int, tokens: [Int32]) {
        if state.position == windowCount {
            state.epoch += 1
            state.position = 0
            order = Self.order(state, windowCount)
        }
        let position = order[state.position] * state.windowLength
        let tokens = try shards.tokens(at: position, count: state.windowLength)
        state.position += 1
        return (position, tokens)
    }

    private static func order(_ state: State, _ count: Int) -> SeededPermutation {
        SeededPermutation(count: count, seed: Hash64.of(UInt64(state.epoch), seed: state.seed))
    }
}
