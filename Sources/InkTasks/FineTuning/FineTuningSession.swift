import Foundation
import InkLayers
import InkModels
import InkTensor
import InkTraining

/// A task with its encoded data and its model, ready to train.
protocol FineTuningSession: TrainingTask {
    /// Tokens of the encoded training and development sets.
    var tokens: (train: Int, dev: Int) { get }
    /// What the inputs leave out of the training set, a line each.
    var notes: [String] { get }
    /// Tokens of the training set that found no room in its inputs.
    var unreadTokens: Int { get }
    /// Writes the model folder; set before training.
    var write: ((URL) throws -> Void)? { get set }
    /// A model of another shape under the same task and head.
    func probe(_ config: any EncoderConfig, _ source: ParameterSource) throws -> any TrainingProbe
}

/// What an estimate measures: training steps without an optimizer.
protocol TrainingProbe {
    func loss(of examples: [Int], _ pass: Pass) throws -> BatchLoss
}

/// Fine-tuning of one task.
final class TaskSession<Kind: TaskKind>: FineTuningSession {
    let parameters: [Parameter]
    var write: ((URL) throws -> Void)?
    private let data: TaskDataSets<Kind>
    private let model: Kind.Model
    private let train: [EncodedExample<Kind.Target>]
    private let dev: [EncodedExample<Kind.Target>]
    private let evaluationBatch: Int
    let notes: [String]

    init(
        _ data: TaskDataSets<Kind>, _ start: FineTuningStart, _ settings: FineTuningSettings, _ source: ParameterSource
    ) throws {
        self.data = data
        let encoder = InputEncoder(
            start.tokenizer, try settings.inputForm(maxPositions: start.config.maxPositions),
            maxPositions: start.config.maxPositions)
        train = try data.kind.encode(data.train, encoder)
        dev = try data.kind.encode(data.dev, encoder)
        notes = data.kind.notes(data.train, train, encoder, file: settings.train.lastPathComponent)
        model = try data.kind.model(
            start.config, headDropout: settings.recipe.headDropout, ParameterScope(source))
        parameters = source.parameters
        evaluationBatch = settings.recipe.evaluationBatch
    }

    var exampleCount: Int { train.count }
    var canSplitBatches: Bool { Kind.canSplitBatches }
    var tokens: (train: Int, dev: Int) {
        (train.reduce(0) { $0 + $1.tokenCount }, dev.reduce(0) { $0 + $1.tokenCount })
    }

    var unreadTokens: Int {
        train.reduce(0) { $0 + $1.sequences.reduce(0) { $0 + $1.unread.count } }
    }

    func tokenCount(of example: Int) -> Int { train[example].tokenCount }

    func weight(of example: Int) -> Double { data.kind.weight(of: train[example]) }

    func loss(of examples: [Int], _ pass: Pass) throws -> BatchLoss {
        try data.kind.loss(model, examples.map { train[$0] }, pass)
    }

    func evaluate(progress: (Double) -> Void) throws -> Evaluation {
        let runner = ModelRunner(kind: data.kind, model: model)
        let outputs = try runner.outputs(dev, progress: progress)
        let answers = runner.answers(data.dev, dev, outputs)
        let metrics = try data.kind.evaluation(data.dev, answers).metrics
        var measures = Dictionary(metrics.measures.map { ($0.name, $0.value) }) { first, _ in first }
        measures["loss"] = MeanLoss.of(outputs.map(\.loss), batch: evaluationBatch)
        return Evaluation(measures)
    }

    func writeModel(to folder: URL) throws {
        try write?(folder)
    }

    func probe(_ config: any EncoderConfig, _ source: ParameterSource) throws -> any TrainingProbe {
        // The probe's table may be smaller than the vocabulary; the ids' values have no part in the cost.
        let rows = Int32(config.vocabularySize)
        let examples = train.map { example in
            var example = example
            for index in example.sequences.indices {
                example.sequences[index].ids = example.sequences[index].ids.map { $0 % rows }
            }
            return example
        }
        return Probe(
            kind: data.kind, model: try data.kind.model(config, headDropout: nil, ParameterScope(source)),
            examples: examples)
    }

    private struct Probe: TrainingProbe {
        let kind: Kind
        let model: Kind.Model
        let examples: [EncodedExample<Kind.Target>]

        func loss(of chosen: [Int], _ pass: Pass) throws -> BatchLoss {
            try kind.loss(model, chosen.map { examples[$0] }, pass)
        }
    }
}
