/// The steps of one forward computation, in order, each with the rule that carries a gradient back through it.
final class Tape {
    private struct Step {
        let output: GradientSlot
        let backward: (Tensor) -> Void
    }

    private var steps: [Step] = []

    /// Notes a step: `backward` gets the gradient of its output and adds to the slots of its inputs.
    func record(_ output: Tensor, backward: @escaping (Tensor) -> Void) -> Tensor {
        let slot = GradientSlot()
        steps.append(Step(output: slot, backward: backward))
        return Tensor(output.shape, output.storage, slot: slot)
    }

    /// Runs all steps backwards from `output`, whose own gradient is `gradient`. Each step is dropped, and what it
    /// saved given back to the pool, as soon as it has run.
    func runBackward(from output: Tensor, gradient: Tensor) {
        output.slot?.add(gradient)
        while let step = steps.popLast() {
            guard let gradient = step.output.gradient else { continue }
            step.output.release()
            step.backward(gradient)
        }
    }
}
