import InkLayers
import InkModels
import InkTensor
import InkTestSupport
import Testing

@Suite struct ModelTrainingTests {
    @Test(arguments: ModelFixture.names)
    func tenStepsOfAdamW(name: String) throws {
        let fixture = try ModelFixture(name)
        let recipe = fixture.expected.adamW
        let clip = try #require(recipe.globalClip)
        try train(
            fixture, recipe, "adamW",
            rule: .adamW(beta1: recipe.beta1, beta2: recipe.beta2, epsilon: recipe.epsilon),
            clipping: .globalNorm(clip)
        ) { _ in recipe.learningRate }
    }

    @Test(arguments: ModelFixture.names)
    func tenStepsOfTheReferenceRecipe(name: String) throws {
        let fixture = try ModelFixture(name)
        let recipe = fixture.expected.bertAdam
        let clip = try #require(recipe.tensorClip)
        let schedule = LearningRateSchedule(
            .bertAdam, totalSteps: try #require(recipe.totalSteps), warmup: try #require(recipe.warmup))
        try train(
            fixture, recipe, "bertAdam",
            rule: .bertAdam(beta1: recipe.beta1, beta2: recipe.beta2, epsilon: recipe.epsilon),
            clipping: .perTensor(clip)
        ) { recipe.learningRate * schedule.factor(step: $0) }
    }

    /// Runs the recipe over the training batches in turn and compares the losses and the values left.
    private func train(
        _ fixture: ModelFixture, _ recipe: ModelFixture.Recipe, _ recipeName: String, rule: Optimizer.Rule,
        clipping: GradientClipping, learningRate: (Int) -> Float
    ) throws {
        let (model, parameters) = try fixture.classifier(.training)
        let optimizer = Optimizer(parameters, rule: rule, weightDecay: recipe.weightDecay, clipping: clipping)
        let batches = fixture.expected.trainingBatches
        let losses = try recipe.losses.indices.map { step in
            let batch = batches[step % batches.count]
            let pass = Pass.recording()
            let loss = pass.crossEntropy(try model(EncoderInput(batch), pass), labels: batch.map(\.label)).loss
            pass.backward(from: loss)
            optimizer.step(learningRate: learningRate(step))
            return loss.scalar
        }
        #expect(losses.count == 10)
        expectClose(losses, recipe.losses, tolerance: 1e-5, "losses")

        let prefix = "\(recipeName).final."
        var finals = Set(fixture.tensors.entries.map(\.key).filter { $0.hasPrefix(prefix) })
        #expect(finals.count == 3)
        for parameter in parameters {
            for piece in parameter.pieces {
                guard finals.remove(prefix + piece.key) != nil else { continue }
                expectClose(
                    parameter.value(of: piece), try fixture.tensors.tensor(prefix + piece.key), tolerance: 2e-6,
                    piece.key)
            }
        }
        #expect(finals.isEmpty)
    }

    private static func small(_ modelType: String) -> EncoderShape {
        EncoderShape(
            modelType: modelType, vocabularySize: 11, hiddenSize: 8, layerCount: 2, headCount: 2, intermediateSize: 12,
            positionCount: 9, hiddenDropout: 0.2, attentionDropout: 0.2, initializerRange: 0.4)
    }

    static let withDropout: [any EncoderConfig] = [
        BertConfig(
            vocabularySize: 11, hiddenSize: 8, layerCount: 2, headCount: 2, intermediateSize: 12, maxPositions: 9,
            hiddenDropout: 0.2, attentionDropout: 0.2, initializerRange: 0.4),
        NezhaConfig(small("nezha"), maxRelativePosition: 3), MegatronBertConfig(small("megatron-bert")),
        RobertaConfig(small("roberta")), AlbertConfig(small("albert"), embeddingSize: 5),
        RoFormerConfig(small("roformer"), embeddingSize: 5), RoFormerConfig(small("roformer"), form: .preNorm),
        DebertaV2Config(
            small("deberta-v2"), relative: .init(bucketCount: 4, limit: 9), convolution: .init(groups: 2),
            poolerDropout: 0.2),
        DebertaV2Config(
            small("deberta-v2"), relative: .init(sharesProjections: false, bucketCount: nil, limit: 5),
            hasPositionTable: true, embeddingSize: 5),
    ]

    /// A loss with dropout on: the masks of a step are the same in every run of it, so differences see them too.
    @Test(arguments: withDropout)
    func gradientsByFiniteDifferences(config: any EncoderConfig) throws {
        let source = config.parameterSource(use: .training, seed: 3)
        let model = try SequenceClassifier(config, classCount: 3, ParameterScope(source))
        let input = EncoderInput([[1, 2, 3, 4, 5, 6, 7], [8, 9], [10, 2, 2, 1]])

        func loss(_ pass: Pass) throws -> CrossEntropy {
            pass.crossEntropy(try model(input, pass), labels: [2, 0, 1])
        }
        func value() throws -> Double {
            try loss(.training(seed: 5, step: 2)).rowLosses.reduce(0) { $0 + Double($1) } / 3
        }
        let pass = Pass.training(seed: 5, step: 2)
        pass.backward(from: try loss(pass).loss)

        var random = RandomNumbers(seed: 11)
        var informative = 0
        for parameter in source.parameters {
            let gradient = try #require(parameter.tensor.gradient).values
            let start = parameter.tensor.values
            for _ in 0..<6 {
                let element = Int(random.next() % UInt64(parameter.count))
                func difference(_ step: Float) throws -> Double {
                    var ends: [Double] = []
                    for sign: Float in [1, -1] {
                        var moved = start
                        moved[element] += sign * step
                        parameter.tensor.assign(Tensor(moved, shape: parameter.tensor.shape))
                        ends.append(try value())
                    }
                    return (ends[0] - ends[1]) / (2 * Double(step))
                }
                let numeric = (4 * (try difference(0x1p-7)) - (try difference(0x1p-6))) / 3
                parameter.tensor.assign(Tensor(start, shape: parameter.tensor.shape))
                if abs(numeric) > 1e-2 { informative += 1 }
                expectClose(
                    [gradient[element]], [numeric], tolerance: 2e-4, "\(parameter.pieces[0].key)[\(element)]")
            }
        }
        #expect(informative > 40)
    }

    /// Large enough that every kernel divides its work.
    @Test func resultsDoNotDependOnTheNumberOfThreads() throws {
        let config = BertConfig(
            vocabularySize: 50, hiddenSize: 72, layerCount: 2, headCount: 6, intermediateSize: 288, maxPositions: 80)
        var random = RandomNumbers(seed: 1)
        let input = EncoderInput(
            (0..<12).map { _ in
                (0..<Int(20 + random.next() % 40)).map { _ in
                    Int32(random.next() % 50)
                }
            })
        let labels = (0..<12).map { Int32($0 % 4) }

        func run(threads: Int) throws -> [[UInt32]] {
            Parallelism.threadCount = threads
            let source = ParameterSource(nil, use: .training, basePrefix: "bert", initializerRange: 0.2, seed: 3)
            let model = try SequenceClassifier(config, classCount: 4, ParameterScope(source))
            let optimizer = Optimizer(
                source.parameters, rule: .adamW(), weightDecay: 0.01, clipping: .globalNorm(1))
            let pass = Pass.training(seed: 9, step: 1)
            let logits = try model(input, pass)
            pass.backward(from: pass.crossEntropy(logits, labels: labels).loss)
            let gradients = try source.parameters.map { try #require($0.tensor.gradient).values }
            optimizer.step(learningRate: 1e-3)
            let values = source.parameters.map(\.tensor.values)
            return ([logits.values] + gradients + values).map { $0.map(\.bitPattern) }
        }
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        let one = try run(threads: 1)
        for threads in [2, 3] { #expect(try run(threads: threads) == one, "\(threads) threads") }
    }
}
