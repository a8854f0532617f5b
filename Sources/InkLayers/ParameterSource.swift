import InkCheckpoint
import InkSupport
import InkTensor

/// Loads or initialises the parameters of one model and keeps the account of what came from where.
public final class ParameterSource {
    /// What the parameters are for.
    public enum Use: Sendable {
        /// Parameters gather gradients and can change.
        case training
        /// Matrices are packed once for the product kernel; nothing can change.
        case inference
        /// Only keys and shapes are looked up, nothing is read or allocated; the model cannot be run.
        case counting
    }

    /// How a parameter starts that no checkpoint gives.
    enum Initial {
        /// Normal with the configuration's `initializer_range`.
        case normal
        case constant(Float)
    }

    /// Prefixes that files of one encoder are found under.
    public static let relatedPrefixes = ["bert", "ernie", "nezha", "roformer"]

    public let use: Use
    private let checkpoint: Checkpoint?
    private let basePrefix: String
    private let allowedNew: [String]
    private let renewed: [String]
    private let rows: [String: [Int?]]
    private let initializerRange: Float
    private let seed: UInt64
    private let renewalSalt: UInt64
    private var loaded: [String: Shape] = [:]
    private var new: [String: Shape] = [:]
    private var tied: Set<String> = []

    /// All parameters made so far, in order. Empty of matrices when they are packed for inference.
    public private(set) var parameters: [Parameter] = []

    /// - Parameters:
    ///   - checkpoint: where values come from; nil starts everything at random.
    ///   - basePrefix: prefix of the encoder's keys (`bert`), which a file may have, lack or spell as a related
    ///     architecture does: conversions of ERNIE and NeZha often say `bert`.
    ///   - allowedNew: key prefixes that may be absent from the checkpoint and start at random (`classifier.`).
    ///   - renewed: key prefixes that start at random even where the checkpoint has them (a head for other classes).
    ///   - rows: for tensors of which only some rows are taken, or in another order, by key: of each row its row in the
    ///     checkpoint; nil for one that starts at random.
    ///   - renewalSalt: mixed into the seed of what is renewed and of random rows, so that they are not what the
    ///     checkpoint's own training began with.
    ///   - initializerRange: deviation of the normal distribution that new matrices are drawn from.
    public init(
        _ checkpoint: Checkpoint?, use: Use, basePrefix: String, allowedNew: [String] = [],
        renewed: [String] = [], rows: [String: [Int?]] = [:], renewalSalt: UInt64 = 0, initializerRange: Float,
        seed: UInt64
    ) {
        self.checkpoint = checkpoint
        self.rows = rows
        self.renewalSalt = renewalSalt
        self.use = use
        self.basePrefix = basePrefix
        self.allowedNew = allowedNew + renewed
        self.renewed = renewed
        self.initializerRange = initializerRange
        self.seed = seed
    }

    func has(_ key: String) -> Bool {
        checkpoint == nil || foundKey(key) != nil
    }

    /// The key under which the checkpoint has the tensor `key`.
    private func foundKey(_ key: String) -> String? {
        guard let checkpoint, !renewed.contains(where: key.hasPrefix) else { return nil }
        if let found = checkpoint.resolve(key, prefix: basePrefix) { return found }
        guard key.hasPrefix(basePrefix + ".") else { return nil }
        let bare = key.dropFirst(basePrefix.count)
        return Self.relatedPrefixes.map { $0 + bare }.first(where: checkpoint.contains)
    }

    func weight(_ pieces: [(key: String, shape: Shape)]) throws -> Linear.Weight {
        guard use == .inference else { return .plain(try parameter(pieces, initial: .normal, decays: true)) }
        return .packed(PackedMatrix(try joined(pieces, initial: .normal)))
    }

