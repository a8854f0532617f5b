import Foundation
import InkLayers
import InkSupport
import InkTensor

/// Runs the training of a task: steps, evaluations, the best and the last checkpoint, early stop, resume.
///
/// Of equal measures the checkpoint with the smaller development loss is kept, of equal losses the later one.
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
    private let workspace: RunWorkspace
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
    /// The step of the state on the disk; nil while there is none.
    private var savedStep: Int?

    /// - Parameters:
    ///   - workspace: the folder that the run writes.
    ///   - fingerprint: what must not change when the run is resumed, by name.
    ///   - saveInterval: seconds after which the resume state is saved again.
    public init(
        _ task: any TrainingTask, options: TrainingOptions, workspace: RunWorkspace, fingerprint: [String: String],
        interrupt: InterruptSignal = InterruptSignal(), saveInterval: Double = 120,
        observe: @escaping (TrainingEvent) -> Void = { _ in }
    ) {
        self.task = task
        self.options = options
        self.workspace = workspace
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
    /// - Returns: whether a checksum vouches for it; states of earlier versions have none.
    /// - Throws: `InputError` when it is damaged or of a run with other settings.
    @discardableResult
    public func restore() throws -> Bool {
        state = try TrainingState.restore(
            from: workspace.files.lastState, fingerprint: state.fingerprint, totalSteps: plan.totalSteps,
            task.parameters,
            optimizer)
        savedStep = state.step
        return state.hasChecksum == true
    }

    /// Trains from the current state to the end.
    /// - Throws: `InputError` when the loss is no number or a file cannot be written; the best checkpoint so far and the
    ///   last state that was saved stay, and the error says where.
    public func run() throws -> Outcome {
        sessionStart = Date()
        secondsBefore = state.seconds
        lastSave = Date()
        // From the first moment on there is something to resume, and a disk too small for it is found out now.
        if state.step == 0 { try save() }
        do {
            while state.step < plan.totalSteps {
                if hasStalled || interrupt.isRaised {
                    try save()
                    return hasStalled ? .stoppedEarly : .interrupted
                }
                let step = state.step
                try takeStepOrSave(step)
                state.step += 1
                if options.evaluates(after: step, of: plan.totalSteps) { try evaluate() }
                if Date().timeIntervalSince(lastSave) >= saveInterval { try save() }
            }
            try save()
        } catch let error as InputError {
            throw withRemains(error)
        }
        return .finished
    }

    private var hasStalled: Bool {
        guard options.patience > 0, let step = state.improvedStep ?? state.bestStep else { return false }
        return state.step - step >= options.patience
    }

    /// A step that fails has changed neither weights nor moments: where the run stood before it can be kept.
    private func takeStepOrSave(_ step: Int) throws {
        do {
            try takeStep(step)
        } catch {
            if savedStep != step { try? save() }
            throw error
        }
    }

    /// The error that ended the run, with what is left of it.
    private func withRemains(_ error: InputError) -> InputError {
        var error = error
        let best = state.bestStep.map { "the best checkpoint so far (step \($0)) is in \(workspace.folder.url.path)" }
        let saved = savedStep.map { "the state of step \($0) is in \(workspace.files.lastState.path)" }
        error.remedy = [error.remedy, best, saved].compactMap { $0 }.joined(separator: "; ")
        return error
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
        InputError(
            .run, at: "step \(step + 1)", "the \(what) is not a finite number",
            remedy: "lower --learning-rate, or raise --warmup")
    }

    private func evaluate() throws {
        let start = Date()
        let evaluation = try task.evaluate { observe(.evaluating($0)) }
        guard let value = evaluation.measures[options.selection.measure] else {
            preconditionFailure("the task does not measure \(options.selection.measure)")
        }
        guard value.isFinite else { throw notANumber("development \(options.selection.measure)", state.step - 1) }
        let loss = evaluation.measures["loss"]
        // Weights that are no numbers can still have a measure: of 0.2, say, for always the first class.
        if loss?.isNaN == true { throw notANumber("development loss", state.step - 1) }
        let best = state.bestValue.map { (value: $0, loss: state.bestLoss) }
        let standing = options.selection.standing(of: value, loss: loss, to: best)
        if standing != .worse {
            try workspace.writeCheckpoint { try task.writeModel(to: $0) }
            state.bestValue = value
            state.bestLoss = loss.flatMap { $0.isFinite ? $0 : nil }
            state.bestStep = state.step
        }
        if standing == .better { state.improvedStep = state.step }
        observe(
            .evaluation(
                EvaluationReport(
                    step: state.step, evaluation: evaluation, isBest: standing != .worse, bestValue: state.bestValue,
                    bestStep: state.bestStep, seconds: Date().timeIntervalSince(start))))
    }

    private func save() throws {
        state.seconds = secondsBefore + Date().timeIntervalSince(sessionStart)
        try state.write(to: workspace.files.lastState, task.parameters, optimizer)
        MemoryPool.setRefusalNote(
            "the state of step \(state.step) is saved in \(workspace.folder.url.path); --resume goes on from there")
        lastSave = Date()
        savedStep = state.step
    }
}
