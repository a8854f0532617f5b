import Foundation
import InkSupport

/// The labelled texts of a run, read and checked against each other.
struct FineTuningTexts {
    let labels: LabelSet
    let train: [LabelledText]
    let dev: [LabelledText]
    let test: [LabelledText]?
    let files: [RunDescription.DataFile]
    /// Texts of one set that occur in another: they make results look better than they are.
    let leaks: [DataLeak]
    /// What a careful user would want to know, a line each.
    let warnings: [String]

    init(_ settings: FineTuningSettings) throws {
        let reader = LabelledTextReader()
        if let file = settings.labels {
            labels = try LabelSet(contentsOf: file)
            train = try reader.read(contentsOf: settings.train, labels: labels)
        } else {
            (train, labels) = try reader.readDerivingLabels(contentsOf: settings.train)
        }
        let known = labels
        dev = try reader.read(contentsOf: settings.dev, labels: known)
        test = try settings.test.map { try reader.read(contentsOf: $0, labels: known) }
        guard labels.count >= 2 else {
            throw InputError(
                at: settings.train.path, "all texts have the same label", expected: "at least two classes",
                found: labels.names.joined(), remedy: "give the class names with --labels")
        }
        var sets = [("train", settings.train, train), ("dev", settings.dev, dev)]
        if let file = settings.test, let test { sets.append(("test", file, test)) }
        files = try sets.map { role, url, texts in
            RunDescription.DataFile(
                role: role, name: url.lastPathComponent, rows: texts.count,
                sha256: try SHA256.hexDigest(ofFileAt: url))
        }
        leaks = DataLeak.find(in: sets.map { ($0.0, $0.2) })
        warnings =
            leaks.map { "\($0.count) of the \($0.target) texts are also in \($0.source)" }
            + Self.absentClasses(train, labels)
    }

    private static func absentClasses(_ train: [LabelledText], _ labels: LabelSet) -> [String] {
        let present = Set(train.map(\.label))
        let absent = labels.names.indices.filter { !present.contains($0) }.map { labels.names[$0] }
        return absent.isEmpty ? [] : ["no training text has the label \(absent.joined(separator: ", "))"]
    }
}
