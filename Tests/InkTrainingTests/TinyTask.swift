import Foundation
import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor
import InkTraining

/// A classifier of points in the plane, two layers with dropout between them: small enough to train in milliseconds.
final class TinyTask: TrainingTask {
    static let inputs = 6

    let parameters: [Parameter]
    let exampleCount: Int
    /// What the evaluations measure, by how many there were before; nil measures the model.
    var script: ((Int) -> Double)?
    /// The losses that go with the script; nil for its own values.
    var lossScript: ((Int) -> Double)?
    /// The loss call (counted from 0) whose loss is no number.
    var poisonedCall: Int?
    /// Every third example counts three times, in the loss and in its weight.
    var hasWeights = false
    private(set) var evaluations = 0
    private(set) var writes = 0
    /// Sizes of the parts that a loss was asked for.
    private(set) var partSizes: [Int] = []
    private let hidden: Linear
    private let output: Linear
    private let dropout: Float
    private let features: [[Float]]
    private let labels: [Int32]

    init(exampleCount: Int = 20, dropout: Float = 0.3, seed: UInt64 = 1) throws {
        let source = ParameterSource(nil, use: .training, basePrefix: "", initializerRange: 0.5, seed: seed)
        let scope = ParameterScope(source)
        hidden = try scope.linear("hidden", Self.inputs, 8, activation: .tanh)
        output = try scope.linear("output", 8, 2)
        parameters = source.parameters
        self.exampleCount = exampleCount
        self.dropout = dropout
        var random = RandomNumbers(seed: 99, named: "points")
        features = (0..<exampleCount).map { _ in random.normal(count: Self.inputs, deviation: 1) }
        labels = features.map { $0[0] + $0[1] > 0 ? 1 : 0 }
    }

    func weight(of example: Int) -> Double { hasWeights && example % 3 == 0 ? 3 : 1 }

    /// Examples of 1 to 4 tokens.
    func tokenCount(of example: Int) -> Int { example % 4 + 1 }

    func loss(of examples: [Int], _ pass: Pass) throws -> BatchLoss {
        defer { partSizes.append(examples.count) }
        let counted = examples.flatMap { [Int](repeating: $0, count: Int(weight(of: $0))) }
        let result = pass.crossEntropy(logits(counted, pass), labels: counted.map { labels[$0] })
        let loss = partSizes.count == poisonedCall ? pass.scale(result.loss, by: .nan) : result.loss
        return BatchLoss(loss: loss, correct: 0)
    }

    func evaluate(progress: (Double) -> Void) throws -> Evaluation {
        defer { evaluations += 1 }
        progress(1)
        if let script {
            return Evaluation(["accuracy": script(evaluations), "loss": (lossScript ?? script)(evaluations)])
        }
        let pass = Pass.inference()
        let all = Array(0..<exampleCount)
        let result = pass.crossEntropy(logits(all, pass), labels: labels)
        let correct = all.count { result.probabilities.row($0)[Int(labels[$0])] > 0.5 }
        return Evaluation(["loss": Double(result.loss.scalar), "accuracy": Double(correct) / Double(exampleCount)])
    }

    func writeModel(to folder: URL) throws {
        writes += 1
        try SafetensorsWriter.write(
            parameters.map { SafetensorsWriter.Item($0.pieces[0].key, $0.tensor.detached) },
            to: folder.appending(path: "model.safetensors"))
    }

    var values: [[Float]] { parameters.map(\.tensor.values) }

    private func logits(_ examples: [Int], _ pass: Pass) -> Tensor {
        let x = Tensor(examples.flatMap { features[$0] }, shape: [examples.count, Self.inputs])
        return output(pass.dropout(hidden(x, pass), dropout), pass)
    }
}

/// A run of the tiny task in a folder, as a process would make it: all objects are new.
struct TinyRun {
    var options: TrainingOptions
    let folder: RunFolder
    let task: TinyTask
    let interrupt = InterruptSignal()
    /// Steps after which the run is interrupted; nil lets it end.
    var stopAfter: Int?
    var policy = RunFolder.Policy.new
    var saveInterval = 1e9
    var fingerprint = ["seed": "1"]

    init(_ folder: URL, exampleCount: Int = 20, dropout: Float = 0.3, options: TrainingOptions = TinyRun.options)
        throws
    {
        self.folder = RunFolder(folder)
        self.options = options
        task = try TinyTask(exampleCount: exampleCount, dropout: dropout)
    }

    /// A run that was interrupted after five of its fifteen steps.
    static func stopped(in folder: URL) throws -> TinyRun {
        var run = try TinyRun(folder)
        run.stopAfter = 5
        _ = try run.run()
        return run
    }

    /// 3 epochs of 5 steps.
    static var options: TrainingOptions {
        var options = TrainingOptions()
        options.batchSize = 4
        options.learningRate = 0.05
        options.evaluateEvery = 3
        options.selection = .init("loss", higherIsBetter: false)
        return options
    }

    struct Result {
        var outcome: Trainer.Outcome?
        var error: (any Error)?
        var state: TrainingState
        var steps: [StepReport] = []
        var evaluations: [EvaluationReport] = []
    }

    /// Runs, from the saved state where `resume` says so. An error is part of the result.
    func run(resume: Bool = false) throws -> Result {
        let workspace = try RunWorkspace(folder, resume ? .resume : policy)
        defer { workspace.close() }
        let (stopAfter, interrupt) = (stopAfter, interrupt)
        var steps: [StepReport] = []
        var evaluations: [EvaluationReport] = []
        let trainer = Trainer(
            task, options: options, workspace: workspace, fingerprint: fingerprint, interrupt: interrupt,
            saveInterval: saveInterval
        ) { event in
            switch event {
            case .step(let report):
                steps.append(report)
                if report.step == stopAfter { interrupt.raise() }
            case .evaluating: break
            case .evaluation(let report): evaluations.append(report)
            }
        }
        if resume { try trainer.restore() }
        var result = Result(state: trainer.state)
        do { result.outcome = try trainer.run() } catch { result.error = error }
        result.state = trainer.state
        (result.steps, result.evaluations) = (steps, evaluations)
        return result
    }

    /// Bytes of the best checkpoint.
    func bestBytes() throws -> Data { try Data(contentsOf: folder.url.appending(path: "model.safetensors")) }

    /// The tensors of the saved state, by key.
    func savedTensors() throws -> [String: [Float]] {
        let state = try Checkpoint(contentsOf: folder.lastState)
        return try state.entries.reduce(into: [:]) { $0[$1.key] = try state.tensor($1.key).values }
    }
}
