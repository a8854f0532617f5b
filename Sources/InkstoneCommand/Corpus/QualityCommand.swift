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

    @Option(name: .long, help: ArgumentHelp("Seed of everything random.", valueName: "n"))
    var seed = 1

    @OptionGroup var threads: ThreadOptions

    /// Documents of some paths.
    func input(_ paths: [String]) throws -> DocumentInput {
        DocumentInput(files: try InputFiles.find(paths, format: format))
    }

    /// What the library works with. Nothing here needs files of its own.
    func context() throws -> StageContext {
        try threads.apply()
        let interrupt = InterruptSignal()
        interrupt.listen()
        return StageContext(
            threads: threads.threads ?? ProcessInfo.processInfo.activeProcessorCount, seed: try checkedSeed(),
            workFolder: FileManager.default.temporaryDirectory, progress: CorpusProgress(sink: StandardErrorSink()),
            isInterrupted: interrupt.question)
    }

    func checkedSeed() throws -> UInt64 {
        guard seed >= 0 else {
            throw InputError(.usage, at: "--seed", "out of range", expected: "0 or more", found: "\(seed)")
        }
        return UInt64(seed)
    }

    /// A file that is not there yet, or may be replaced.
    static func output(_ path: String, force: Bool) throws -> URL {
        let url = URL(filePath: path)
        guard force || !url.exists else {
            throw InputError(
                .usage, at: path, "the file is there already", remedy: "replace it with --force, or give another name")
        }
        return url
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
    var clusters = 16

    @Flag(name: .long, help: "Replace the output file.")
    var force = false

    @OptionGroup var common: QualityArguments

    func run() throws {
        let context = try common.context()
        let url = try QualityArguments.output(output, force: force)
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
        try QualityCandidate.write(candidates, to: url)
        Note.write("\(candidates.count) candidates of \(sample.count) documents (\(sample.offered) read): \(output)")
    }
}

/// `inkstone corpus quality train`: a linear model.
struct QualityTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a linear quality model on judgements, or on good and other text.",
        discussion: """
            With --rounds, documents of --unlabelled that the model is surest are bad join the training set, and it \
            is trained anew. A fine-tuned text classifier with the same classes (inkstone finetune) serves as a \
            quality model too: give its folder to score and evaluate.
            """)

    @Argument(help: ArgumentHelp("Judgements: candidates with their labels set.", valueName: "judgements.jsonl"))
    var judgements: String?

    @Option(name: .long, parsing: .upToNextOption, help: ArgumentHelp("Good documents.", valueName: "path"))
    var positive: [String] = []

    @Option(name: .long, parsing: .upToNextOption, help: ArgumentHelp("Other documents.", valueName: "path"))
    var negative: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the model goes.", valueName: "file"))
    var output: String

    @Option(
        name: .long, parsing: .upToNextOption, help: ArgumentHelp("Documents that nobody judged.", valueName: "path"))
    var unlabelled: [String] = []

    @Option(name: .long, help: ArgumentHelp("Rounds of self-training.", valueName: "n"))
    var rounds = 0

    @Option(name: .long, help: ArgumentHelp("Documents of a class that join in a round.", valueName: "n"))
    var perRound = 500

    @Option(name: .long, help: ArgumentHelp("Least probability of a document that joins.", valueName: "p"))
    var confidence: Float = 0.9

    @Option(name: .long, help: ArgumentHelp("Share of the documents that measures the model.", valueName: "share"))
    var heldShare = 0.1

    @Option(name: .long, help: "sgd or adagrad.")
    var method = LinearTrainer.Method.sgd

    @Option(name: .long, help: ArgumentHelp("Learning rate (default: 0.5, adagrad 0.1).", valueName: "rate"))
    var learningRate: Double?

    @Option(name: .long, help: ArgumentHelp("Passes over the documents.", valueName: "n"))
    var epochs = 5

    @Option(name: .long, help: ArgumentHelp("Longest character n-grams.", valueName: "n"))
    var characters = 3

    @Option(name: .long, help: ArgumentHelp("Longest word n-grams, 0 for none.", valueName: "n"))
    var wordNgrams = 2

    @Option(name: .long, help: ArgumentHelp("Features are hashed into 2^bits buckets.", valueName: "bits"))
    var bits = 20

    @Flag(name: .long, help: "Replace the output file.")
    var force = false

    @OptionGroup var common: QualityArguments

    func run() throws {
        let context = try common.context()
        let url = try QualityArguments.output(output, force: force)
        let (sample, labels) = try documents(context)
        var training = QualityTraining(
            labels: labels,
            features: try FeatureHashing(longestCharacters: characters, words: wordNgrams, bits: bits),
            options: LinearTrainer.Options(
                method: method, learningRate: learningRate, epochs: epochs, seed: context.seed,
                threads: context.threads))
        training.rounds = rounds
        training.addedPerRound = perRound
        training.confidence = confidence
        training.heldShare = heldShare
        let (model, table) = try training.train(
            sample, unjudged: unlabelled.isEmpty ? nil : try common.input(unlabelled), context)
        try model.write(to: url)
        let results = ResultWriter()
        try results.write(QualityTraining.table(table, labels: labels))
        try results.flush()
        Note.write("model: \(output)")
    }

    private func documents(_ context: StageContext) throws -> (DocumentSample, [String]) {
        if let judgements, positive.isEmpty, negative.isEmpty {
            return (try QualityJudgements(contentsOf: URL(filePath: judgements)).sample, QualityClass.labels)
        }
        guard judgements == nil, !positive.isEmpty, !negative.isEmpty else {
            throw InputError(
                .usage, at: "quality train", "it is not clear what to train on",
                expected: "a file of judgements, or both --positive and --negative")
        }
        var sample = DocumentSample(seed: context.seed)
        try sample.add(try common.input(negative), label: 0, "negative", context)
        try sample.add(try common.input(positive), label: 1, "positive", context)
        return (sample, ["negative", "positive"])
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
            scorer, judged.sample, threads: threads.threads ?? ProcessInfo.processInfo.activeProcessorCount)
        let results = ResultWriter()
        try results.write(predictions.report())
        try results.flush()
        if judged.unjudged > 0 { Note.write("\(judged.unjudged) records without a judgement were left out") }
    }
}

extension LinearTrainer.Method: ExpressibleByArgument {}
