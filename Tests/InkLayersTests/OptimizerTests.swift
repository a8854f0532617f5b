import Foundation
import InkCheckpoint
import InkLayers
import InkTensor
import InkTestSupport
import Testing

@Suite struct OptimizerTests {
    struct Settings: Decodable {
        let steps: Int
        let cases: [Case]
    }

    struct Case: Decodable {
        let name: String
        let optimizer: String
        let learningRate: Float
        let beta1: Float?
        let beta2: Float?
        let epsilon: Float?
        let momentum: Float?
        let weightDecay: Float
        let globalClip: Float?
        let tensorClip: Float?
        let totalSteps: Int?
        let warmup: Double?

        var rule: Optimizer.Rule {
            let (beta1, beta2, epsilon) = (beta1 ?? .nan, beta2 ?? .nan, epsilon ?? .nan)
            switch optimizer {
            case "adamW": return .adamW(beta1: beta1, beta2: beta2, epsilon: epsilon)
            case "bertAdam": return .bertAdam(beta1: beta1, beta2: beta2, epsilon: epsilon)
            default: return .sgd(momentum: momentum ?? .nan)
            }
        }

        var clipping: GradientClipping {
            if let globalClip { return .globalNorm(globalClip) }
            return tensorClip.map { .perTensor($0) } ?? .none
        }

        func learningRate(step: Int) -> Float {
            guard let totalSteps, let warmup else { return learningRate }
            return learningRate
                * LearningRateSchedule(.bertAdam, totalSteps: totalSteps, warmup: warmup).factor(step: step)
        }
    }

    @Test func everyRuleMatchesPyTorchStepByStep() throws {
        let settings = try Fixture.json(Settings.self, "optimizers.json")
        let expected = try Checkpoint(contentsOf: Fixture.url("optimizers.safetensors"))
        #expect(settings.cases.count == 5)
        for example in settings.cases {
            let parameters = try TestParameters.pairOfLayers()
            try parameters.assign { try expected.tensor("start/\($0.key)") }
            let optimizer = Optimizer(
                parameters.all, rule: example.rule, weightDecay: example.weightDecay, clipping: example.clipping)
            for step in 0..<settings.steps {
                try parameters.gather { try expected.tensor("gradient/\(step)/\($0.key)") }
                optimizer.step(learningRate: example.learningRate(step: step))
                for (key, values) in parameters.values {
                    let wanted = try expected.tensor("\(example.name)/\(step)/\(key)")
                    expectClose(values, wanted.values, tolerance: 2e-6, "\(example.name), step \(step), \(key)")
                }
            }
            #expect(optimizer.stepCount == settings.steps)
        }
    }

