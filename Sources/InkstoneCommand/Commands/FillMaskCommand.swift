import ArgumentParser
import InkSupport
import InkTasks

/// `inkstone fill-mask`: what stands in a gap.
struct FillMaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill-mask",
        abstract: "Fill the gaps of texts with a pre-trained model.",
        discussion: """
            A gap is written [MASK]. One line per gap: the text, the gap's number from 1, then token and probability of \
            the best candidates, separated by tabs; or one JSON object per text. Blank lines stay blank. A text without \
            a gap, or longer than the model takes, is named and stands alone on its line; the others are answered, and \
            the exit code is 3. Needs a folder with a masked-language head.

            Example:
              inkstone fill-mask --model models/bert-base-chinese 今天[MASK]气真好 --top-k 3
            """)

    @OptionGroup var model: ModelFolderOption
    @OptionGroup var input: TextArguments

    @Option(name: .long, help: ArgumentHelp("Candidates to show for each gap.", valueName: "k"))
    var topK = 5

    @Flag(name: .long, help: "One JSON object per text.")
    var json = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        guard topK >= 1 else {
            throw InputError(.usage, at: "--top-k", "out of range", expected: "at least 1", found: "\(topK)")
        }
        let model = try MaskedText(contentsOf: self.model.url)
        model.warnings.forEach { Note.warning($0) }
        let source = input.source()
        let results = ResultWriter()
        var failures = Failures()
        while let texts = try source.nextBatch(limit: 64) {
            for (index, text) in texts.enumerated() {
                // A blank line keeps its place.
                let isBlank = text.allSatisfy(\.isWhitespace)
                do {
                    let gaps = isBlank ? nil : try model.fill(text, topK: topK)
                    for line in lines(text, gaps, nil) { try results.line(line) }
                } catch var error as InputError where error.kind == .data {
                    // One text without an answer does not stop the others.
                    error.location = source.place(of: index)
                    failures.add(error)
                    for line in lines(text, nil, error) { try results.line(line) }
                }
            }
            try results.flush()
        }
        Note.warning(source.tabbed.note)
        try failures.end()
    }

    /// The texts without an answer: shown one by one, up to a few, and counted.
    private struct Failures {
        private var count = 0
        private var first: InputError?
        private static let shown = 10

        mutating func add(_ error: InputError) {
            count += 1
            first = first ?? error
            if count <= Self.shown { Note.write("error: \(error)") }
        }

        /// Throws `InputError` (`.data`) if a text had no answer.
        func end() throws {
            guard let first else { return }
            throw InputError(
                at: first.location,
                "\(count) \(count == 1 ? "text has" : "texts have") no answer, the first here: "
                    + first.problem, remedy: "mend the texts; the others are answered")
        }
    }

    /// The lines of a text: one for each gap, or one for a text without an answer.
    private func lines(_ text: String, _ gaps: [[MaskedText.Candidate]]?, _ error: InputError?) -> [String] {
        if json { return [Self.json(text, gaps, error).line] }
        // A tab in the text would shift the columns.
        let text = text.replacing("\t", with: " ")
        guard let gaps else { return [error == nil ? "" : text] }
        return gaps.enumerated().map { number, candidates in
            let columns = candidates.flatMap { [$0.token, "\($0.probability)"] }
            return ([text, "\(number + 1)"] + columns).joined(separator: "\t")
        }
    }

    private static func json(_ text: String, _ gaps: [[MaskedText.Candidate]]?, _ error: InputError?) -> JSON {
        let masks: JSON? = gaps.map { gaps in
            .array(
                gaps.map { candidates in
                    .array(
                        candidates.map {
                            .record(["token": .string($0.token), "probability": .float($0.probability)])
                        })
                })
        }
        return .record([
            "text": .string(text), "masks": masks ?? .null, "error": error.map { .string($0.problem) },
        ])
    }
}
