/// Texts of one split that stand in another one too, which flatters the numbers.
public struct DataLeak: Codable, Equatable, Sendable {
    /// The split that is looked into, for instance "train".
    public var source: String
    /// The split whose texts were found there, for instance "test".
    public var target: String
    /// Texts of `target` that are also in `source`, spaces around them not counted.
    public var count: Int
    /// Those of them that carry another label there.
    public var conflicting: Int
    /// The line of the first one in the file of `target`, where it is known.
    public var firstLine: Int?

    public init(source: String, target: String, count: Int, conflicting: Int, firstLine: Int? = nil) {
        self.source = source
        self.target = target
        self.count = count
        self.conflicting = conflicting
        self.firstLine = firstLine
    }

    /// A text with its right answer, as far as finding it again goes.
    public struct Item: Sendable {
        public var text: String
        public var label: String
        /// Its line in the file, from 1.
        public var line: Int?

        public init(text: String, label: String, line: Int? = nil) {
            self.text = text
            self.label = label
            self.line = line
        }
    }

    /// In words, with what to do.
    var sentence: String {
        let texts = count == 1 ? "1 text of \(target) is" : "\(count) texts of \(target) are"
        let labels = conflicting > 0 ? ", \(conflicting) with another label" : ""
        let place = firstLine.map { " The first is line \($0) of \(target)." } ?? ""
        return "\(texts) also in \(source)\(labels).\(place) Leave them out of \(source): they flatter the numbers."
    }

    /// Compares every split with each later one; pairs without a common text are left out.
    public static func find(in splits: [(name: String, texts: [Item])]) -> [DataLeak] {
        var leaks: [DataLeak] = []
        for (index, source) in splits.enumerated() where index + 1 < splits.count {
            // Hardly a text has two labels, so a set for every text would be wasted.
            var firstLabels: [String: String] = [:]
            var otherLabels: [String: Set<String>] = [:]
            firstLabels.reserveCapacity(source.texts.count)
            for text in source.texts {
                let key = text.text.trimmed
                if let first = firstLabels[key] {
                    if first != text.label { otherLabels[key, default: []].insert(text.label) }
                } else {
                    firstLabels[key] = text.label
                }
            }
            for target in splits[(index + 1)...] {
                var leak = DataLeak(source: source.name, target: target.name, count: 0, conflicting: 0)
                for text in target.texts {
                    let key = text.text.trimmed
                    guard let first = firstLabels[key] else { continue }
                    leak.count += 1
                    if leak.count == 1 { leak.firstLine = text.line }
                    if first != text.label, otherLabels[key]?.contains(text.label) != true { leak.conflicting += 1 }
                }
                if leak.count > 0 { leaks.append(leak) }
            }
        }
        return leaks
    }
}
