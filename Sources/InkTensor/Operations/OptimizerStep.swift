import CInkKernels

/// A stretch of a parameter that is updated with one setting.
public struct OptimizerRun {
    let value: Tensor
    /// nil where nothing reached the parameter in this step: the gradient is zero.
    let gradient: Tensor?
    /// Where the stretch begins in `gradient`.
    let gradientStart: Int
    let firstMoment: Tensor?
    let secondMoment: Tensor?
    /// Elements of the value and the moments, as flat arrays.
    let range: Range<Int>
    let weightDecay: Float
    /// Clipping factor.
    let gradientScale: Float

    /// A run of elements `range` with a gradient that is given, from element `gradientStart` on.
    public init(
        value: Tensor, gradient: Tensor?, gradientStart: Int? = nil, firstMoment: Tensor?, secondMoment: Tensor?,
        range: Range<Int>, weightDecay: Float, gradientScale: Float
    ) {
        self.value = value
        self.gradient = gradient
        self.gradientStart = gradientStart ?? range.lowerBound
        self.firstMoment = firstMoment
        self.secondMoment = secondMoment
        self.range = range
        self.weightDecay = weightDecay
        self.gradientScale = gradientScale
    }

    /// The runs that update elements `range` of `value` by its gathered gradient. A gradient of some rows only makes
    /// several: the rows it has, and the stretches between them.
    public static func runs(
        for value: Tensor, firstMoment: Tensor?, secondMoment: Tensor?, range: Range<Int>, weightDecay: Float,
        gradientScale: Float
    ) -> [OptimizerRun] {
        func run(_ range: Range<Int>, _ gradient: Tensor?, at start: Int) -> OptimizerRun {
            OptimizerRun(
                value: value, gradient: gradient, gradientStart: start, firstMoment: firstMoment,
                secondMoment: secondMoment, range: range, weightDecay: weightDecay, gradientScale: gradientScale)
        }
        guard let rows = value.slot?.rows, range == 0..<value.count else {
            return [run(range, value.slot?.gradient, at: range.lowerBound)]
        }
        let width = value.columns
        var runs: [OptimizerRun] = []
        var next = 0
        for (position, id) in rows.ids.enumerated() {
            let start = Int(id) * width
            if next < start { runs.append(run(next..<start, nil, at: 0)) }
            next = start + width
            runs.append(run(start..<next, rows.values, at: position * width))
        }
        if next < value.count { runs.append(run(next..<value.count, nil, at: 0)) }
        return runs
    }

    fileprivate var kernelRun: ink_optimizer_run {
        func part(_ tensor: Tensor?, from start: Int) -> UnsafeMutablePointer<Float>? {
            guard let tensor else { return nil }
            precondition(start >= 0 && start + range.count <= tensor.count, "optimizer run outside its tensor")
            return tensor.pointer + start
        }
        let start = range.lowerBound
        return ink_optimizer_run(
            value: part(value, from: start), gradient: UnsafePointer(part(gradient, from: gradientStart)),
            first_moment: part(firstMoment, from: start), second_moment: part(secondMoment, from: start),
            count: Int64(range.count), weight_decay: weightDecay, gradient_scale: gradientScale)
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
