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
            the best candidates, separated by tabs; or one JSON object per text. Needs a folder with a masked-language \
            head.

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
        model.warnings.forEach { Note.write("warning: \($0)") }
        let source = input.source()
        let results = ResultWriter()
        while let texts = try source.nextBatch(limit: 64) {
            for text in texts {
                let gaps = try model.fill(text, topK: topK)
                if json {
                    try results.line(Self.json(text, gaps).line)
                } else {
                    for (number, candidates) in gaps.enumerated() {
                        let columns = candidates.flatMap { [$0.token, "\($0.probability)"] }
                        try results.line(
                            ([text.replacing("\t", with: " "), "\(number + 1)"] + columns).joined(separator: "\t"))
                    }
                }
            }
            try results.flush()
        }
    }

    private static func json(_ text: String, _ gaps: [[MaskedText.Candidate]]) -> JSON {
        .record([
            "text": .string(text),
            "masks": .array(
                gaps.map { candidates in
                    .array(
                        candidates.map {
                            .record(["token": .string($0.token), "probability": .float($0.probability)])
                        })
                }),
        ])
    }
}
