import Foundation
import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor

/// Where a run stands: with the weights and the optimizer's moments, all that is needed to go on exactly.
public struct TrainingState: Codable, Equatable, Sendable {
    /// Steps done.
    public var step = 0
    /// Steps the optimizer has taken.
    public var optimizerSteps = 0
    /// The selection's measure at the best evaluation so far.
    public var bestValue: Double?
    /// Steps that were done when the best checkpoint was written.
    public var bestStep: Int?
    /// Seconds of training so far, over all sessions.
    public var seconds: Double = 0
    /// What must be the same when the run goes on: options, data, base checkpoint, thread-independent settings.
    public var fingerprint: [String: String] = [:]

    public init(fingerprint: [String: String]) {
        self.fingerprint = fingerprint
    }

    /// The weights, the moments and this state in one file, so that a kill at any moment leaves the old one or the
    /// new one, never a mixture.
    func write(to file: URL, _ parameters: [Parameter], _ optimizer: Optimizer) throws {
        let weights = parameters.flatMap { parameter in
            parameter.pieces.map { SafetensorsWriter.Item("model.\($0.key)", parameter.value(of: $0)) }
        }
        let moments = optimizer.state().map { SafetensorsWriter.Item("optimizer.\($0.key)", $0.tensor) }
        let json = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        try SafetensorsWriter.write(weights + moments, to: file, metadata: ["state": json])
    }

    /// Whether the numbers can be those of a run.
    private var isConsistent: Bool {
        step >= 0 && (0...step).contains(optimizerSteps) && (0...step).contains(bestStep ?? 0)
            && (bestStep == nil) == (bestValue == nil) && seconds >= 0
    }

    /// Reads a state and puts the weights and moments back.
    /// - Throws: `InputError` when the file is missing or damaged, or belongs to a run with other settings.
    static func restore(
        from file: URL, fingerprint: [String: String], totalSteps: Int, _ parameters: [Parameter],
        _ optimizer: Optimizer
    ) throws -> TrainingState {
        let saved = try Checkpoint(contentsOf: file)
        guard let json = saved.metadata["state"],
            let state = try? JSONDecoder().decode(TrainingState.self, from: Data(json.utf8)), state.isConsistent
        else {
            throw InputError(
                at: file.path, "holds no training state", remedy: "start anew with --force, or give another --output")
        }
        for key in Set(state.fingerprint.keys).union(fingerprint.keys).sorted() {
            guard state.fingerprint[key] == fingerprint[key] else {
                throw InputError(
                    .usage, at: "--resume", "the interrupted run differs in: \(key)",
                    expected: state.fingerprint[key] ?? "none", found: fingerprint[key] ?? "none",
                    remedy: "resume with the same settings, or start anew with --force")
            }
        }
        guard state.step <= totalSteps else {
            throw InputError(
                at: file.path, "is further than the run goes", expected: "at most \(totalSteps) steps",
                found: "\(state.step)", remedy: "start anew with --force, or give another --output")
        }
        for parameter in parameters {
            let pieces = try parameter.pieces.map { try saved.tensor("model.\($0.key)", expecting: $0.shape) }
            parameter.tensor.assign(Tensor(joining: pieces, shape: parameter.tensor.shape))
        }
        try optimizer.restore(stepCount: state.optimizerSteps) {
            try saved.tensor("optimizer.\($0)", expecting: $1)
        }
        return state
    }
}
