import Foundation
import InkSupport

/// Documents with the class that a person gave them.
public struct QualityJudgements: Sendable {
    /// The judged documents; a label is the place of the class.
    public let sample: DocumentSample
    /// Records whose `label` is still null.
    public let unjudged: Int

    /// Reads a file of candidates in which a judge has set `label`: an object a line with `text` and `label`.
    /// - Throws: `InputError` naming file and line for a record without text or of an unknown class, and for a file
    ///   without a judgement.
    public init(contentsOf url: URL, labels: [String] = QualityClass.labels) throws {
        var sample = DocumentSample()
        var unjudged = 0
        let reader = try LineReader(contentsOf: url)
        while let line = try reader.next() {
            let records = try Self.records(line, url)
            for record in records {
                let text = try record.required("text").string()
                guard let label = record["label"] else {
                    unjudged += 1
                    continue
                }
                let name = try label.spelling()
                guard let index = labels.firstIndex(of: name) else {
                    throw InputError(
                        at: label.location, "there is no such class",
                        expected: "one of \(labels.joined(separator: ", ")), or null", found: name,
                        remedy: CloseMatches.of(name, among: labels, limit: 1).first.map { "did you mean \($0)?" }
                            ?? "set the label to one of them")
                }
                let id = try record["id"]?.spelling() ?? "\(url.lastPathComponent):\(line.number)"
                sample.add(Array(text.utf8), label: index, id: id)
            }
        }
        guard sample.count > 0 else {
            throw InputError(
                at: url.path, "the file holds no judgement", expected: "an object a line with text and label",
                found: unjudged == 0 ? "an empty file" : "\(unjudged) records whose label is null",
                remedy: "set each label to one of \(labels.joined(separator: ", "))")
        }
        self.sample = sample
        self.unjudged = unjudged
    }

    private static func records(_ line: LineReader.Line, _ url: URL) throws -> [LocatedJSON] {
        do {
            return try LocatedJSON.records(in: Array(line.text.utf8), file: url.path, firstLine: line.number)
        } catch var error as InputError {
            error.expected = "an object with text and label"
            error.found = "\"\(line.text.prefix(60))\""
            error.remedy = "give a file that quality label wrote, with its labels set"
            throw error
        }
    }
}
