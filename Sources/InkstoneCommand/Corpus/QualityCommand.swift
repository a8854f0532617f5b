import ArgumentParser
import Foundation
import InkCorpus
import InkSupport

/// `inkstone corpus quality`: the loop that makes a quality model.
struct QualityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality",
        abstract: "Find documents to judge, train a quality model on the judgements, measure it.",
        discussion: """
            Two kinds of models: three classes judged by a person (high, disfluent, advertisement), or good text \
            against a crawl, given as files. inkstone corpus score keeps documents by either.

            Example:
              inkstone corpus quality label crawl.jsonl --output candidates.jsonl
              inkstone corpus quality train candidates.jsonl --output quality.bin --unlabelled crawl.jsonl --rounds 2
              inkstone corpus quality train candidates.jsonl --encoder models/ernie --output quality
              inkstone corpus quality train --positive books.txt --negative crawl.txt --output quality.bin
              inkstone corpus quality evaluate --model quality.bin judged.jsonl
            """,
        subcommands: [QualityLabelCommand.self, QualityTrainCommand.self, QualityEvaluateCommand.self])
}

/// What the commands of the quality loop have in common.
struct QualityArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Form of the documents: jsonl, lines, paragraphs (default: by name).", valueName: "form"))
    var format: DocumentFormat?

    @OptionGroup var textField: TextFieldOption

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Seed of everything random.", valueName: "n"))
    var seed: UInt64 = 1

    @OptionGroup var threads: ThreadOptions

    /// Documents of some paths.
    func input(_ paths: [String]) throws -> DocumentInput {
        DocumentInput(files: try InputFiles.find(paths, format: format), textField: textField.name)
    }

    /// What the library works with. Nothing here needs an empty folder of its own.
    /// - Parameter interrupt: raised by Ctrl-C.
    func context(_ interrupt: InterruptSignal = InterruptSignal()) throws -> StageContext {
        try threads.apply()
        interrupt.listen()
        var context = StageContext(
            threads: threads.count, seed: seed,
            workFolder: FileManager.default.temporaryDirectory, progress: CorpusProgress(sink: StandardErrorSink()),
            isInterrupted: interrupt.question)
        context.warn = { Note.warning($0) }
        return context
    }
}

/// `inkstone corpus quality label`: documents worth a judgement.
struct QualityLabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Write documents for a person to judge.",
        discussion: """
            Picks what looks like advertising, what does not look fluent, and typical text, and writes an object a \
            line. The judge sets each label to high, disfluent or advertisement; null stays unjudged.
            """)

    @Argument(help: ArgumentHelp("Files and folders of documents.", valueName: "path"))
    var paths: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the candidates go.", valueName: "file"))
    var output: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Fluent text to measure perplexity by (default: the documents).", valueName: "path"))
    var reference: [String] = []

    @Option(name: .long, help: ArgumentHelp("Further advertising words, one a line.", valueName: "file"))
    var words: String?

    @Option(name: .long, help: ArgumentHelp("Candidates of each class.", valueName: "n"))
    var perClass = 100

    @Option(name: .long, help: ArgumentHelp("Groups of like documents.", valueName: "n"))
    var clusters = 32

    @Flag(name: .long, help: "Replace the output file.")
    var force = false

    @OptionGroup var common: QualityArguments

    func run() throws {
        let context = try common.context()
        let url = try NewFile.at(output, force: force)
        let words = try self.words.map { try AdvertisingWords(commonAnd: URL(filePath: $0)) } ?? AdvertisingWords()
        var model: CharacterLanguageModel?
        if !reference.isEmpty {
            var fluent = DocumentSample(limit: QualityLabeling.sampleBytes, seed: context.seed)
            try fluent.add(try common.input(reference), "reference", context)
            model = CharacterLanguageModel(fluent)
        }
        let labeling = try QualityLabeling(
            words: words, reference: model, perClass: perClass, clusters: clusters, seed: context.seed)
        var sample = DocumentSample(limit: QualityLabeling.sampleBytes, seed: context.seed)
        try sample.add(try common.input(paths), "label", context)
        let candidates = try labeling.candidates(in: sample)
        guard !candidates.isEmpty else {
            throw InputError(
                at: paths.joined(separator: " "), "there is nothing to judge",
                expected: "documents of at least \(labeling.shortest) characters", found: "\(sample.count) documents",
                remedy: "check the path and --format")
        }
        try QualityCandidate.write(candidates, to: url)
        Note.write("\(candidates.count) candidates of \(sample.count) documents (\(sample.offered) read): \(output)")
    }
}

/// `inkstone corpus quality evaluate`: a model on judged documents.
struct QualityEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure a quality model on judged documents.")

    @Option(
        name: .long,
        help: ArgumentHelp("The model's file, or the folder of a fine-tuned text classifier.", valueName: "path"))
    var model: String

    @Argument(help: ArgumentHelp("Judgements: text and label an object a line.", valueName: "judgements.jsonl"))
    var judgements: String

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let scorer = try QualityModel.open(URL(filePath: model))
        let judged = try QualityJudgements(contentsOf: URL(filePath: judgements), labels: scorer.labels)
        let predictions = try QualityPredictions(
            scorer, judged.sample, threads: threads.count)
        let results = ResultWriter()
        try results.write(predictions.report())
        try results.flush()
        if judged.unjudged > 0 { Note.write("\(judged.unjudged) records without a judgement were left out") }
    }
}
