import Foundation
import InkSupport
import InkTasks
import InkTraining

/// Fits an encoder: fine-tunes it as a text classifier, the way `inkstone finetune` does.
///
/// Each training starts from the same checkpoint. The run folder holds the last one.
public struct EncoderTrainer: QualityTrainer {
    /// What the fine-tuning starts from.
    public var model: ModelChoice
    /// The run folder: model, report, measures.
    public var output: URL
    /// Whether an earlier run in the folder may be replaced.
    public var replaces = false
    /// Share of the documents that choose the checkpoint and do not train it. Where that would leave a class without
    /// one, those that train it choose too.
    public var selectionShare = 0.1
    /// Passes over the documents; nil for what `inkstone finetune` does.
    public var epochs: Int?
    /// Peak learning rate; nil as with the epochs.
    public var learningRate: Float?
    /// Documents of a step; nil for as many as `inkstone finetune` takes, or 16 of less than 2,000 documents.
    public var batchSize: Int?
    /// Longest input in tokens; nil as with the epochs.
    public var maxLength: Int?
    /// Ends a training early.
    public var interrupt = InterruptSignal()
    /// Where the progress line goes.
    public var progress: (any ProgressSink)?

    private let state = State()

    /// Whether this trainer has written to the folder.
    private final class State { var hasWritten = false }

    public init(model: ModelChoice, output: URL) {
        self.model = model
        self.output = output
    }

    /// - Throws: `InputError` when the checkpoint, the folder or an option cannot be used, for a class without a
    ///   document, and (`.run`) when interrupted.
    public func train(_ sample: DocumentSample, labels: [String], _ context: StageContext) throws -> EncoderScorer {
        try sample.requireDocuments(of: labels)
        let folder = context.workFolder.appending(path: "quality-\(UUID().uuidString)")
        try SystemError.makeFolder(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (selection, others) = sample.split(share: selectionShare, salt: 1)
        let canSelect = labels.indices.allSatisfy(selection.labels.contains)
        let rest = canSelect ? others : sample
        let train = try Self.write(rest, labels, to: folder.appending(path: "train.jsonl"))
        let development =
            canSelect ? try Self.write(selection, labels, to: folder.appending(path: "dev.jsonl")) : train
        var settings = FineTuningSettings(model: model, train: train, dev: development, output: output)
        settings.labels = folder.appending(path: "classes.txt")
        try AtomicFile.write(labels.joined(separator: "\n") + "\n", to: folder.appending(path: "classes.txt"))
        settings.policy = replaces || state.hasWritten ? .replace : .new
        settings.epochs = epochs
        settings.learningRate = learningRate
        settings.batchSize = batchSize ?? (rest.count < 2000 ? 16 : nil)
        settings.maxLength = maxLength
        settings.seed = context.seed
        let tuning = try FineTuning(settings)
        state.hasWritten = true
        guard try tuning.run(interrupt: interrupt, progress: progress) != nil else {
            throw InputError(.run, at: "quality train", "interrupted", remedy: "start it again: it begins anew")
        }
        return try EncoderScorer(contentsOf: output)
    }

    /// Documents of white space alone say nothing and are left out.
    private static func write(_ sample: DocumentSample, _ labels: [String], to file: URL) throws -> URL {
        let writer = try AtomicFileWriter(file)
        for index in 0..<sample.count {
            let text = String(decoding: sample.utf8(index), as: UTF8.self)
            if text.allSatisfy(\.isWhitespace) { continue }
            let record = JSONValue.record(["text": .string(text), "label": .string(labels[sample.labels[index]])])
            try writer.append(Array((record.serialized(indented: false) + "\n").utf8))
        }
        try writer.commit()
        return file
    }
}
