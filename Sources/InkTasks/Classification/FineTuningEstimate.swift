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
    /// Mean number of tokens, after truncation.
    public let tokensPerText: Double
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
        let texts = try FineTuningTexts(settings)
        let options = try settings.options(exampleCount: texts.train.count)
        let start = try FineTuningStart(settings, trainingTexts: texts.train.map(\.text))
        let form = try settings.inputForm(maxPositions: start.config.maxPositions)
        let train = try form.encode(texts.train.map(\.text), with: start.tokenizer)
        let dev = try form.encode(texts.dev.map(\.text), with: start.tokenizer)
        let plan = BatchPlan(exampleCount: texts.train.count, options: options)

        parameters = try start.config.parameterCount(classCount: texts.labels.count)
        trainingTexts = texts.train.count
        tokensPerText = Double(train.ids.count) / Double(max(train.count, 1))
        steps = plan.totalSteps
        evaluations = (0..<plan.totalSteps).count { options.evaluates(after: $0, of: plan.totalSteps) }

        let probe = Probe(train, options: options, classCount: texts.labels.count)
        let one = try probe.measure(start.config, layers: 1)
        let two = try probe.measure(start.config, layers: 2)
        let further = Double(start.config.layerCount - 1)
        let compute = one.seconds + further * max(0, two.seconds - one.seconds)
        secondsPerStep = compute + Probe.optimizerSecondsPerParameter(options) * Double(parameters)
        // A forward run is a third of a step; a step's cost goes with its tokens.
        let tokensPerStep = tokensPerText * Double(min(options.batchSize, texts.train.count))
        evaluationSeconds = Double(evaluations) * compute / 3 * Double(dev.ids.count) / max(tokensPerStep, 1)
        let activations = Double(one.bytes) + further * Double(max(0, two.bytes - one.bytes))
        peakBytes = Self.baseBytes + parameters * 4 * (2 + options.rule.momentCount) + Int(activations)
    }

    /// Runs training steps of small models.
    private struct Probe {
        let batch: [[Int32]]
        let classCount: Int
        let tokensPerPass: Int

        struct Cost {
            /// Forward and backward of one batch.
            let seconds: Double
            /// Memory of one pass beyond the parameters and their gradients.
            let bytes: Int
        }

        init(_ train: PackedEncodings, options: TrainingOptions, classCount: Int) {
            // Evenly spaced texts stand for the whole file.
            let count = max(1, min(options.batchSize, train.count))
            batch = (0..<count).map { number in
                train[number * train.count / count].map { $0 % Int32(FineTuningEstimate.probeVocabulary) }
            }
            self.classCount = classCount
            tokensPerPass = options.tokensPerPass
        }

        func measure(_ config: any EncoderConfig, layers: Int) throws -> Cost {
            var config = config
            config.layerCount = layers
            config.vocabularySize = FineTuningEstimate.probeVocabulary
            let source = config.parameterSource(use: .training)
            let model = try SequenceClassifier(config, classCount: classCount, .init(source))
            let parts = BatchPlan.parts(of: Array(batch.indices), limit: tokensPerPass) { batch[$0].count }
            let labels = [Int32](repeating: 0, count: batch.count)
            var seconds: [Double] = []
            MemoryPool.shared.resetPeak()
            let before = MemoryPool.shared.statistics.bytesInUse
            for _ in 0..<4 {
                let start = Date()
                for part in parts {
                    let pass = Pass.training(seed: 0, step: 0)
                    let logits = try model(EncoderInput(part.map { batch[$0] }), pass)
                    pass.backward(from: pass.crossEntropy(logits, labels: Array(labels[..<part.count])).loss)
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
