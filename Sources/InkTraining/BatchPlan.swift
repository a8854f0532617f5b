import InkTensor

/// Which examples each step of a run trains on. A pure function of the step: a resumed run sees the same batches.
public struct BatchPlan {
    /// Examples in an epoch.
    public let exampleCount: Int
    /// Examples in a full batch.
    public let batchSize: Int
    /// Optimizer steps in an epoch, one a batch.
    public let stepsPerEpoch: Int
    /// Passes over the data.
    public let epochs: Int
    private let order: TrainingOptions.Order
    private let seed: UInt64
    private var shuffled: (epoch: Int, order: [Int])?

    public init(exampleCount: Int, options: TrainingOptions) {
        self.exampleCount = exampleCount
        batchSize = options.batchSize
        epochs = options.epochs
        order = options.order
        seed = options.seed
        let full = exampleCount / batchSize
        let hasTail: Bool
        switch options.tail {
        case .keep: hasTail = exampleCount % batchSize != 0
        case .reference:
            hasTail = full == 0 || (exampleCount % full != 0 && exampleCount % batchSize != 0)
        }
        stepsPerEpoch = exampleCount == 0 ? 0 : full + (hasTail ? 1 : 0)
    }

    /// Optimizer steps of the whole run.
    public var totalSteps: Int { stepsPerEpoch * epochs }

    /// The examples of step `step`, counted from 0 over all epochs.
    public mutating func batch(_ step: Int) -> [Int] {
        let (epoch, index) = (step / stepsPerEpoch, step % stepsPerEpoch)
        let positions = index * batchSize..<min((index + 1) * batchSize, exampleCount)
        guard order == .shuffled else { return Array(positions) }
        if shuffled?.epoch != epoch {
            var random = RandomNumbers(seed: seed, stream: 1 << 62 | UInt64(epoch))
            shuffled = (epoch, random.permutation(exampleCount))
        }
        return shuffled.map { Array($0.order[positions]) } ?? []
    }

    /// Splits a batch into runs of at most `limit` tokens each; one longer example is a run of its own.
    public static func parts(of batch: [Int], limit: Int, tokenCount: (Int) -> Int) -> [[Int]] {
        var parts: [[Int]] = []
        var tokens = 0
        for example in batch {
            let length = tokenCount(example)
            if parts.isEmpty || tokens + length > limit {
                parts.append([])
                tokens = 0
            }
            parts[parts.count - 1].append(example)
            tokens += length
        }
        return parts
    }
}
