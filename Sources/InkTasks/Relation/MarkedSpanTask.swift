import Foundation
import InkSupport
import InkText

/// A task on spans that are marked in a text: `#head#` and `$tail$`, as in the fine-tuning of Tsinghua's ERNIE (Zhang et
/// al. 2019). Of a text that is too long the marked spans stay, with what is around them.
public protocol MarkedSpanTask: SequenceTask where Example == MarkedText {
    /// Marked spans of an example.
    static var markCount: Int { get }
    /// How many labels an example of the data may have.
    static var labelCounts: ClosedRange<Int> { get }
}

extension MarkedSpanTask {
    private static var marks: [(open: String, close: String)] { [("#", "#"), ("$", "$")] }

    public func texts(of example: MarkedText) -> [String] { [example.marked(Self.marks)] }
    public func line(of example: MarkedText) -> Int? { example.line }

    public func classIDs(of example: MarkedText) -> [Int] {
        example.labels.compactMap { classes.id(of: $0) }.sorted()
    }

    public func sequences(_ examples: [MarkedText], _ encoder: InputEncoder) throws -> [TokenSequence] {
        let room = try encoder.room(isPair: false)
        return try examples.map { example in
            let marked = example.marking(Self.marks)
            let analysis = encoder.tokenizer.analyze(marked.text)
            guard let ids = analysis.ids(keeping: marked.spans, room: room) else {
                throw encoder.tooLong(
                    "the marked spans", line: example.line,
                    needed: marked.spans.reduce(encoder.form.maxLength - room) { $0 + analysis.tokens(in: $1).count })
            }
            var sequence = encoder.sequence([ids[...]]).sequence
            sequence.unread = UnreadTokens(first: analysis.count - ids.count)
            return sequence
        }
    }

    // MARK: Data

    public func question(_ line: String, at location: String) throws -> MarkedText {
        let examples = try MarkedTextReader(allowsUnlabelled: true).read(line, at: location)
        guard examples.count == 1, var question = examples.first else {
            throw InputError(
                at: location, "the line is not one question", expected: "one text with marked spans",
                found: "\(examples.count)", remedy: "write a line for each")
        }
        try Self.check([question]) { _ in location }
        question.labels = []
        return question
    }

    public func read(_ file: URL) throws -> TaskData<MarkedText> {
        try checked(Self.data(file, labels: classes).data, file)
    }

    /// The examples of a training file and their labels, those given or those found.
    static func training(_ settings: FineTuningSettings) throws -> (classes: LabelSet, data: MarkedTextData) {
        let given = try settings.labels.map { try LabelSet(contentsOf: $0) }
        let (data, labels) = try data(settings.train, labels: given)
        return (try labels ?? LabelSet(names: data.labels, location: settings.train.path), data)
    }

    /// The examples with the names of their labels, which are those of the task; `isTraining` tells which of these are
    /// not among them.
    func checked(_ data: MarkedTextData, _ file: URL, isTraining: Bool = false) throws -> TaskData<MarkedText> {
        var examples = data.examples
        for index in examples.indices {
            examples[index].labels = try examples[index].labels.map { label in
                guard let id = classes.resolve(label) else {
                    throw classes.unknown([label], at: "\(file.path):\(examples[index].line)")
                }
                return classes.names[id]
            }
        }
        let notes = isTraining ? classes.notes(used: examples.lazy.flatMap { classIDs(of: $0) }) : []
        return TaskData(examples, notes: notes + data.oddities.map(\.description))
    }

    /// The examples of a file and the labels: those given, or those that vectors of 0 and 1 have; nil where they are to
    /// be taken from the examples.
    private static func data(_ file: URL, labels: LabelSet?) throws -> (data: MarkedTextData, labels: LabelSet?) {
        var data = try MarkedTextReader().read(contentsOf: file)
        func location(_ example: MarkedText) -> String { "\(file.path):\(example.line)" }
        try check(data.examples, location: location)
        var labels = labels
        if labelCounts.upperBound > 1 {
            var counter = OddityCounter()
            let vectors = try IndicatorVectors.names(
                in: data.examples.map(\.labels), labels: labels, at: { location(data.examples[$0]) }, &counter)
            if let vectors {
                for (index, names) in vectors.lists.enumerated() { data.examples[index].labels = names }
                labels = vectors.labels
                data.oddities += counter.oddities
            }
        }
        if let wrong = data.examples.first(where: { !labelCounts.contains($0.labels.count) }) {
            throw InputError(
                at: location(wrong), "the text has not as many labels as the task takes",
                expected: "\(labelCounts.lowerBound)", found: "\(wrong.labels.count)")
        }
        return (data, labels)
    }

    /// - Throws: `InputError` for an example that another task on spans is for.
    private static func check(_ examples: [MarkedText], location: (MarkedText) -> String) throws {
        guard let wrong = examples.first(where: { $0.marks.count != markCount }) else { return }
        throw InputError(
            at: location(wrong), "the text has not the spans of this task",
            expected: markCount == 2 ? "two marked spans, head and tail" : "one marked span",
            found: "\(wrong.marks.count)",
            remedy: "choose --task \((markCount == 2 ? TaskName.typing : .relation).rawValue) for such data")
    }
}
