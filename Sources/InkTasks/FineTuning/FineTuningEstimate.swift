import Foundation
import InkLayers
import InkModels
import InkTensor
import InkText
import InkTraining

/// Time and memory of a fine-tuning run, measured on this machine before the run starts.
///
/// Steps of the same width with one and with two layers are run on the run's own texts; what the second layer adds is
/// what each further layer will cost. The optimizer's cost goes with the number of parameters and is measured apart.
public struct FineTuningEstimate: Codable, Equatable, Sendable {
    /// Trained numbers in the model.
    public let parameters: Int
    /// Texts in the training file.
    public let trainingTexts: Int
    /// Mean number of tokens that are read, after truncation.
    public let tokensPerText: Double
    /// Mean number of tokens before truncation.
    public let wholeTokensPerText: Double
    /// What the inputs leave out and what is odd about the data, a line each.
    public let notes: [String]
    /// Optimizer steps of the whole run.
    public let steps: Int
    /// Evaluations during the run.
    public let evaluations: Int
    /// Seconds of one optimizer step.
    public let secondsPerStep: Double
    /// Seconds of all evaluations on the development set.
    public let evaluationSeconds: Double
    /// Highest memory of the process, in bytes.
    public let peakBytes: Int

    /// Seconds of the whole run.
    public var totalSeconds: Double { Double(steps) * secondsPerStep + evaluationSeconds }

    /// What the process holds besides tensors: program, texts, vocabulary.
    private static let baseBytes = 60 << 20
    /// Rows of the probe's word embedding; the table's size has no part in the cost of a layer.
    private static let probeVocabulary = 1000

    /// - Throws: `InputError` when a file or a setting cannot be used, as the run itself would.
    public init(_ settings: FineTuningSettings) throws {
        try settings.check()
        let data = try settings.task.readData(settings)
        let start = try FineTuningStart(settings, trainingTexts: data.trainingTexts)
        let source = try start.parameterSource(settings.task.head, for: data.labels, use: .counting)
        let session = try data.session(start, settings, source)
        let options = try settings.options(exampleCount: session.exampleCount)
        let plan = BatchPlan(exampleCount: session.exampleCount, options: options)

        parameters = session.parameters.reduce(0) { $0 + $1.count }
        trainingTexts = session.exampleCount
        tokensPerText = Double(session.tokens.train) / Double(max(session.exampleCount, 1))
        wholeTokensPerText =
            tokensPerText + Double(session.unreadTokens) / Double(max(session.exampleCount, 1))
        notes = data.notes + session.notes
        steps = plan.totalSteps
        evaluations = (0..<plan.totalSteps).count { options.evaluates(after: $0, of: plan.totalSteps) }

        let probe = Probe(session, options: options)
        let one = try probe.measure(start.config, layers: 1)
        let two = try probe.measure(start.config, layers: 2)
        let further = Double(start.config.layerCount - 1)
        let compute = one.seconds + further * max(0, two.seconds - one.seconds)
        secondsPerStep = compute + Probe.optimizerSecondsPerParameter(options) * Double(parameters)
        // A forward run is a third of a step; a step's cost goes with its tokens.
        let tokensPerStep = tokensPerText * Double(min(options.batchSize, session.exampleCount))
        evaluationSeconds = Double(evaluations) * compute / 3 * Double(session.tokens.dev) / max(tokensPerStep, 1)
        let activations = Double(one.bytes) + further * Double(max(0, two.bytes - one.bytes))
        peakBytes = Self.baseBytes + parameters * 4 * (2 + options.rule.momentCount) + Int(activations)
    }

    /// Runs training steps of small models.
    private struct Probe {
        let session: any FineTuningSession
        let parts: [[Int]]

        struct Cost {
            /// Forward and backward of one batch.
            let seconds: Double
            /// Memory of one pass beyond the parameters and their gradients.
            let bytes: Int
        }

        init(_ session: any FineTuningSession, options: TrainingOptions) {
            self.session = session
            // Evenly spaced examples stand for the whole file.
            let count = max(1, min(options.batchSize, session.exampleCount))
            let batch = (0..<count).map { $0 * session.exampleCount / count }
            parts = BatchPlan.parts(
                of: batch, limit: session.canSplitBatches ? options.tokensPerPass : .max,
                tokenCount: session.tokenCount(of:))
        }

        func measure(_ config: any EncoderConfig, layers: Int) throws -> Cost {
            var config = config
            config.layerCount = layers
            config.vocabularySize = FineTuningEstimate.probeVocabulary
            let source = config.parameterSource(use: .training)
            let model = try session.probe(config, source)
            var seconds: [Double] = []
            MemoryPool.shared.resetPeak()
            let before = MemoryPool.shared.statistics.bytesInUse
            for _ in 0..<4 {
                let start = Date()
                for part in parts {
                    let pass = Pass.training(seed: 0, step: 0)
                    pass.backward(from: try model.loss(of: part, pass).loss)
                }
                seconds.append(Date().timeIntervalSince(start))
                source.parameters.forEach { $0.tensor.clearGradient() }
            }
            let gradients = source.parameters.reduce(0) { $0 + 4 * $1.count }
            let peak = MemoryPool.shared.statistics.peakBytesInUse - before - gradients
            return Cost(seconds: seconds.dropFirst().min() ?? 0, bytes: max(0, peak))
        }

        static func optimizerSecondsPerParameter(_ options: TrainingOptions) -> Double {
            let source = ParameterSource(nil, use: .training, basePrefix: "", initializerRange: 0, seed: 0)
            let side = 1500
            guard let layer = try? ParameterScope(source).linear("probe", side, side) else { return 0 }
            let optimizer = Optimizer(
                source.parameters, rule: options.rule, weightDecay: options.weightDecay, clipping: options.clipping)
            var seconds: [Double] = []
            for _ in 0..<3 {
                let pass = Pass.recording()
                pass.backward(from: pass.sum(layer(Tensor(repeating: 1, shape: [1, side]), pass)))
                let start = Date()
                optimizer.step(learningRate: 0)
                seconds.append(Date().timeIntervalSince(start))
            }
            return (seconds.min() ?? 0) / Double(side * side)
        }
    }
}
