import InkLayers

/// Everything that decides the outcome of a training run, besides the data and the starting weights.
public struct TrainingOptions: Codable, Equatable, Sendable {
    /// In which order the examples of an epoch come.
    public enum Order: String, Codable, Sendable {
        case shuffled
        /// As in the file, the same every epoch (the reference recipe's iterator).
        case asGiven = "as given"
    }

    /// What happens to the examples that do not fill the last batch of an epoch.
    public enum Tail: String, Codable, Sendable {
        case keep
        /// The reference iterator's rule: with n = N / batch size rounded down, the tail is a batch if N % n ≠ 0.
        case reference
    }

    /// The measure that decides which checkpoint is the best.
    public struct Selection: Codable, Equatable, Sendable {
        /// A name in `Evaluation.measures`.
        public var measure: String
        /// Whether a larger value wins.
        public var higherIsBetter: Bool

        public init(_ measure: String, higherIsBetter: Bool) {
            self.measure = measure
            self.higherIsBetter = higherIsBetter
        }

        /// How an evaluation stands to the best so far.
        enum Standing {
            /// The measure is better, or equal and the loss is smaller.
            case better
            /// Measure and loss are equal, or measure alone where a loss is not known.
            case equal
            case worse
        }

        /// - Parameters:
        ///   - loss: the development loss, which decides between equal measures; nil where there is none.
        ///   - best: measure and loss of the best evaluation so far; nil while there is none.
        func standing(
            of value: Double, loss: Double?, to best: (value: Double, loss: Double?)?
        ) -> Standing {
            guard let best else { return .better }
            guard value == best.value else { return (value > best.value) == higherIsBetter ? .better : .worse }
            // Where the loss itself is the measure, the reference recipe keeps the first of equal ones.
            if measure == "loss" { return .worse }
            guard let loss, let bestLoss = best.loss, loss != bestLoss else { return .equal }
            return loss < bestLoss ? .better : .worse
        }
    }

    /// Passes over the data.
    public var epochs: Int = 3
    /// Examples per optimizer step.
    public var batchSize: Int = 64
    /// Peak learning rate.
    public var learningRate: Float = 5e-5
    /// How the learning rate falls after its peak.
    public var schedule: LearningRateSchedule.Shape = .linear
    /// Share of all steps in which the learning rate rises.
    public var warmup: Double = 0.1
    /// How a gradient moves a weight.
    public var rule: Optimizer.Rule = .adamW()
    /// Weight decay; the rule says how it is applied.
    public var weightDecay: Float = 0.01
    /// How large gradients are cut.
    public var clipping: GradientClipping = .globalNorm(1)
    /// The order of the examples.
    public var order: Order = .shuffled
    /// What becomes of the last, smaller batch.
    public var tail: Tail = .keep
    /// Seed of order, dropout and new weights.
    public var seed: UInt64 = 1
    /// Steps between evaluations; the end of training is evaluated in any case.
    public var evaluateEvery: Int = 100
    /// Whether the first evaluation comes right after the first step (the reference evaluates batch 0, 100, 200 …).
    public var evaluatesFirstStep: Bool = false
    /// What decides which checkpoint is kept.
    public var selection = Selection("accuracy", higherIsBetter: true)
    /// Stop when this many steps passed since the last improvement, of the measure or, at an equal measure, of the loss;
    /// 0 never stops early.
    public var patience: Int = 0
    /// A batch of more tokens than this is computed in parts whose gradients are summed; bounds the memory.
    public var tokensPerPass: Int = 8192

    /// The defaults.
    public init() {}

    /// Steps at the beginning of a run that change nothing, because their learning rate is 0: the first one of a
    /// warm-up, or all of them.
    package func idleSteps(of total: Int) -> Int {
        if learningRate == 0 { return total }
        let schedule = LearningRateSchedule(schedule, totalSteps: total, warmup: warmup)
        return (0..<total).first { learningRate * schedule.factor(step: $0) > 0 } ?? total
    }

    /// Whether an evaluation follows step `step`, counted from 0.
    package func evaluates(after step: Int, of total: Int) -> Bool {
        if step == total - 1 { return true }
        return evaluatesFirstStep ? step % evaluateEvery == 0 : (step + 1) % evaluateEvery == 0
    }
}
