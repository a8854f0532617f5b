import ArgumentParser
import Foundation
import InkSupport
import InkTasks

/// `inkstone score`: how likely texts are.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score texts by masking each token in turn.",
        discussion: """
            One line per text: pseudo-perplexity, pseudo-log-likelihood (natural logarithm), number of tokens, and the \
            text, separated by tabs; or one JSON object with the score of every token. A lower perplexity is a more \
            likely text. An empty text, or one of which the vocabulary knows nothing, has no score: a blank line, empty \
            columns or null. The perplexity over all texts is told at the end. Needs a folder with a masked-language head.

            Example:
              inkstone score --model models/bert-base-chinese 今天天气真好 今天天汽真好
            """)

    @OptionGroup var model: ModelFolderOption
    @OptionGroup var input: TextArguments

    @Flag(name: .long, help: "One JSON object per text, with every token.")
    var json = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let model = try MaskedText(contentsOf: self.model.url)
        model.warnings.forEach { Note.warning($0) }
        let source = input.source()
        let results = ResultWriter()
        var total = (logLikelihood: 0.0, tokens: 0, texts: 0)
        var notes = OddityCounter()
        while let texts = try source.nextBatch(limit: 16) {
            for (index, text) in texts.enumerated() {
                let score = try model.score(text)
                Self.note(text, score, model, at: source.place(of: index), in: &notes)
                if let logLikelihood = score.logLikelihood {
                    total.logLikelihood += logLikelihood
                    total.tokens += score.tokens.count
                    total.texts += 1
                }
                try results.line(json ? Self.json(text, score).line : Self.line(text, score))
            }
            try results.flush()
        }
        Note.warning(source.tabbed.note)
        Note.warnings(notes)
        if total.texts > 1 {
            let perplexity = exp(-total.logLikelihood / Double(total.tokens))
            Note.write(String(format: "%d texts, %d tokens, perplexity %.4f", total.texts, total.tokens, perplexity))
        }
    }

    /// Counts what does not show in the numbers.
    private static func note(
        _ text: String, _ score: MaskedText.Score, _ model: MaskedText, at place: @autoclosure () -> String,
        in notes: inout OddityCounter
    ) {
        let example = { Excerpt.of(text) }
        if score.isTruncated {
            notes.note(
                "texts longer than the model takes", "only the first \(model.maxLength) tokens were scored",
                at: place(),
                example: example())
        }
        if score.perplexity == nil {
            notes.note(
                score.tokens.isEmpty
                    ? "empty texts" : "texts of which the model sees nothing (all tokens unknown or special)",
                "no score, not in the total", at: place(), example: example())
        } else if score.unknownCount > 0 {
            notes.note(
                "unknown tokens in texts", "scored as unknown tokens, whatever they stand for", at: place(),
                example: example(), count: score.unknownCount)
        }
    }

    private static func line(_ text: String, _ score: MaskedText.Score) -> String {
        if score.tokens.isEmpty { return "" }
        func column(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "" }
        // A tab in the text would shift the columns.
        let columns = [column(score.perplexity), column(score.logLikelihood), "\(score.tokens.count)"]
        return (columns + [text.replacing("\t", with: " ")]).joined(separator: "\t")
    }

    private static func json(_ text: String, _ score: MaskedText.Score) -> JSON {
        .record([
            "text": .string(text), "perplexity": score.perplexity.map { .float($0) } ?? .null,
            "logLikelihood": score.logLikelihood.map { .float($0) } ?? .null, "truncated": .bool(score.isTruncated),
            "tokens": .array(
                score.tokens.map {
                    .record(["token": .string($0.token), "logProbability": .float($0.logProbability)])
                }),
        ])
    }
}
