import CInkKernels

/// A stretch of a parameter that is updated with one setting.
public struct OptimizerRun {
    public var value: Tensor
    /// nil where nothing reached the parameter in this step: the gradient is zero.
    public var gradient: Tensor?
    public var firstMoment: Tensor?
    public var secondMoment: Tensor?
    /// Elements of the tensors above, as flat arrays.
    public var range: Range<Int>
    public var weightDecay: Float
    /// Clipping factor.
    public var gradientScale: Float

    public init(
        value: Tensor, gradient: Tensor?, firstMoment: Tensor?, secondMoment: Tensor?, range: Range<Int>,
        weightDecay: Float, gradientScale: Float
    ) {
        self.value = value
        self.gradient = gradient
        self.firstMoment = firstMoment
        self.secondMoment = secondMoment
        self.range = range
        self.weightDecay = weightDecay
        self.gradientScale = gradientScale
    }

    fileprivate var kernelRun: ink_optimizer_run {
        func part(_ tensor: Tensor?) -> UnsafeMutablePointer<Float>? {
            guard let tensor else { return nil }
            precondition(range.upperBound <= tensor.count, "optimizer run outside its tensor")
            return tensor.pointer + range.lowerBound
        }
        return ink_optimizer_run(
            value: part(value), gradient: UnsafePointer(part(gradient)), first_moment: part(firstMoment),
            second_moment: part(secondMoment), count: Int64(range.count), weight_decay: weightDecay,
            gradient_scale: gradientScale)
    }
}

/// Whole optimizer steps, one pass over the memory of all parameters. They write their operands in place.
public enum OptimizerStep {
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019). The corrections are 1 − βᵗ, or 1 for none.
    public static func adamW(
        _ runs: [OptimizerRun], learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, correction1: Float,
        correction2: Float
    ) {
        let kernelRuns = runs.map(\.kernelRun)
        ink_adamw(
            kernelRuns, Int64(kernelRuns.count), learningRate, beta1, beta2, epsilon, correction1, correction2)
    }

    /// Stochastic gradient descent with momentum; weight decay is part of the gradient.
    public static func sgd(_ runs: [OptimizerRun], learningRate: Float, momentum: Float) {
        let kernelRuns = runs.map(\.kernelRun)
        ink_sgd(kernelRuns, Int64(kernelRuns.count), learningRate, momentum)
    }
}
