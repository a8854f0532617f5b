/// How many characters of each sort a text has.
struct TextMeasure {
    /// All characters but white space.
    private(set) var characters = 0
    /// The same, where each word of an alphabet and each number counts as one, as a Chinese character does.
    private(set) var units = 0
    private(set) var chinese = 0
    private(set) var punctuation = 0
    private(set) var symbols = 0
    /// Numbers, each as one.
    private(set) var numbers = 0

    /// Where the scripts begin whose letters stand for themselves: kana, bopomofo, hangul.
    private static let firstOfEastAsia: UInt32 = 0x2E80

    /// - Parameters:
    ///   - text: valid UTF-8.
    ///   - table: `ScalarClass.table`.
    init(_ text: [UInt8], _ table: [UInt8]) {
        var counts = [Int](repeating: 0, count: 16)
        // Letters and digits that go on with a word.
        var inner = 0
        var isInWord = false
        var position = 0
        while position < text.count {
            let lead = text[position]
            let scalar = Scalars.scalar(text, position)
            let raw = scalar < 0x10000 ? table[Int(scalar)] : ScalarClass.of(scalar).rawValue
            counts[Int(raw)] += 1
            let isLetter = raw == ScalarClass.letter.rawValue || raw == ScalarClass.digit.rawValue
            let isOfWord = isLetter && scalar < Self.firstOfEastAsia
            if isOfWord, isInWord {
                inner += 1
            } else if raw == ScalarClass.digit.rawValue {
                numbers += 1
            }
            isInWord = isOfWord
            position += Scalars.length(lead)
        }
        func count(_ kind: ScalarClass) -> Int { counts[Int(kind.rawValue)] }
        characters = counts.reduce(0, +) - count(.space) - count(.lineEnd)
        units = characters - inner
        chinese = count(.hanzi)
        punctuation = count(.punctuation)
        symbols = count(.symbol) + count(.broken)
    }
}
