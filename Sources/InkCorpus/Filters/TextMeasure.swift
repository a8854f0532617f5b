/// How many characters of each sort a text has.
struct TextMeasure {
    /// All characters but white space.
    private(set) var characters = 0
    private(set) var chinese = 0
    private(set) var punctuation = 0
    private(set) var symbols = 0
    private(set) var digits = 0

    /// - Parameters:
    ///   - text: valid UTF-8.
    ///   - table: `ScalarClass.table`.
    init(_ text: [UInt8], _ table: [UInt8]) {
        var counts = [Int](repeating: 0, count: 16)
        var position = 0
        while position < text.count {
            let lead = text[position]
            let scalar = Scalars.scalar(text, position)
            let raw = scalar < 0x10000 ? table[Int(scalar)] : ScalarClass.of(scalar).rawValue
            counts[Int(raw)] += 1
            position += Scalars.length(lead)
        }
        func count(_ kind: ScalarClass) -> Int { counts[Int(kind.rawValue)] }
        characters = counts.reduce(0, +) - count(.space) - count(.lineEnd)
        chinese = count(.hanzi)
        punctuation = count(.punctuation)
        symbols = count(.symbol) + count(.broken)
        digits = count(.digit)
    }
}
