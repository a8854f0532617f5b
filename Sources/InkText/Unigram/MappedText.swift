/// A text under normalisation, each scalar with the scalars of the original text it stands for.
struct MappedText: Sendable {
    struct Symbol: Sendable {
        var scalar: Unicode.Scalar
        /// Indices of scalars of the original text.
        var start: Int32
        var end: Int32
    }

    var symbols: [Symbol] = []

    init() {}

    /// The scalars of a range of UTF-8; the first is number `firstSource` of the whole text.
    init(_ text: [UInt8], _ range: Range<Int>, firstSource: Int) {
        symbols.reserveCapacity(range.count)
        var position = range.lowerBound
        var source = Int32(truncatingIfNeeded: firstSource)
        while position < range.upperBound {
            let scalar = UTF8Text.scalar(text, at: &position, limit: range.upperBound)
            symbols.append(Symbol(scalar: scalar, start: source, end: source + 1))
            source += 1
        }
    }

    /// The UTF-8 of all symbols.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(symbols.count * 3)
        for symbol in symbols { UTF8Text.append(symbol.scalar, to: &bytes) }
        return bytes
    }

    /// Puts scalars before the text; they stand where it begins.
    mutating func prepend(_ scalars: [Unicode.Scalar]) {
        guard let first = symbols.first else { return }
        symbols.insert(
            contentsOf: scalars.map { Symbol(scalar: $0, start: first.start, end: first.start) }, at: 0)
    }

    /// Appends scalars that stand for all of `replaced`.
    mutating func append(_ scalars: some Sequence<Unicode.Scalar>, for replaced: ArraySlice<Symbol>) {
        guard let first = replaced.first, let last = replaced.last else { return }
        for scalar in scalars { symbols.append(Symbol(scalar: scalar, start: first.start, end: last.end)) }
    }

    /// Calls `body` with the symbols of each grapheme cluster.
    func forEachCluster(_ body: (ArraySlice<Symbol>) -> Void) {
        // Unassembled ideographs and ASCII are clusters of their own unless something joins them: most text needs no
        // break analysis.
        var start = 0
        while start < symbols.count {
            var end = start + 1
            if end < symbols.count, !Self.standsAlone(symbols[start].scalar, symbols[end].scalar) {
                while end < symbols.count, !Self.standsAlone(symbols[end - 1].scalar, symbols[end].scalar) { end += 1 }
                var position = start
                for character in String(String.UnicodeScalarView(symbols[start..<end].map(\.scalar))) {
                    let next = position + character.unicodeScalars.count
                    body(symbols[position..<next])
                    position = next
                }
            } else {
                body(symbols[start..<end])
            }
            start = end
        }
    }

    /// Whether there is surely a cluster's end between two scalars.
    private static func standsAlone(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            (0x20..<0x7F).contains(scalar.value) || (0x4E00..<0xA000).contains(scalar.value)
                || (0xFF01..<0xFF5F).contains(scalar.value) || (0x3001..<0x3018).contains(scalar.value)
        }
        return isPlain(first) && isPlain(second)
    }
}
