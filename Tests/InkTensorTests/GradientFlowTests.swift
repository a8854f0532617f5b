import InkTensor
import InkTestSupport
import Testing

/// How gradients are gathered where the graph branches, and from step to step.
@Suite("Gradient flow")
struct GradientFlowTests {
    private let a = Tensor.random([4, 5], seed: 1)
    private let b = Tensor.random([4, 5], seed: 2)

    @Test("A residual branch: both ways contribute")
    func residual() {
        GradientCheck().run([a, .random([5, 5], seed: 3, deviation: 0.4)]) { pass, x in
            pass.add(x[0], pass.linear(x[0], weight: x[1], bias: nil, activation: .gelu))
        }
        // The other order: the product writes in place first, the sum's shared gradient comes second.
        GradientCheck().run([a, .random([5, 5], seed: 3, deviation: 0.4)]) { pass, x in
            let branch = pass.linear(x[0], weight: x[1], bias: nil, activation: .gelu)
            return pass.add(branch, x[0])
        }
    }

    @Test("A sum whose two operands both flow on keeps their gradients apart")
    func sharedContribution() {
        GradientCheck().run([a, b, .random([5, 5], seed: 4, deviation: 0.4)]) { pass, x in
            // The gradient of `sum` reaches x[0] and x[1] as one buffer; x[0] then gets a product added in place,
            // which must not show in x[1].
            let product = pass.matmul(x[0], x[2])
            let sum = pass.add(x[0], x[1])
            return pass.add(product, sum)
        }
    }

    @Test("Chains of sums of sums")
    func sumsOfSums() {
        GradientCheck().run([a, b]) { pass, x in
            let sum = pass.add(x[0], x[1])
            let twice = pass.add(sum, sum)
            let all = pass.add(pass.add(twice, x[0]), pass.columns(pass.concatenateColumns([x[1], sum]), 2..<7))
            return pass.add(all, pass.multiply(sum, twice))
        }
    }

    @Test("The gradient that the caller gave is not written to")
    func callersGradient() {
        let x = a.trainable()
        let gradient = b.copy()
        let pass = Pass.recording()
        let sum = pass.add(x, x)
        pass.backward(from: pass.add(sum, x), gradient: gradient)
        #expect(gradient.values == b.values)
        #expect(sum.gradient == nil, "only parameters keep their gradient")
        expectClose(x.gradient?.values ?? [], b.values.map { 3 * $0 }, tolerance: 1e-6)
    }

    @Test("An output that no parameter reaches, and an operand that wants no gradient")
    func constants() {
        let pass = Pass.recording()
        let constant = pass.add(a, b)
        pass.backward(from: pass.sum(constant))
        #expect(a.gradient == nil && constant.gradient == nil)

        let x = a.trainable()
        let other = Pass.recording()
        other.backward(from: other.sum(other.multiply(x, other.activate(b, .relu))))
        #expect(x.gradient?.values == b.values.map { max($0, 0) })
    }

    @Test("A detached tensor stops the gradient")
    func detached() {
        let x = a.trainable()
        let pass = Pass.recording()
        pass.backward(from: pass.sum(pass.multiply(x, x.detached)))
        #expect(x.gradient?.values == a.values)
    }

    @Test("A step's gradient holds nothing of the step before")
    func clearedBetweenSteps() {
        let weight = Tensor.random([3, 5], seed: 5).trainable()
        let bias = Tensor.random([3], seed: 6).trainable()
        func step(_ x: Tensor) -> [Float] {
            let pass = Pass.recording()
            pass.backward(from: pass.sum(pass.linear(x, weight: weight, bias: bias)))
            defer {
                weight.clearGradient()
                bias.clearGradient()
            }
            return (weight.gradient?.values ?? []) + (bias.gradient?.values ?? [])
        }
        let first = step(a)
        let second = step(b)
        #expect(first != second)
        #expect(step(a) == first)
        #expect(step(b) == second)
    }

    @Test("A cleared gradient's buffer is not reused while another tensor's gradient is in it")
    func clearedSharedBuffer() {
        let (x, y) = (a.trainable(), b.trainable())
        let first = Pass.recording()
        first.backward(from: first.add(x, y), gradient: b)
        x.clearGradient()
        let second = Pass.recording()
        second.backward(from: second.sum(second.matmul(x, Tensor.random([5, 2], seed: 8))))
        #expect(y.gradient?.values == b.values)
        #expect(x.gradient != nil && x.gradient?.values != b.values)
    }

    @Test("A parameter of two passes gathers both")
    func gathering() {
        let weight = Tensor.random([3, 5], seed: 5).trainable()
        for x in [a, b] {
            let pass = Pass.recording()
            pass.backward(from: pass.sum(pass.linear(x, weight: weight, bias: nil)))
        }
        let sums = (0..<5).map { column in (0..<4).reduce(Float(0)) { $0 + a.row($1)[column] + b.row($1)[column] } }
        expectClose(weight.gradient?.values ?? [], sums + sums + sums, tolerance: 1e-5)
    }

    @Test("An inference pass records nothing")
    func inference() {
        let x = a.trainable()
        let pass = Pass.inference()
        #expect(!pass.isRecording)
        pass.backward(from: pass.sum(pass.multiply(x, x)))
        #expect(x.gradient == nil)
    }

    @Test("Assignment writes for everyone who holds the tensor; copies stay")
    func assignment() {
        let x = a.trainable()
        let (held, copied) = (x, x.copy())
        x.assign(b)
        #expect(held.values == b.values && copied.values == a.values && a.values != b.values)
    }
}
