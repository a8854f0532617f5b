import InkTensor

/// A rule that changes parameters by their gradients, with its state.
public final class Optimizer {
    /// The rule and its constants.
    public enum Rule: Sendable, Equatable, Codable {
        /// Adam with decoupled weight decay and bias correction (Loshchilov and Hutter 2019).
        case adamW(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8)
        /// BERT's Adam: no bias correction (google-research/bert `optimization.py`).
        case bertAdam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-6)
        case sgd(momentum: Float = 0)

        /// Tensors of the parameter's size kept beside each parameter.
        public var momentCount: Int {
            switch self {
            case .adamW, .bertAdam: 2
            case .sgd(let momentum): momentum == 0 ? 0 : 1
            }
        }
    }

    /// How a gradient moves a weight.
    public let rule: Rule
    /// Weight decay of the parameters that decay.
    public let weightDecay: Float
    /// How large gradients are cut.
    public let clipping: GradientClipping
    /// What is trained.
    public let parameters: [Parameter]
    /// Steps taken so far.
    public private(set) var stepCount = 0
    /// One list per moment, in the order of the parameters.
    private let moments: [[Tensor]]

    /// - Parameter weightDecay: applied to parameters that decay only.
    public init(_ parameters: [Parameter], rule: Rule, weightDecay: Float, clipping: GradientClipping) {
        self.parameters = parameters
        self.rule = rule
        self.weightDecay = weightDecay
        self.clipping = clipping
        moments = (0..<rule.momentCount).map { _ in
            parameters.map { Tensor(repeating: 0, shape: $0.tensor.shape) }
        }
    }

    /// Takes one step with the gradients gathered in the parameters, then forgets them.
    /// - Returns: the norm of all gradients before clipping; NaN or infinite when a gradient is, and then no
    ///   parameter has changed.
    @discardableResult
    public func step(learningRate: Float) -> Float {
        let pieceNorms = parameters.map { parameter in
            parameter.pieces.map { parameter.tensor.gradientSquaredNorm($0.range) }
        }
        let norm = pieceNorms.joined().reduce(0, +).squareRoot()
        defer { parameters.forEach { $0.tensor.clearGradient() } }
        guard Float(norm).isFinite else { return Float(norm) }

        stepCount += 1
        var runs: [OptimizerRun] = []
        for (index, parameter) in parameters.enumerated() {
            for (piece, squaredNorm) in zip(parameter.pieces, pieceNorms[index]) {
                runs += OptimizerRun.runs(
                    for: parameter.tensor, firstMoment: moments.first?[index],
                    secondMoment: moments.dropFirst().first?[index], range: piece.range,
                    weightDecay: parameter.decays ? weightDecay : 0,
                    gradientScale: clipping.factor(tensorNorm: squaredNorm.squareRoot(), globalNorm: norm))
            }
        }
        apply(runs, learningRate: learningRate)
        return Float(norm)
    }

    private func apply(_ runs: [OptimizerRun], learningRate: Float) {
        switch rule {
        case .adamW(let beta1, let beta2, let epsilon):
            OptimizerStep.adamW(
                runs, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
                correction1: Self.correction(beta1, stepCount), correction2: Self.correction(beta2, stepCount))
        case .bertAdam(let beta1, let beta2, let epsilon):
            OptimizerStep.adamW(
                runs, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, correction1: 1,
                correction2: 1)
        case .sgd(let momentum):
            OptimizerStep.sgd(runs, learningRate: learningRate, momentum: momentum)
        }
    }

    /// 1 − βᵗ in double precision: in single, 0.999ᵗ is visibly off in the first steps. β is the f32 number that the
    /// moments are gathered with, so that the first step of a constant gradient comes out exactly.
    private static func correction(_ beta: Float, _ steps: Int) -> Float {
        var power = 1.0
        var base = Double(beta)
        var remaining = steps
        while remaining > 0 {
            if remaining & 1 == 1 { power *= base }
            base *= base
            remaining >>= 1
        }
        return Float(1 - power)
    }
}

// MARK: - State for resuming

extension Optimizer {
    /// The moments of every piece under the keys `<moment>.<parameter key>`, moments counted from 0.
    public func state() -> [(key: String, tensor: Tensor)] {
        moments.enumerated().flatMap { number, tensors in
            zip(parameters, tensors).flatMap { parameter, moment in
                parameter.pieces.map { ("\(number).\($0.key)", moment.elements($0.range, shape: $0.shape)) }
            }
        }
    }

    /// Continues from a saved state: `value` gives the tensor of a key of `state()`.
    public func restore(stepCount: Int, _ value: (_ key: String, _ shape: Shape) throws -> Tensor) rethrows {
        for (number, tensors) in moments.enumerated() {
            for (parameter, moment) in zip(parameters, tensors) {
                let pieces = try parameter.pieces.map { try value("\(number).\($0.key)", $0.shape) }
                moment.assign(Tensor(joining: pieces, shape: moment.shape))
            }
        }
        self.stepCount = stepCount
    }
}
