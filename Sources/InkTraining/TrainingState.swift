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
    /// The development loss at that evaluation; nil where the task has none, or it was infinite.
    public var bestLoss: Double?
    /// Steps that were done when the best checkpoint was written.
    public var bestStep: Int?
    /// Steps that were done at the last improvement: an equal evaluation is kept, but improves nothing.
    public var improvedStep: Int?
    /// Whether the file has a checksum; nil in those of earlier versions, which had none.
    private(set) var hasChecksum: Bool?
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
        var state = self
        state.hasChecksum = true
        let json = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
        try SafetensorsWriter.write(weights + moments, to: file, metadata: ["state": json], checksum: true)
    }

    /// Whether the numbers can be those of a run.
    private var isConsistent: Bool {
        step >= 0 && (0...step).contains(optimizerSteps) && (0...step).contains(bestStep ?? 0)
            && (0...step).contains(improvedStep ?? 0) && (bestStep == nil) == (bestValue == nil) && seconds >= 0
    }

    private static let damageRemedy =
        "copy the run folder again if there is a copy, or start anew with --force; the best checkpoint is another file"

    /// Compares what must be the same when a run goes on, by name.
    /// - Throws: `InputError` (`.usage`) naming the first thing that differs.
    package static func requireSame(_ saved: [String: String], _ given: [String: String]) throws {
        for key in Set(saved.keys).union(given.keys).sorted() where saved[key] != given[key] {
            throw InputError(
                .usage, at: "--resume", "the interrupted run differs in: \(key)", expected: saved[key] ?? "none",
                found: given[key] ?? "none", remedy: "resume with the same settings, or start anew with --force")
        }
    }

    /// Reads a state and puts the weights and moments back.
    /// - Throws: `InputError` when the file is missing or damaged, or belongs to a run with other settings.
    static func restore(
        from file: URL, fingerprint: [String: String], totalSteps: Int, _ parameters: [Parameter],
        _ optimizer: Optimizer
    ) throws -> TrainingState {
        let saved = try Checkpoint(contentsOf: file)
        let isVerified: Bool
        do {
            isVerified = try saved.verifyChecksum()
        } catch var error as InputError {
            error.remedy = damageRemedy
            throw error
        }
        guard let json = saved.metadata["state"],
            let state = try? JSONDecoder().decode(TrainingState.self, from: Data(json.utf8)), state.isConsistent
        else {
            throw InputError(
                at: file.path, "holds no training state", remedy: "start anew with --force, or give another --output")
        }
        guard isVerified || state.hasChecksum != true else {
            throw InputError(at: file.path, "the file is damaged: its checksum is missing", remedy: damageRemedy)
        }
        try requireSame(state.fingerprint, fingerprint)
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
