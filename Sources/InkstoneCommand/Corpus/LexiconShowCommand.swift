import ArgumentParser
import Foundation
import InkCorpus
import InkSupport

/// `inkstone lexicon show`: the words of a dictionary as a table.
struct LexiconShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the words of a lexicon, sorted.",
        discussion: """
            FILE is a dictionary in jieba's format, or the table that `lexicon build --details` wrote, which also holds \
            cohesion and entropies.

            Example:
              inkstone lexicon show words.tsv --sort cohesion --min-letters 2 --limit 20
            """)

    @Argument(help: ArgumentHelp("A dictionary or a table of a lexicon.", valueName: "file"))
    var file: String

    @Option(name: .long, help: "frequency, cohesion, left-entropy or right-entropy; the highest first.")
    var sort = LexiconOrder.frequency

    @Option(name: .long, help: ArgumentHelp("Rows to show; 0 for all.", valueName: "n"))
    var limit = 50

    @Option(name: .long, help: ArgumentHelp("Only words of at least this many letters.", valueName: "n"))
    var minLetters = 1

    func run() throws {
        for (flag, value) in [("--limit", limit), ("--min-letters", minLetters)] where value < 0 {
            throw InputError(.usage, at: flag, "out of range", expected: "0 or more", found: "\(value)")
        }
        let lexicon = try Lexicon(contentsOf: URL(filePath: file))
        let entries = sort.sorted(lexicon.entries.filter { $0.text.unicodeScalars.count >= minLetters })
        var table = TextTable(
            header: ["word", "frequency", "tag", "cohesion", "left entropy", "right entropy"],
            alignments: [.left, .right, .left, .right, .right, .right])
        for entry in entries.prefix(limit == 0 ? entries.count : limit) {
            let figures = [entry.cohesion, entry.leftEntropy, entry.rightEntropy].map { figure in
                figure.map { String(format: "%.2f", $0) } ?? "–"
            }
            table.append([entry.text, "\(entry.frequency)", entry.tag ?? ""] + figures)
        }
        let results = ResultWriter()
        try results.write(table.text)
        try results.flush()
    }
}

extension LexiconOrder: ExpressibleByArgument {}
