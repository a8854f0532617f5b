import InkText

/// Counts the inputs that were longer than the model was given to read, for one line about them at the end.
public struct CutTexts: Sendable {
    /// Inputs seen.
    public private(set) var count = 0
    /// Those of them that were cut.
    public private(set) var cut = 0
    /// Tokens of those that were cut, and what was not read of them.
    private var tokens = (all: 0, unread: 0)
    /// Inputs of which the first and the second text were cut, where there are two.
    private var sides = (first: 0, second: 0)
    private var hasPairs = false
    private var longest = 0
    private var firstPlace: String?
    private let name: String
    private let parts: [String]

    /// - Parameters:
    ///   - name: what the inputs are, in the plural.
    ///   - parts: what the two texts of an input are.
    public init(_ name: String = "texts", parts: [String] = ["first text", "second text"]) {
        self.name = name
        self.parts = parts
    }

    init(_ profile: TaskProfile) {
        self.init(profile.itemName, parts: profile.parts)
    }

    /// Counts an input of one or several sequences.
    mutating func add(_ sequences: [TokenSequence], at place: @autoclosure () -> String) {
        add(sequences.lazy.map { ($0.ids.count, $0.unread) }, at: place())
    }

    /// Counts the encoded texts.
    /// - Parameter place: where a text stands, by its number.
    public mutating func add(_ packed: PackedEncodings, at place: (Int) -> String) {
        for index in 0..<packed.count {
            add([(packed[index].count, packed.unread[index] ?? UnreadTokens())], at: place(index))
        }
    }

    private mutating func add(
        _ inputs: some Sequence<(read: Int, unread: UnreadTokens)>, at place: @autoclosure () -> String
    ) {
        count += 1
        var (all, unread) = (0, UnreadTokens())
        for input in inputs {
            all += input.read + input.unread.count
            longest = max(longest, input.read + input.unread.count)
            unread.first += input.unread.first
            if let second = input.unread.second {
                hasPairs = true
                unread.second = (unread.second ?? 0) + second
            }
        }
        guard unread.count > 0 else { return }
        cut += 1
        tokens = (tokens.all + all, tokens.unread + unread.count)
        sides.first += unread.first > 0 ? 1 : 0
        sides.second += unread.second ?? 0 > 0 ? 1 : 0
        firstPlace = firstPlace ?? place()
    }

    /// What is to be said of them; nil where all were read whole.
    /// - Parameters:
    ///   - limit: most tokens of an input.
    ///   - maxPositions: most tokens that the model could read; nil where it is not known.
    public func note(limit: Int, maxPositions: Int?) -> String? {
        guard cut > 0, let firstPlace else { return nil }
        var details = hasPairs ? sideNames : []
        details.append("\(tokens.unread) of their \(tokens.all) tokens are not read")
        return
            "\(cut) of \(count) \(name) are longer than \(limit) tokens and are cut (\(details.joined(separator: "; "))), "
            + "the first at \(firstPlace); \(remedy(limit, maxPositions))"
    }

    private var sideNames: [String] {
        let names = zip(parts, [sides.first, sides.second]).filter { $0.1 > 0 }.map { "\($0) of \($1)" }
        return names.isEmpty ? [] : [names.joined(separator: ", ")]
    }

    /// No more is promised than the model can read.
    private func remedy(_ limit: Int, _ maxPositions: Int?) -> String {
        guard let maxPositions else { return "a larger --max-length reads more, if the model has as many positions" }
        if limit >= maxPositions { return "the model reads no more: split them" }
        return longest <= maxPositions
            ? "--max-length \(longest) reads them whole" : "--max-length \(maxPositions) reads more"
    }
}
