/// A text, or a pair of texts, with its class.
public struct LabelledText: Equatable, Sendable, Codable {
    /// The text as it stands in the file.
    public var text: String
    /// The second text of a pair.
    public var pair: String?
    /// The id in the task's `LabelSet`.
    public var label: Int
    /// The 1-based line of the file it came from.
    public var line: Int?

    public init(text: String, pair: String? = nil, label: Int, line: Int? = nil) {
        self.text = text
        self.pair = pair
        self.label = label
        self.line = line
    }
}

/// A text, or a pair of texts, with any number of classes.
public struct MultiLabelText: Equatable, Sendable, Codable {
    /// The text as it stands in the file.
    public var text: String
    /// The second text of a pair.
    public var pair: String?
    /// Ids in the task's `LabelSet`, ascending; none is allowed.
    public var labels: [Int]
    /// The 1-based line of the file it came from.
    public var line: Int?

    public init(text: String, pair: String? = nil, labels: [Int], line: Int? = nil) {
        self.text = text
        self.pair = pair
        self.labels = labels
        self.line = line
    }
}

/// What a file of labelled texts holds.
public struct LabelledData<Text: Equatable & Sendable & Codable>: Equatable, Sendable, Codable {
    /// The texts in the order of the file.
    public var texts: [Text]
    /// The classes: those given, or those found.
    public var labels: LabelSet
    /// What was odd, and what was made of it.
    public var oddities: [DataOddity]
}
