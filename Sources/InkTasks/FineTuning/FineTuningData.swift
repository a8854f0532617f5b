import Foundation
import InkLayers
import InkModels
import InkSupport
import InkText
import InkTraining

/// The data of a run, read and checked against each other, whatever the task.
protocol FineTuningData: Sendable {
    /// Class names in the order of their ids; empty where the task has none.
    var labels: [String] { get }
    /// What `inkstone.json` keeps of the task beside the labels.
    var parameters: [String: String] { get }
    /// Examples of the training and of the development set.
    var counts: (train: Int, dev: Int) { get }
    var files: [RunDescription.DataFile] { get }
    /// Examples of one set that occur in another: they make results look better than they are.
    var leaks: [DataLeak] { get }
    /// What a careful user would want to know of the files, a line each.
    var notes: [String] { get }
    /// What decides which checkpoint is kept on the development set; nil for the task's usual measure.
    var selection: TrainingOptions.Selection? { get }
    /// All texts of the training set.
    var trainingTexts: [String] { get }

    /// Encodes the data and makes the model.
    func session(_ start: FineTuningStart, _ settings: FineTuningSettings, _ source: ParameterSource) throws
        -> any FineTuningSession
    /// Measures a finished folder on the development and, where there is one, the test set.
    func evaluate(_ folder: URL) throws -> (dev: TaskEvaluation, test: TaskEvaluation?)
}

extension TaskName {
    /// Reads the files that the settings name.
    /// - Throws: `InputError` naming file and line.
    func readData(_ settings: FineTuningSettings) throws -> any FineTuningData {
        func read<Kind: TaskKind>(_ kind: Kind.Type) throws -> any FineTuningData {
            try TaskDataSets<Kind>(settings)
        }
        return try read(kind)
    }

    var head: HeadKind { kind.head }
    func architecture(_ family: ModelFamily) -> String { kind.architecture(family) }
    var problemType: String? { kind.problemType }
    /// Choices that only this task offers.
    public var options: [TaskOption] { kind.options }
    /// What a run uses where the user says nothing.
    public func defaults(fromScratch: Bool) -> TaskDefaults { kind.defaults(fromScratch: fromScratch) }
}

/// Training, development and test set of one task.
struct TaskDataSets<Kind: TaskKind>: FineTuningData {
    let kind: Kind
    let train: [Kind.Example]
    let dev: [Kind.Example]
    let test: [Kind.Example]?
    let files: [RunDescription.DataFile]
    let leaks: [DataLeak]
    let notes: [String]

    init(_ settings: FineTuningSettings) throws {
        let (kind, train) = try Kind.prepare(settings)
        let dev = try kind.read(settings.dev)
        let test = try settings.test.map { try kind.read($0) }
        self.kind = kind
        self.train = train.examples
        self.dev = dev.examples
        self.test = test?.examples
        var sets = [("train", settings.train, train), ("dev", settings.dev, dev)]
        if let file = settings.test, let test { sets.append(("test", file, test)) }
        for (_, url, data) in sets where data.examples.isEmpty {
            throw InputError(at: url.path, "has no example for this task", remedy: "see inkstone tasks")
        }
        files = try sets.map { role, url, data in
            RunDescription.DataFile(
                role: role, name: url.lastPathComponent, rows: data.examples.count,
                sha256: try SHA256.hexDigest(ofFileAt: url))
        }
        leaks = DataLeak.find(
            in: sets.map { role, _, data in
                (
                    role,
                    data.examples.map {
                        DataLeak.Item(
                            text: kind.texts(of: $0).joined(separator: "\u{1f}"), label: kind.gold(of: $0),
                            line: kind.line(of: $0))
                    }
                )
            })
        notes =
            sets.flatMap { role, url, data in data.notes.map { "\(url.lastPathComponent): \($0)" } }
            + Self.labelNotes(kind, train.examples, others: sets.dropFirst().map { ($1, $2.examples) })
    }

    /// The labels that stand in the training file or in another one only.
    private static func labelNotes(
        _ kind: Kind, _ train: [Kind.Example], others: [(file: URL, examples: [Kind.Example])]
    ) -> [String] {
        let trained = Set(train.lazy.flatMap { kind.usedLabels(of: $0) })
        return others.flatMap { labelNotes(kind, trained, $1, in: $0.lastPathComponent) }
    }

    private static func labelNotes(
        _ kind: Kind, _ trained: Set<String>, _ examples: [Kind.Example], in name: String
    ) -> [String] {
        let used = examples.map { kind.usedLabels(of: $0) }
        let measured = Set(used.joined())
        var notes: [String] = []
        let unmeasured = trained.subtracting(measured).sorted()
        if !unmeasured.isEmpty {
            notes.append(
                "\(name): labels of the training file that stand nowhere here: \(unmeasured.count) of \(trained.count), "
                    + "not measured: \(LabelSet.excerpt(unmeasured))")
        }
        let untrained = measured.subtracting(trained).sorted()
        let unknown = used.indices.filter { used[$0].contains(where: untrained.contains) }
        if let first = unknown.first {
            notes.append(
                "\(name): labels without a training example: \(LabelSet.excerpt(untrained)), in \(unknown.count) examples, "
                    + "the first \(Excerpt.of(kind.texts(of: examples[first]).first ?? ""))")
        }
        return notes
    }

    var selection: TrainingOptions.Selection? { kind.selection(on: dev) }
    var labels: [String] { kind.labels }
    var parameters: [String: String] { kind.parameters }
    var counts: (train: Int, dev: Int) { (train.count, dev.count) }
    var trainingTexts: [String] { train.flatMap { kind.texts(of: $0) } }

    func session(
        _ start: FineTuningStart, _ settings: FineTuningSettings, _ source: ParameterSource
    ) throws -> any FineTuningSession {
        try TaskSession(self, start, settings, source)
    }

    func evaluate(_ folder: URL) throws -> (dev: TaskEvaluation, test: TaskEvaluation?) {
        let model = try TaskModel<Kind>(contentsOf: folder)
        func name(_ role: String) -> String? { files.first { $0.role == role }?.name }
        return (
            try model.evaluate(dev, from: name("dev")), try test.map { try model.evaluate($0, from: name("test")) }
        )
    }
}
