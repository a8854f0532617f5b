/// The changes that one rule makes to a text, from left to right, and the text that comes out.
///
/// What stays is copied in whole stretches, so a rule pays only for the places that it changes.
struct TextEdits {
    /// The first change: its place before, and its place after.
    struct Place {
        var before: Range<Int>
        var after: Range<Int>
    }

    /// The changed text, complete after `finish`.
    private(set) var output: [UInt8] = []
    /// Places changed.
    private(set) var changes = 0
    private(set) var first: Place?
    /// Bytes of the text that are copied or replaced.
    private(set) var done = 0

    /// Forgets everything but the memory.
    mutating func begin() {
        output.removeAll(keepingCapacity: true)
        (changes, first, done) = (0, nil, 0)
    }

    /// Replaces a range behind all earlier ones.
    mutating func replace(_ range: Range<Int>, of text: [UInt8], with bytes: [UInt8]) {
        open(range, text)
        output.append(contentsOf: bytes)
        close(range, inserted: bytes.count)
    }

    /// Replaces a range by one byte.
    mutating func replace(_ range: Range<Int>, of text: [UInt8], with byte: UInt8) {
        open(range, text)
        output.append(byte)
        close(range, inserted: 1)
    }

    /// Takes a range away.
    mutating func remove(_ range: Range<Int>, of text: [UInt8]) {
        open(range, text)
        close(range, inserted: 0)
    }

    /// Copies what follows the last change.
    mutating func finish(_ text: [UInt8]) {
        output.append(contentsOf: text[done..<text.count])
        done = text.count
    }

    /// Exchanges the changed text with `text`.
    mutating func swapOutput(_ text: inout [UInt8]) { swap(&output, &text) }

    private mutating func open(_ range: Range<Int>, _ text: [UInt8]) {
        if changes == 0 { output.reserveCapacity(text.count + 64) }
        output.append(contentsOf: text[done..<range.lowerBound])
    }

    private mutating func close(_ range: Range<Int>, inserted: Int) {
        if first == nil { first = Place(before: range, after: output.count - inserted..<output.count) }
        done = range.upperBound
        changes += 1
    }
}
