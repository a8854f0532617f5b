import CInkKernels

/// One run of a model: the operations it may use, whether they are recorded for gradients, and its random numbers.
///
/// Models take a pass and call its operations; they never touch buffers. A pass belongs to one task; any number of
/// inference passes may run at the same time over the same parameters.
public final class Pass {
    let tape: Tape?
    private let dropoutSeed: UInt64?
    private var nextStream: UInt64

    private init(tape: Tape?, dropoutSeed: UInt64?, firstStream: UInt64) {
        self.tape = tape
        self.dropoutSeed = dropoutSeed
        nextStream = firstStream
    }

    /// A pass that records nothing and drops nothing.
    public static func inference() -> Pass {
        Pass(tape: nil, dropoutSeed: nil, firstStream: 0)
    }

    /// A pass that records for `backward(from:)`, without dropout.
    public static func recording() -> Pass {
        Pass(tape: Tape(), dropoutSeed: nil, firstStream: 0)
    }

    /// A pass that records, with dropout. The masks depend on `seed`, `step` and the order of the operations only:
    /// the same step of a resumed run draws the same numbers.
    public static func training(seed: UInt64, step: Int) -> Pass {
        Pass(tape: Tape(), dropoutSeed: seed, firstStream: UInt64(step) << 20)
    }

    /// Whether operations are kept for `backward`.
    public var isRecording: Bool { tape != nil }

    /// Carries gradients from the one-element tensor `loss` to all parameters it depends on. May be called once.
    public func backward(from loss: Tensor) {
        precondition(loss.count == 1, "backward needs one value, not \(loss.shape)")
        backward(from: loss, gradient: Tensor(repeating: 1, shape: loss.shape))
    }

    /// As `backward(from:)` for any output, given the gradient with respect to it.
    public func backward(from output: Tensor, gradient: Tensor) {
        precondition(output.shape == gradient.shape, "gradient \(gradient.shape) for output \(output.shape)")
        tape?.runBackward(from: output, gradient: gradient)
    }

    /// The tape, if an operation on these inputs has to be recorded.
    func recorder(for inputs: Tensor?...) -> Tape? { recorder(for: inputs) }

    func recorder(for inputs: [Tensor?]) -> Tape? {
        guard let tape, inputs.contains(where: { $0?.slot != nil }) else { return nil }
        return tape
    }

    /// The next stream of dropout decisions; without effect when this pass does not drop.
    func nextDropout(_ probability: Float) -> ink_dropout {
        guard let dropoutSeed, probability > 0 else { return ink_dropout(seed: 0, stream: 0, probability: 0) }
        defer { nextStream += 1 }
        return ink_dropout(seed: dropoutSeed, stream: nextStream, probability: probability)
    }
}
