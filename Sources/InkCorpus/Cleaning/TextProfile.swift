/// What one pass over a text finds for all rules: its features and its sentences.
struct TextProfile {
    var features: TextFeatures = []
    /// As `SentenceSplitter` gives them.
    private(set) var sentences: [Range<Int>] = []
    private let limits: RunLimits
    private let ascii = TextFeatures.ascii
    private let table = TextFeatures.table
    /// Places where a sentence may end.
    private var marks: [Int] = []

    /// - Parameter limits: which repetitions are runs.
    init(_ limits: RunLimits) { self.limits = limits }

    /// Looks at a text afresh.
    /// - Parameter text: valid UTF-8.
    mutating func read(_ text: [UInt8]) {
        marks.removeAll(keepingCapacity: true)
        let (ascii, table) = (ascii, table)
        var found: UInt32 = 0
        // Digits with nothing but gaps between them.
        var digits = 0
        var mostDigits = 0
        var previous = UInt32.max
        var repeats = 1
        var hasRun = false
        var position = 0
        while position < text.count {
            let start = position
            let lead = text[position]
            let scalar: UInt32
            let own: UInt32
            if lead >= 0xE0, lead < 0xF0 {
                scalar = Scalars.ofThree(text, position, lead)
                own = UInt32(table[Int(scalar)])
                position += 3
                digits = 0
            } else if lead < 0x80 {
                scalar = UInt32(lead)
                own = ascii[Int(lead)]
                position += 1
                if own & TextFeatures.digit.rawValue != 0 {
                    digits += 1
                    mostDigits = max(mostDigits, digits)
                } else if own & TextFeatures.digitGap.rawValue == 0 {
                    digits = 0
                }
            } else {
                scalar = Scalars.scalar(text, position)
                own = scalar < 0x10000 ? UInt32(table[Int(scalar)]) : TextFeatures.of(scalar).rawValue
                position += Scalars.length(lead)
                digits = 0
            }
            found |= own
            if own & TextFeatures.sentenceMark.rawValue != 0 { marks.append(start) }
            if scalar == previous {
                repeats += 1
                if !hasRun, repeats > limits.most(of: scalar) { hasRun = true }
            } else {
                repeats = 1
            }
            previous = scalar
        }
        SentenceSplitter.split(text, marks, into: &sentences)
        features = TextFeatures(rawValue: found).completed
        if !text.isEmpty { features.insert(.text) }
        if hasRun { features.insert(.run) }
        if sentences.count > 1 { features.insert(.twoSentences) }
        for (least, feature) in [(11, TextFeatures.elevenDigits), (13, .thirteenDigits), (17, .seventeenDigits)]
        where mostDigits >= least {
            features.insert(feature)
        }
    }
}
