import ArgumentParser
import Foundation
import InkCorpus
import InkSupport
import InkTasks
import InkText

/// `inkstone corpus quality train`: a linear model, or a fine-tuned encoder.
struct QualityTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a quality model on judgements, or on good and other text.",
        discussion: """
            A linear model over n-grams, a file; or with --encoder a fine-tuned encoder, a folder that \
            inkstone predict and evaluate open too. score and quality evaluate take either.

            With --rounds, documents of --unlabelled that the model is surest are bad join the training set, and it \
            is trained anew; good ones that it is sure of join too, so that the shares of the judgements stay.

            Example:
              inkstone corpus quality train candidates.jsonl --output quality.bin --unlabelled crawl.jsonl --rounds 2
              inkstone corpus quality train candidates.jsonl --encoder models/ernie-3.0-base-zh --output quality
            """)

    @Argument(help: ArgumentHelp("Judgements: candidates with their labels set.", valueName: "judgements.jsonl"))
    var judgements: String?

    @Option(name: .long, parsing: .upToNextOption, help: ArgumentHelp("Good documents.", valueName: "path"))
    var positive: [String] = []

    @Option(name: .long, parsing: .upToNextOption, help: ArgumentHelp("Other documents.", valueName: "path"))
    var negative: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the model goes.", valueName: "file|dir"))
    var output: String

    @Option(
        name: .long, parsing: .upToNextOption, help: ArgumentHelp("Documents that nobody judged.", valueName: "path"))
    var unlabelled: [String] = []

    @Option(name: .long, help: ArgumentHelp("Rounds of self-training.", valueName: "n"))
    var rounds = 0

    @Option(name: .long, help: ArgumentHelp("Documents of a bad class that join in a round.", valueName: "n"))
    var perRound = 500

    @Option(name: .long, help: ArgumentHelp("Least probability of a document that joins.", valueName: "p"))
    var confidence: Float = 0.9

    @Option(
        name: .long, help: ArgumentHelp("Write the documents that joined, to look them through.", valueName: "file"))
    var joined: String?

    @Option(name: .long, help: ArgumentHelp("Share of the documents that measures the model.", valueName: "share"))
    var heldShare = 0.1

    @Option(
        name: .long,
        help: ArgumentHelp("Learning rate (default: sgd 2, adagrad 0.1, encoder as finetune).", valueName: "rate"))
    var learningRate: Double?

    @Option(name: .long, help: ArgumentHelp("Passes over the documents (default: 5, encoder 3).", valueName: "n"))
    var epochs: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Fine-tune an encoder: a model folder, or a shape to start at random: nano, micro, mini, medium, base.",
            valueName: "dir|shape"))
    var encoder: String?

    @Option(name: .long, help: ArgumentHelp("Encoder: longest input in tokens.", valueName: "n"))
    var maxLength: Int?

    @Option(name: .long, help: "Linear: sgd or adagrad (default: sgd).")
    var method: LinearTrainer.Method?

    @Option(name: .long, help: ArgumentHelp("Linear: longest character n-grams (default: 3).", valueName: "n"))
    var characters: Int?

    @Option(name: .long, help: ArgumentHelp("Linear: longest word n-grams, 0 for none (default: 2).", valueName: "n"))
    var wordNgrams: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Linear: a dictionary in jieba's format that Chinese text is cut into words by (default: characters).",
            valueName: "file"))
    var words: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Linear: features are hashed into 2^bits buckets (default: 20).", valueName: "bits"))
    var bits: Int?

    @Flag(name: .long, help: "Replace the output.")
    var force = false

    @OptionGroup var common: QualityArguments

    func run() throws {
        let interrupt = InterruptSignal()
        let context = try common.context(interrupt)
        if let encoder {
            let linear: KeyValuePairs = [
                "--method": method != nil, "--characters": characters != nil, "--word-ngrams": wordNgrams != nil,
                "--words": words != nil, "--bits": bits != nil,
            ]
            try refuse(linear, because: "is for the linear model", remedy: "leave it or --encoder out")
            var trainer = EncoderTrainer(model: try Self.choice(encoder), output: URL(filePath: output))
            trainer.replaces = force
            trainer.epochs = epochs
            trainer.learningRate = learningRate.map { Float($0) }
            trainer.maxLength = maxLength
            trainer.interrupt = interrupt
            trainer.progress = StandardErrorSink()
            try train(trainer, context)
            return
        }
        try refuse(["--max-length": maxLength != nil], because: "is for an encoder", remedy: "name it with --encoder")
        let url = try NewFile.at(output, force: force)
        let dictionary = try words.map { try WordDictionary(contentsOf: URL(filePath: $0), ideographs: .all) }
        dictionary?.warnings.forEach { Note.warning($0) }
        let trainer = LinearQualityTrainer(
            features: try FeatureHashing(
                longestCharacters: characters ?? 3, words: wordNgrams ?? 2, bits: bits ?? 20,
                dictionary: dictionary),
            options: LinearTrainer.Options(
                method: method ?? .sgd, learningRate: learningRate, epochs: epochs ?? 5, seed: context.seed,
                threads: context.threads))
        try train(trainer, context) { try $0.write(to: url) }
    }

    private func train<Trainer: QualityTrainer>(
        _ trainer: Trainer, _ context: StageContext, write: (Trainer.Model) throws -> Void = { _ in }
    ) throws {
        let added = try self.joined.map { try NewFile.at($0, force: force) }
        let unjudged = unlabelled.isEmpty ? nil : try common.input(unlabelled)
        let (sample, labels) = try documents(context)
        var training = QualityTraining(trainer, labels: labels)
        training.rounds = rounds
        training.addedPerRound = perRound
        training.confidence = confidence
        training.heldShare = heldShare
        let (model, rounds, joined) = try training.train(sample, unjudged: unjudged, context)
        try write(model)
        if let added { try QualityAddition.write(joined, to: added) }
        let results = ResultWriter()
        try results.write(QualityRound.table(rounds, labels: labels))
        try results.flush()
        Note.write("model: \(output)")
    }

    /// - Throws: `InputError` naming the first flag that was given in vain.
    private func refuse(_ flags: KeyValuePairs<String, Bool>, because problem: String, remedy: String) throws {
        for (flag, isGiven) in flags where isGiven { throw InputError(.usage, at: flag, problem, remedy: remedy) }
    }

    private static func choice(_ encoder: String) throws -> ModelChoice {
        do {
            return try ModelChoice(encoder)
        } catch var error as InputError {
            error.location = "--encoder \(encoder)"
            throw error
        }
    }

    private func documents(_ context: StageContext) throws -> (DocumentSample, [String]) {
        if let judgements, positive.isEmpty, negative.isEmpty {
            let judged = try QualityJudgements(contentsOf: URL(filePath: judgements))
            if judged.unjudged > 0 { Note.write("\(judged.unjudged) records without a judgement were left out") }
            try judged.sample.requireDocuments(of: QualityClass.labels, at: judgements)
            return (judged.sample, QualityClass.labels)
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

extension LinearTrainer.Method: ExpressibleByArgument {}
