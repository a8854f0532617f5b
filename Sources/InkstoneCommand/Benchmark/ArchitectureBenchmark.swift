import InkLayers
import InkModels
import InkTasks
import InkTensor

/// What each architecture costs per token, measured against BERT of the same shape.
///
/// The two take turns step by step, so that what else the machine does falls on both.
struct ArchitectureBenchmark {
    /// Tokens of every text.
    enum Length: Int, CaseIterable {
        case title = 32
        case longText = 512
    }

    /// Time of one step through BERT's, training and inference.
    struct Result {
        let family: ModelFamily
        let length: Length
        let training: Double
        let inference: Double
    }

    /// Tokens of one step.
    private static let tokens = 512
    private static let vocabularySize = 21_128
    private static let rounds = 5

    let shape: ModelShape

    /// - Throws: `InputError` when a family has no model of the shape.
    func measure(_ family: ModelFamily, _ length: Length) throws -> Result {
        let shape = shape.config(vocabularySize: Self.vocabularySize).shape
        var random = RandomNumbers(seed: 1)
        let input = EncoderInput(
            (0..<Self.tokens / length.rawValue).map { _ in
                (0..<length.rawValue).map { _ in Int32(truncatingIfNeeded: random.next() % UInt64(Self.vocabularySize))
                }
            })
        let configs: [any EncoderConfig] = [BertConfig(shape), try family.newConfig(shape)]
        let training = try configs.map { try trainingStep($0, input) }
        let trainingRatio = try Self.ratio(training)
        let inference = try configs.map { try inferenceStep($0, input) }
        return Result(
            family: family, length: length, training: trainingRatio, inference: try Self.ratio(inference))
    }

    private func trainingStep(_ config: any EncoderConfig, _ input: EncoderInput) throws -> () throws -> Void {
        let source = config.parameterSource(use: .training, seed: 1)
        let model = try SequenceClassifier(config, classCount: 10, ParameterScope(source))
        let optimizer = Optimizer(source.parameters, rule: .adamW(), weightDecay: 0.01, clipping: .globalNorm(1))
        let labels = (0..<Int32(input.layout.count)).map { $0 % 10 }
        var step = 0
        return {
            let pass = Pass.training(seed: 1, step: step)
            pass.backward(from: pass.crossEntropy(try model(input, pass), labels: labels).loss)
            optimizer.step(learningRate: 5e-5)
            step += 1
        }
    }

    private func inferenceStep(_ config: any EncoderConfig, _ input: EncoderInput) throws -> () throws -> Void {
        let source = config.parameterSource(use: .inference, seed: 1)
        let model = try SequenceClassifier(config, classCount: 10, ParameterScope(source))
        return { _ = try model(input, .inference()).values }
    }

    /// The median over the rounds of the second step's time through the first's.
    private static func ratio(_ steps: [() throws -> Void]) throws -> Double {
        for step in steps { try step() }
        let ratios = try (0..<rounds).map { _ in
            let times = try steps.map { step in
                let start = Stopwatch.now()
                try step()
                return Stopwatch.now() - start
            }
            return times[1] / times[0]
        }
        return Stopwatch.median(ratios)
    }
}
