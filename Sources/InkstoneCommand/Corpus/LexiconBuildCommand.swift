import ArgumentParser
import Foundation
import InkCorpus
import InkSupport
import InkText

/// `inkstone lexicon build`: words and phrases of a corpus by frequency, cohesion and branching entropy.
struct LexiconBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Find the words and phrases of a corpus.",
        discussion: """
            A word is a row of up to four ideographs that stands there often, more often than its parts would by \
            chance (cohesion), and among many different neighbours (entropy on both sides); a phrase is such a row of \
            words. The result is a dictionary: `word frequency tag` a line, tag x for words and l for phrases.

            Example:
              inkstone lexicon build corpus/*.jsonl.xz --output words.txt --details words.tsv
              inkstone segment --dict words.txt < texts.txt
            """)

    @Argument(help: ArgumentHelp("Files and folders; - for standard input.", valueName: "path"))
    var paths: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The dictionary to write (default: standard output).", valueName: "file"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Also write a table with cohesion and entropies.", valueName: "file"))
    var details: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Form of the input: jsonl, lines, paragraphs (default: by name).", valueName: "form"))
    var format: DocumentFormat?

    @OptionGroup var textField: TextFieldOption

    @Option(name: .long, help: ArgumentHelp("Fewest times that a word must stand there.", valueName: "n"))
    var minFrequency = LexiconBuilder.Settings().minimumFrequency

    @Option(name: .long, help: ArgumentHelp("Least cohesion of a word of two letters, in nats.", valueName: "x"))
    var minCohesion = LexiconBuilder.Settings().minimumCohesion

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What each letter beyond the second, and each word of a phrase beyond the first, adds to that.",
            valueName: "x"))
    var cohesionStep = LexiconBuilder.Settings().cohesionStep

    @Option(name: .long, help: ArgumentHelp("Least entropy of the neighbours on each side, in nats.", valueName: "x"))
    var minEntropy = LexiconBuilder.Settings().minimumEntropy

    @Option(name: .long, help: ArgumentHelp("Most letters of a word, 2 to 4.", valueName: "n"))
    var longestWord = LexiconBuilder.Settings().longestWord

    @Option(name: .long, help: ArgumentHelp("Most words of a phrase, 2 or 3; 1 finds no phrases.", valueName: "n"))
    var phraseWords = LexiconFromCorpus().phraseWords

    @Option(
        name: .long,
        help: ArgumentHelp("Words to merge in: `word [frequency] [tag]` a line; may be repeated.", valueName: "file"))
    var userDict: [String] = []

    @Option(name: .long, help: "Where the text and --user-dict both have a word: user (its frequency counts) or sum.")
    var merge = LexiconFromCorpus.Merging.user

    @Option(name: .long, help: ArgumentHelp("Write only words that this dictionary lacks.", valueName: "file"))
    var newAgainst: String?

    @Flag(name: .long, help: "Replace the files to write.")
    var force = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let dictionary = try output.map { try NewFile.at($0, force: force) }
        let table = try details.map { try NewFile.at($0, force: force) }
        var builder = LexiconFromCorpus()
        builder.words.minimumFrequency = minFrequency
        builder.words.minimumCohesion = minCohesion
        builder.words.cohesionStep = cohesionStep
        builder.words.minimumEntropy = minEntropy
        builder.words.longestWord = longestWord
        builder.phraseWords = phraseWords
        builder.userDictionaries = userDict.map { URL(filePath: $0) }
        builder.merging = merge
        let known = try newAgainst.map { try WordDictionary(contentsOf: URL(filePath: $0)) }
        let input = DocumentInput(files: try InputFiles.find(paths, format: format), textField: textField.name)
        let interrupt = InterruptSignal()
        interrupt.listen()
        var context = StageContext(
            threads: threads.count,
            workFolder: FileManager.default.temporaryDirectory,
            progress: CorpusProgress(sink: StandardErrorSink()), isInterrupted: interrupt.question)
        context.warn = { Note.warning($0) }
        var lexicon = try builder.build(input, context)
        if let known { lexicon = lexicon.new(against: known) }
        if let table { try AtomicFile.write(lexicon.details, to: table) }
        let text = try lexicon.dictionary().text()
        if let dictionary { return try AtomicFile.write(text, to: dictionary) }
        let results = ResultWriter()
        try results.write(text)
        try results.flush()
    }
}

extension LexiconFromCorpus.Merging: ExpressibleByArgument {}
