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
            likely text. The perplexity over all texts is told at the end. Needs a folder with a masked-language head.

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
        model.warnings.forEach { Note.write("warning: \($0)") }
        let source = input.source()
        let results = ResultWriter()
        var total = (logLikelihood: 0.0, tokens: 0, texts: 0)
        while let texts = try source.nextBatch(limit: 16) {
            for text in texts {
                let score = try model.score(text)
                if score.isTruncated {
                    Note.write(
                        "warning: only the first \(model.maxLength) tokens of a text were scored: \(text.prefix(20))…")
                }
                total.logLikelihood += score.logLikelihood
                total.tokens += score.tokens.count
                total.texts += 1
                try results.line(json ? Self.json(text, score).line : Self.line(text, score))
            }
            try results.flush()
        }
        if total.texts > 1, total.tokens > 0 {
            let perplexity = exp(-total.logLikelihood / Double(total.tokens))
            Note.write(String(format: "%d texts, %d tokens, perplexity %.4f", total.texts, total.tokens, perplexity))
        }
    }

    private static func line(_ text: String, _ score: MaskedText.Score) -> String {
        String(format: "%.4f\t%.4f\t%d\t", score.perplexity, score.logLikelihood, score.tokens.count)
            + text.replacing("\t", with: " ")
    }

    private static func json(_ text: String, _ score: MaskedText.Score) -> JSON {
        .record([
            "text": .string(text), "perplexity": .float(score.perplexity),
            "logLikelihood": .float(score.logLikelihood), "truncated": .bool(score.isTruncated),
            "tokens": .array(
                score.tokens.map {
                    .record(["token": .string($0.token), "logProbability": .float($0.logProbability)])
                }),
        ])
    }
}