    /// - Parameter alternative: a second key under which a file may have the only piece.
    func parameter(
        _ pieces: [(key: String, shape: Shape)], initial: Initial, decays: Bool, alternative: String? = nil
    ) throws -> Parameter {
        let parameter: Parameter
        if use == .counting {
            for piece in pieces { try require(piece.key, piece.shape, alternative: alternative) }
            parameter = Parameter(counting: pieces, decays: decays)
        } else {
            let values = try joined(pieces, initial: initial, alternative: alternative)
            parameter = Parameter(
                use == .training ? values.takenOverForTraining() : values, pieces: pieces, decays: decays)
        }
        parameters.append(parameter)
        return parameter
    }

    /// Notes that a tensor of the file, where it has it, is a parameter that is loaded under another key.
    func tie(_ key: String) {
        if let found = foundKey(key) { tied.insert(found) }
    }

    private func joined(
        _ pieces: [(key: String, shape: Shape)], initial: Initial, alternative: String? = nil
    ) throws -> Tensor {
        let values = try pieces.map { try value($0.key, $0.shape, initial, alternative: alternative) }
        guard pieces.count > 1 else { return values[0] }
        let columns = pieces[0].shape.dimensions.dropFirst()
        let rows = pieces.reduce(0) { $0 + $1.shape[0] }
        return Tensor(joining: values, shape: Shape([rows] + columns))
    }

    /// Notes the tensor as loaded, or as new where the checkpoint lacks it and may.
    /// - Returns: its key in the checkpoint; nil where it is new.
    @discardableResult
    private func require(_ key: String, _ shape: Shape, alternative: String?) throws -> String? {
        if let checkpoint, let found = foundKey(key) ?? alternative.flatMap(foundKey) {
            loaded[found] = rows[key] == nil ? shape : checkpoint.shape(of: found)
            if rows[key] == nil { try checkpoint.require(found, shape: shape) }
            return found
        }
        if let checkpoint, !allowedNew.contains(where: key.hasPrefix) {
            throw checkpoint.missing(key, shape: shape)
        }
        new[key] = shape
        return nil
    }

    private func value(
        _ key: String, _ shape: Shape, _ initial: Initial, alternative: String?
    ) throws -> Tensor {
        guard let found = try require(key, shape, alternative: alternative), let checkpoint else {
            return start(key, shape, initial)
        }
        guard let order = rows[key] else { return try checkpoint.tensor(found, expecting: shape) }
        return try taking(order, of: checkpoint.tensor(found), start(key, shape, initial))
    }

    /// What a parameter begins with that nothing gives.
    private func start(_ key: String, _ shape: Shape, _ initial: Initial) -> Tensor {
        switch initial {
        case .constant(let value):
            return Tensor(repeating: value, shape: shape)
        case .normal:
            let isRenewed = rows[key] != nil || renewed.contains(where: key.hasPrefix)
            var random = RandomNumbers(seed: isRenewed ? seed ^ renewalSalt : seed, named: key)
            return Tensor(random.normal(count: shape.count, deviation: initializerRange), shape: shape)
        }
    }

    /// Rows of a loaded tensor in a new order; those that it does not have are as in `fresh`.
    private func taking(_ order: [Int?], of old: Tensor, _ fresh: Tensor) throws -> Tensor {
        let width = fresh.count / max(order.count, 1)
        let (values, known) = (old.values, old.shape[0])
        guard old.count == known * width else {
            throw InputError(
                at: "the head", "its width is not the model's", expected: "\(width)",
                found: "\(old.count / max(known, 1))")
        }
        var result = fresh.values
        for case (let row, let place?) in order.enumerated() where place < known {
            result.replaceSubrange(row * width..<(row + 1) * width, with: values[place * width..<(place + 1) * width])
        }
        return Tensor(result, shape: fresh.shape)
    }

    /// What was loaded, what is new, and which tensors of the checkpoint nothing asked for.
    public func account() -> LoadAccount {
        LoadAccount(
            checkpoint, loaded: loaded, new: new, tied: tied,
            ignorable: KeyPattern.ignorable + renewed.map { KeyPattern("\($0)*") })
    }
}
