/// A token that is looked for in the text before WordPiece sees it: `[SEP]`, `[MASK]` and those a user adds.
public struct AddedToken: Hashable, Sendable {
    /// The token's text.
    public var content: String
    /// Matches only where no word character stands on either side.
    public var singleWord: Bool
    /// Takes the white space to its left into its offsets.
    public var stripsLeft: Bool
    /// Takes the white space to its right into its offsets.
    public var stripsRight: Bool
    /// Is looked for in the normalised text, in its own normalised form; otherwise in the raw text.
    public var isNormalized: Bool
    /// Is left out by `decode(_:skipSpecialTokens:)` when asked to.
    public var isSpecial: Bool

    public init(
        _ content: String, singleWord: Bool = false, stripsLeft: Bool = false, stripsRight: Bool = false,
        isNormalized: Bool = false, isSpecial: Bool = true
    ) {
        self.content = content
        self.singleWord = singleWord
        self.stripsLeft = stripsLeft
        self.stripsRight = stripsRight
        self.isNormalized = isNormalized
        self.isSpecial = isSpecial
    }
}

/// Finds added tokens in UTF-8: the leftmost, and of those the longest, as the reference's Aho-Corasick automaton.
struct AddedTokenMatcher: Sendable {
    /// A stretch of the text: an added token, or what lies between.
    struct Piece: Sendable {
        var range: Range<Int>
        var id: Int32?
    }

    private struct Pattern: Sendable {
        var bytes: [UInt8]
        var id: Int32
        var token: AddedToken
    }

    /// Longest first.
    private let patterns: [Pattern]
    private let isFirstByte: [Bool]

    /// - Parameter form: how the searched text spells a token.
    init(_ tokens: [(token: AddedToken, id: Int32)], form: (String) -> String = { $0 }) {
        patterns = tokens.map { Pattern(bytes: Array(form($0.token.content).utf8), id: $0.id, token: $0.token) }
            .filter { !$0.bytes.isEmpty }
            .sorted { $0.bytes.count > $1.bytes.count }
        var first = [Bool](repeating: false, count: 256)
        for pattern in patterns { first[Int(pattern.bytes[0])] = true }
        isFirstByte = first
    }

    var isEmpty: Bool { patterns.isEmpty }

    /// Whether some token begins with this byte.
    func mayBegin(_ byte: UInt8) -> Bool { isFirstByte[Int(byte)] }

    /// The longest token at `position`: its end, and its id unless its neighbours forbid it (the text up to `end` is
    /// then ordinary text and is not searched again).
    func match(_ text: [UInt8], at position: Int, limit: Int) -> (end: Int, id: Int32?)? {
        guard let pattern = pattern(text, at: position, limit: limit) else { return nil }
        let end = position + pattern.bytes.count
        let isAllowed = !pattern.token.singleWord || Self.isAlone(text, position..<end, within: 0..<limit)
        return (end, isAllowed ? pattern.id : nil)
    }

    /// Cuts `range` of `text` into added tokens and what lies between them, in order.
    func split(_ text: [UInt8], _ range: Range<Int>) -> [Piece] {
        var pieces: [Piece] = []
        var done = range.lowerBound
        var position = range.lowerBound
        while position < range.upperBound {
            guard mayBegin(text[position]),
                let pattern = pattern(text, at: position, limit: range.upperBound)
            else {
                position += 1
                continue
            }
            var (start, end) = (position, position + pattern.bytes.count)
            position = end
            if pattern.token.singleWord, !Self.isAlone(text, start..<end, within: range) { continue }
            if pattern.token.stripsLeft { start = UTF8Text.startOfSpace(text, before: start, from: done) }
            if pattern.token.stripsRight { end = UTF8Text.endOfSpace(text, from: end, limit: range.upperBound) }
            start = max(start, done)
            if done < start { pieces.append(Piece(range: done..<start, id: nil)) }
            if start < end { pieces.append(Piece(range: start..<end, id: pattern.id)) }
            done = max(done, end)
        }
        if done < range.upperBound { pieces.append(Piece(range: done..<range.upperBound, id: nil)) }
        return pieces
    }

    /// The tokens in a text, in their order.
    func tokens(in text: String) -> [String] {
        guard text.utf8.contains(where: mayBegin) else { return [] }
        let bytes = Array(text.utf8)
        return split(bytes, 0..<bytes.count).compactMap { piece in
            guard let id = piece.id else { return nil }
            return patterns.first { $0.id == id }?.token.content
        }
    }

    private func pattern(_ text: [UInt8], at position: Int, limit: Int) -> Pattern? {
        patterns.first { pattern in
            position + pattern.bytes.count <= limit
                && pattern.bytes.elementsEqual(text[position..<position + pattern.bytes.count])
        }
    }

    private static func isAlone(_ text: [UInt8], _ match: Range<Int>, within range: Range<Int>) -> Bool {
        if match.lowerBound > range.lowerBound,
            UTF8Text.isWordCharacter(UTF8Text.scalar(text, endingAt: match.lowerBound))
        {
            return false
        }
        if match.upperBound < range.upperBound {
            var position = match.upperBound
            return !UTF8Text.isWordCharacter(UTF8Text.scalar(text, at: &position, limit: range.upperBound))
        }
        return true
    }
}
