import InkSupport

/// What was wrong with an input that was read: how many documents could be read, and how many could not.
public struct ReadingProblems: Hashable, Sendable {
    /// Documents that were read.
    public private(set) var documents: Int
    /// By the names of `DocumentDecoder.Problem`.
    private var tally: StageTally

    /// - Parameter tally: what was counted, with that of other rules or without.
    init(documents: Int = 0, _ tally: StageTally = StageTally()) {
        self.documents = documents
        self.tally = tally
    }

    /// Of a stage that read its input itself.
    init(of report: StageReport) {
        self.init(report.tally)
        documents = max(0, report.documentsIn - lost)
    }

    /// Records that could not be read.
    private var lost: Int { count(DocumentDecoder.Problem.record) + count(DocumentDecoder.Problem.size) }

    private func count(_ problem: String) -> Int { tally.rules[problem]?.documents ?? 0 }

    mutating func merge(_ other: ReadingProblems) {
        documents += other.documents
        tally.merge(other.tally)
    }

    /// Refuses an input that holds records of which none could be read.
    /// - Throws: `InputError` (`.data`) with the first place, what is wrong there, and the remedy.
    func requireDocuments() throws {
        let problems = [DocumentDecoder.Problem.record, DocumentDecoder.Problem.size]
        guard documents == 0, lost > 0, let first = problems.compactMap({ tally.rules[$0]?.first }).first else {
            return
        }
        throw InputError(
            at: first.name, first.reason,
            found: lost == 1 ? "the only record cannot be read" : "none of the \(lost) records can be read",
            remedy: first.remedy ?? "give one JSON object a line, or say what the form is: --format lines")
    }

    /// Lines for people about what was left out or replaced, each with its count, first place and remedy.
    public var warnings: [String] {
        let all = documents + lost
        return [
            warning(DocumentDecoder.Problem.record) { "\($0) of \(all) records could not be read and are left out" },
            warning(DocumentDecoder.Problem.size) { "\($0) of \(all) documents are too long and are left out" },
            warning(DocumentDecoder.Problem.encoding, remedy: Self.encodingRemedy) {
                "\($0) of \(all) documents hold bytes that are no UTF-8"
            },
        ].compactMap { $0 }
    }

    private static let encodingRemedy =
        "convert text in another encoding first, for instance by iconv -f GB18030 -t UTF-8"

    private func warning(_ problem: String, remedy: String? = nil, _ text: (Int) -> String) -> String? {
        guard let rule = tally.rules[problem], rule.documents > 0 else { return nil }
        let place = rule.first.map { "; first \($0.name): \($0.reason)" } ?? ""
        return text(rule.documents) + place + ((rule.first?.remedy ?? remedy).map { "; \($0)" } ?? "")
    }
}

/// Why a record has no text, and which field may hold it.
struct MissingText: CustomStringConvertible {
    let description: String
    let remedy: String

    /// Names of fields that are listed.
    private static let shownFields = 20

    init(_ object: JSONObject, field: String) {
        let fields = object.names.prefix(Self.shownFields).joined(separator: ", ")
        let found = object[field].map(\.kind) ?? (fields.isEmpty ? "no fields" : "the fields \(fields)")
        description = "expected a string in `\(field)`, found \(found)"
        // The longest string is most probably the text.
        let texts = object.names.compactMap { name -> (name: String, length: Int)? in
            guard case .string(let text)? = object[name] else { return nil }
            return (name, text.utf8.count)
        }
        let longest = texts.filter { $0.name != "id" && $0.name != "source" }.max { $0.length < $1.length }
        remedy =
            longest.map {
                "rename the key, or name the field: --text-field \($0.name) (in a pipeline text-field: \($0.name))"
            } ?? "give each record its text in `\(field)`, or name the field: --text-field NAME"
    }
}
