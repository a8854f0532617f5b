import InkTensor
import Testing

/// Compares the gradients of a function of several tensors with finite differences.
///
/// The output is projected on a fixed random tensor, the products being summed in `Double`. Each (sampled) element of
/// each input is then moved by ±h and ±h/2, and the two central differences are combined as (4 d(h/2) − d(h)) / 3
/// (Richardson), which leaves an error of the order of h⁴. The forward runs in `f32`: outputs that a moved element
/// does not reach are the same bit for bit and cancel, the others carry rounding of about 1e-7 / h. With h = 1/16 both
/// errors are near 1e-6 for inputs of the order of one. The bound allows two units in the last place of every output
/// (1e-5 to 2e-4 of the gradients' size in the engine's tests) and `tolerance` on top.
/// A function with a kink (ReLU) must be given inputs that stay further than h from it.
public struct GradientCheck {
    /// Bound on the error, relative to the larger of the element's gradient and the root mean square of its tensor's.
    public var tolerance: Double
    /// The larger step, h.
    public var step: Float
    /// How many elements of each input are moved at most.
    public var sampledElements: Int
    /// Makes the pass of every evaluation: a training pass of a fixed seed and step for functions with dropout.
    public var makePass: () -> Pass

    public init(
        tolerance: Double = 5e-5, step: Float = 0x1p-4, sampledElements: Int = 40,
        makePass: @escaping () -> Pass = { Pass.recording() }
    ) {
        self.tolerance = tolerance
        self.step = step
        self.sampledElements = sampledElements
        self.makePass = makePass
    }

    /// Checks the gradients with respect to all `inputs`, that recording does not change the output, that a second
    /// run without `clearGradient()` adds to the gradients, and that a run after it starts anew.
    public func run(
        _ inputs: [Tensor], sourceLocation: SourceLocation = #_sourceLocation,
        _ function: (Pass, [Tensor]) -> Tensor
    ) {
        let leaves = inputs.map { $0.trainable() }
        let output = function(makePass(), inputs)
        let weights = Tensor.random(output.shape, seed: 0x5eed)

        func gradients() -> [[Float]] {
            let pass = makePass()
            let recorded = function(pass, leaves)
            #expect(
                recorded.values == output.values, "recording changes the output", sourceLocation: sourceLocation)
            pass.backward(from: recorded, gradient: weights)
            return zip(leaves, inputs).enumerated().map { index, pair in
                let (leaf, input) = pair
                guard let gradient = leaf.gradient else {
                    Issue.record("no gradient reaches input \(index)", sourceLocation: sourceLocation)
                    return [Float](repeating: 0, count: input.count)
                }
                #expect(gradient.shape == input.shape, "gradient of input \(index)", sourceLocation: sourceLocation)
                return gradient.values
            }
        }

        let first = gradients()
        for (index, input) in inputs.enumerated() {
            compare(first[index], index, input, sourceLocation) { moved in
                var inputs = inputs
                inputs[index] = moved
                return projection(function(makePass(), inputs), weights)
            }
        }

        for (index, (once, twice)) in zip(first, gradients()).enumerated() {
            expectClose(
                twice, once.map { 2 * $0 }, tolerance: 1e-5, "input \(index), second run added",
                sourceLocation: sourceLocation)
        }
        for leaf in leaves {
            leaf.clearGradient()
            #expect(leaf.gradient == nil, sourceLocation: sourceLocation)
        }
        for (index, (once, again)) in zip(first, gradients()).enumerated() {
            #expect(once == again, "input \(index), run after clearGradient()", sourceLocation: sourceLocation)
        }
    }

    private func compare(
        _ gradient: [Float], _ index: Int, _ input: Tensor, _ sourceLocation: SourceLocation,
        project: (Tensor) -> (sum: Double, norm: Double)
    ) {
        let values = input.values
        var random = RandomNumbers(seed: 7, stream: UInt64(index))
        let elements = random.permutation(input.count).prefix(sampledElements)

        func difference(_ element: Int, _ step: Float) -> Double {
            var (above, below) = (values, values)
            above[element] += step
            below[element] -= step
            let distance = Double(above[element]) - Double(below[element])
            let change =
                project(Tensor(above, shape: input.shape)).sum - project(Tensor(below, shape: input.shape)).sum
            return change / distance
        }

        let numeric = elements.map { (4 * difference($0, step / 2) - difference($0, step)) / 3 }
        let meanSquare = numeric.reduce(0) { $0 + $1 * $1 } / Double(max(numeric.count, 1))
        // Two units in the last place of every output, as they appear in the difference.
        let rounding = project(input).norm * 0x1p-22 / Double(step)
        for (element, expected) in zip(elements, numeric) {
            let error = abs(Double(gradient[element]) - expected)
            let bound = tolerance * max(abs(expected), meanSquare.squareRoot()) + rounding
            if !(error <= bound) {
                Issue.record(
                    """
                    gradient of input \(index) \(input.shape) at \(element): \(gradient[element]), \
                    by differences \(expected); error \(error), allowed \(bound)
                    """, sourceLocation: sourceLocation)
                return
            }
        }
    }
}

/// Sum of output ⊙ weights and the root of the sum of the products' squares.
private func projection(_ output: Tensor, _ weights: Tensor) -> (sum: Double, norm: Double) {
    var (sum, squares) = (0.0, 0.0)
    for (value, weight) in zip(output.values, weights.values) {
        let product = Double(value) * Double(weight)
        sum += product
        squares += product * product
    }
    return (sum, squares.squareRoot())
}