    /// Query, key and value lie in one tensor; the optimizer has to treat them as if they did not.
    @Test(arguments: [GradientClipping.perTensor(0.5), .globalNorm(0.5), .none])
    func stackedPiecesAreClippedOneByOne(clipping: GradientClipping) throws {
        let heads = ["query", "key", "value"]
        let stacked = try TestParameters.stack(heads, inputs: 4, outputs: 3)
        let apart = TestParameters()
        let scope = ParameterScope(apart.source)
        for head in heads { _ = try scope.linear(head, 4, 3) }
        #expect(stacked.values == apart.values, "values depend on the key alone")
        #expect(stacked.all.count == 2 && apart.all.count == 6)

        let optimizers = [stacked, apart].map {
            Optimizer($0.all, rule: .sgd(), weightDecay: 0, clipping: clipping)
        }
        for step in 0..<3 {
            let norms = zip([stacked, apart], optimizers).map { parameters, optimizer in
                parameters.gather { piece in
                    let deviation: Float = piece.key.hasPrefix("query") ? 5 : piece.key.hasPrefix("key") ? 1 : 0.01
                    var random = RandomNumbers(seed: UInt64(step), named: piece.key)
                    return Tensor(random.normal(count: piece.shape.count, deviation: deviation), shape: piece.shape)
                }
                return optimizer.step(learningRate: 0.1)
            }
            expectClose([norms[0]], [norms[1]], tolerance: 1e-6)
        }
        for (key, values) in stacked.values {
            expectClose(values, try #require(apart.values[key]), tolerance: 1e-7, key)
        }
    }

    @Test func clippingOfOneTensorLeavesTheOthersAlone() throws {
        let parameters = try TestParameters.stack(["query", "key"], inputs: 2, outputs: 2)
        parameters.assign { Tensor(repeating: 0, shape: $0.shape) }
        parameters.gather { Tensor(repeating: $0.key == "query.weight" ? 2 : 0.1, shape: $0.shape) }
        let optimizer = Optimizer(parameters.all, rule: .sgd(), weightDecay: 0, clipping: .perTensor(1))
        let norm = optimizer.step(learningRate: 1)
        // |query| = √(4·2²) = 4 is scaled to 1; |key| = √(4·0.01) = 0.2 stays.
        expectClose(parameters.values["query.weight"] ?? [], [Float](repeating: -0.5, count: 4), tolerance: 1e-6)
        expectClose(parameters.values["key.weight"] ?? [], [Float](repeating: -0.1, count: 4), tolerance: 1e-7)
        expectClose([norm], [(16.0 + 0.04 + 0.04).squareRoot()], tolerance: 1e-6)
    }

    @Test func weightDecaySparesBiases() throws {
        let parameters = try TestParameters.pairOfLayers()
        parameters.assign { Tensor(repeating: 1, shape: $0.shape) }
        let optimizer = Optimizer(parameters.all, rule: .adamW(), weightDecay: 0.5, clipping: .none)
        parameters.gather { Tensor(repeating: 0, shape: $0.shape) }
        optimizer.step(learningRate: 0.1)
        for (key, values) in parameters.values {
            let wanted: Float = key.hasSuffix("bias") ? 1 : 0.95
            expectClose(values, [Float](repeating: wanted, count: values.count), tolerance: 1e-7, key)
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func gradientThatIsNotFiniteChangesNothing(bad: Float) throws {
        let parameters = try TestParameters.pairOfLayers()
        let optimizer = Optimizer(parameters.all, rule: .adamW(), weightDecay: 0.1, clipping: .globalNorm(1))
        parameters.gather { Tensor(repeating: 0.1, shape: $0.shape) }
        optimizer.step(learningRate: 0.1)
        let (values, state) = (parameters.values, optimizer.state().map(\.tensor.values))

        parameters.gather { piece in
            var gradient = [Float](repeating: 0.1, count: piece.shape.count)
            if piece.key == "second.bias" { gradient[1] = bad }
            return Tensor(gradient, shape: piece.shape)
        }
        #expect(!optimizer.step(learningRate: 0.1).isFinite)
        #expect(parameters.values == values)
        #expect(optimizer.state().map(\.tensor.values) == state)
        #expect(optimizer.stepCount == 1)
        #expect(parameters.all.allSatisfy { $0.tensor.gradient == nil }, "the bad gradient is forgotten")
    }

    @Test(arguments: [Optimizer.Rule.adamW(), .bertAdam(), .sgd(momentum: 0.9), .sgd()])
    func restoredStateContinuesBitForBit(rule: Optimizer.Rule) throws {
        func gather(_ parameters: TestParameters, step: Int) {
            parameters.gather { piece in
                var random = RandomNumbers(seed: UInt64(step), named: piece.key)
                return Tensor(random.normal(count: piece.shape.count, deviation: 0.3), shape: piece.shape)
            }
        }
        func make(_ parameters: TestParameters) -> Optimizer {
            Optimizer(parameters.all, rule: rule, weightDecay: 0.01, clipping: .globalNorm(1))
        }
        let whole = try TestParameters.pairOfLayers()
        let optimizer = make(whole)
        for step in 0..<3 {
            gather(whole, step: step)
            optimizer.step(learningRate: 0.01)
        }
        let values = whole.values
        let saved = Dictionary(uniqueKeysWithValues: optimizer.state().map { ($0.key, $0.tensor.copy()) })
        #expect(saved.count == 4 * rule.momentCount)

        let resumed = try TestParameters.pairOfLayers()
        try resumed.assign { Tensor(try #require(values[$0.key]), shape: $0.shape) }
        let other = make(resumed)
        try other.restore(stepCount: 3) { key, shape in
            let tensor = try #require(saved[key])
            #expect(tensor.shape == shape)
            return tensor
        }
        for step in 3..<6 {
            gather(whole, step: step)
            gather(resumed, step: step)
            let norms = [optimizer, other].map { $0.step(learningRate: 0.01) }
            #expect(norms[0] == norms[1])
        }
        #expect(whole.values == resumed.values)
        #expect(whole.values != values)
        #expect(optimizer.state().map(\.tensor.values) == other.state().map(\.tensor.values))
        #expect(other.stepCount == 6)
    }

    /// β is a decimal number that f32 rounds; the moments and their correction must agree on it.
    @Test func firstStepOfAdamMovesByTheLearningRate() throws {
        let parameters = try TestParameters.stack(["one"], inputs: 1, outputs: 1)
        parameters.assign { Tensor(repeating: 0, shape: $0.shape) }
        parameters.gather { Tensor(repeating: 3, shape: $0.shape) }
        Optimizer(parameters.all, rule: .adamW(), weightDecay: 0, clipping: .none).step(learningRate: 1)
        expectClose(parameters.values["one.weight"] ?? [], [-1.0], tolerance: 5e-7)
    }
}
