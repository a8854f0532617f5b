import Foundation
import InkLayers
import InkSupport
import InkTensor

/// Runs the training of a task: steps, evaluations, the best and the last checkpoint, early stop, resume.
///
/// A run is a function of its options, data and starting weights: interrupted and resumed, or killed and resumed, it
/// ends with the same weights, bit for bit.
public final class Trainer {
    public enum Outcome: Sendable, Equatable {
        case finished
        /// No improvement for as long as the options allow.
        case stoppedEarly
        /// By a signal; the state is saved.
        case interrupted
    }

    private let task: any TrainingTask
    private let options: TrainingOptions
    private let folder: RunFolder
    private let interrupt: InterruptSignal
    private let saveInterval: Double
    private let observe: (TrainingEvent) -> Void
    private let optimizer: Optimizer
    private let schedule: LearningRateSchedule
    private var plan: BatchPlan
    public private(set) var state: TrainingState
    private var sessionStart = Date()
    private var secondsBefore = 0.0
    private var lastSave = Date()

    /// - Parameters:
    ///   - fingerprint: what must not change when the run is resumed, by name.
    ///   - saveInterval: seconds after which the resume state is saved again.
    public init(
        _ task: any TrainingTask, options: TrainingOptions, folder: RunFolder, fingerprint: [String: String],
        interrupt: InterruptSignal = InterruptSignal(), saveInterval: Double = 120,
        observe: @escaping (TrainingEvent) -> Void = { _ in }
    ) {
        self.task = task
        self.options = options
        self.folder = folder
        self.interrupt = interrupt
        self.saveInterval = saveInterval
        self.observe = observe
        optimizer = Optimizer(
            task.parameters, rule: options.rule, weightDecay: options.weightDecay, clipping: options.clipping)
        plan = BatchPlan(exampleCount: task.exampleCount, options: options)
        schedule = LearningRateSchedule(
            options.schedule, totalSteps: plan.totalSteps, warmup: options.warmup)
        state = TrainingState(fingerprint: fingerprint)
    }

    public var totalSteps: Int { plan.totalSteps }

    /// Goes back to the saved state of the run folder.
    /// - Throws: `InputError` when it is damaged or of a run with other settings.
    public func restore() throws {
        state = try TrainingState.restore(
            from: folder.lastState, fingerprint: state.fingerprint, totalSteps: plan.totalSteps, task.parameters,
            optimizer)
    }

    /// Trains from the current state to the end.
    /// - Throws: `InputError` when the loss is no number or a file cannot be written; the best checkpoint so far stays.
    public func run() throws -> Outcome {
        sessionStart = Date()
        secondsBefore = state.seconds
        lastSave = Date()
        // From the first moment on there is something to resume, and a disk too small for it is found out now.
        if state.step == 0 { try save() }
        while state.step < plan.totalSteps {
            if hasStalled || interrupt.isRaised {
                try save()
                return hasStalled ? .stoppedEarly : .interrupted
            }
            let step = state.step
            try takeStep(step)
            state.step += 1
            if options.evaluates(after: step, of: plan.totalSteps) { try evaluate() }
            if Date().timeIntervalSince(lastSave) >= saveInterval { try save() }
        }
        try save()
        return .finished
    }

    private var hasStalled: Bool {
        guard options.patience > 0, let bestStep = state.bestStep else { return false }
        return state.step - bestStep >= options.patience
    }

    private func takeStep(_ step: Int) throws {
        let start = Date()
        let batch = plan.batch(step)
        let parts = BatchPlan.parts(
            of: batch, limit: task.canSplitBatches ? options.tokensPerPass : .max, tokenCount: task.tokenCount(of:))
        func weight(_ examples: [Int]) -> Double { examples.reduce(0) { $0 + task.weight(of: $1) } }
        let weightOfAll = weight(batch)
        var loss = 0.0
        var correct: Int? = 0
        for (number, part) in parts.enumerated() {
            // Each part draws its own dropout masks.
            let pass = Pass.training(seed: options.seed, step: step << 8 | number & 255)
            let result = try task.loss(of: part, pass)
            // A batch in which nothing counts has no loss.
            let share = weightOfAll > 0 ? weight(part) / weightOfAll : 0
            loss += Double(result.loss.scalar) * share
            correct = result.correct.flatMap { part in correct.map { $0 + part } }
            guard loss.isFinite else { throw notANumber("loss", step) }
            pass.backward(from: result.loss, gradient: Tensor([Float(share)], shape: result.loss.shape))
        }
        let learningRate = options.learningRate * schedule.factor(step: step)
        let norm = optimizer.step(learningRate: learningRate)
        guard norm.isFinite else { throw notANumber("gradient", step) }
        state.optimizerSteps = optimizer.stepCount
        state.seconds = secondsBefore + Date().timeIntervalSince(sessionStart)
        observe(
            .step(
                StepReport(
                    step: step + 1, totalSteps: plan.totalSteps, epoch: step / plan.stepsPerEpoch + 1, loss: loss,
                    correct: correct, examples: batch.count, tokens: batch.reduce(0) { $0 + task.tokenCount(of: $1) },
                    learningRate: learningRate, gradientNorm: norm, seconds: Date().timeIntervalSince(start))))
    }

    private func notANumber(_ what: String, _ step: Int) -> InputError {
        let best = state.bestStep.map { "the best checkpoint so far (step \($0)) is in \(folder.url.path); " } ?? ""
        return InputError(
            .run, at: "step \(step + 1)", "the \(what) is not a finite number",
            remedy: best + "lower --learning-rate, or raise --warmup")
    }

    private func evaluate() throws {
        let start = Date()
        let evaluation = try task.evaluate { observe(.evaluating($0)) }
        guard let value = evaluation.measures[options.selection.measure] else {
            preconditionFailure("the task does not measure \(options.selection.measure)")
        }
        guard value.isFinite else { throw notANumber("development \(options.selection.measure)", state.step - 1) }
        let isBest = options.selection.isBetter(value, than: state.bestValue)
        if isBest {
            try task.writeModel(to: folder.url)
            state.bestValue = value
            state.bestStep = state.step
        }
        observe(
            .evaluation(
                EvaluationReport(
                    step: state.step, evaluation: evaluation, isBest: isBest, bestValue: state.bestValue,
                    bestStep: state.bestStep, seconds: Date().timeIntervalSince(start))))
    }

    private func save() throws {
        state.seconds = secondsBefore + Date().timeIntervalSince(sessionStart)
        try state.write(to: folder.lastState, task.parameters, optimizer)
        lastSave = Date()
    }
}
