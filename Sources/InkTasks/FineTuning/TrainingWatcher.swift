import Foundation
import InkSupport
import InkTraining

/// Turns the trainer's events into the progress line and `metrics.jsonl`.
final class TrainingWatcher {
    /// Steps that one training record of the log sums up; the first after a resume has those of this session only.
    private static let stepsPerRecord = 20

    private let files: RunFolder
    private let options: TrainingOptions
    private let plan: ProgressLine.Plan
    private let sink: (any ProgressSink)?
    private var line: ProgressLine?
    private let stepsPerEpoch: Int
    private var log: MetricsLog?
    private var failure: (any Error)?
    private var recent = Sums()
    private var session = Sums()
    private var best: ProgressLine.Best?
    private var isEvaluating = false
    private var secondsBefore = 0.0
    private let start = Date()

    private struct Sums {
        var steps = 0
        var examples = 0
        var correct: Int? = 0
        var loss = 0.0
        var seconds = 0.0

        var accuracy: Double? { correct.map { Double($0) / Double(examples) } }

        mutating func add(_ report: StepReport) {
            steps += 1
            examples += report.examples
            correct = report.correct.flatMap { part in correct.map { $0 + part } }
            loss += report.loss * Double(report.examples)
            seconds += report.seconds
        }
    }

    init(
        files: RunFolder, options: TrainingOptions, totalSteps: Int, developmentCount: Int, itemName: String,
        sink: (any ProgressSink)?
    ) {
        self.files = files
        self.options = options
        stepsPerEpoch = max(1, totalSteps / max(1, options.epochs))
        self.sink = sink
        plan = ProgressLine.Plan(
            totalSteps: totalSteps, evaluationInterval: options.evaluateEvery, evaluationItems: developmentCount,
            itemName: itemName)
    }

    /// Examples a second while training, evaluations not counted.
    var examplesPerSecond: Double { session.seconds > 0 ? Double(session.examples) / session.seconds : 0 }

    /// Opens the log; a resumed run drops the records after its state.
    func begin(resumingAt state: TrainingState?) throws {
        line = sink.map { ProgressLine(plan, firstStep: state?.step ?? 0, sink: $0) }
        if let state {
            log = try MetricsLog(resuming: files.metrics, afterStep: state.step)
            secondsBefore = state.seconds
            noteBest(state.bestValue, state.bestStep)
        } else {
            log = try MetricsLog(creating: files.metrics)
        }
    }

    func observe(_ event: TrainingEvent) {
        switch event {
        case .step(let report): stepped(report)
        case .evaluating:
            if !isEvaluating { line?.evaluationBegan() }
            isEvaluating = true
        case .evaluation(let report): evaluated(report)
        }
    }

    /// Ends the line.
    /// - Throws: the first error of writing the log.
    func finish() throws {
        close()
        if let failure { throw failure }
    }

    /// Ends the line where the run failed.
    func close() {
        line?.finish()
    }

    private func stepped(_ report: StepReport) {
        recent.add(report)
        session.add(report)
        line?.update(
            ProgressLine.State(
                step: report.step, items: session.examples, loss: recent.loss / Double(recent.examples),
                accuracy: recent.accuracy, learningRate: Double(report.learningRate), best: best))
        guard report.step % Self.stepsPerRecord == 0 || report.step == report.totalSteps else { return }
        append(
            MetricsRecord(
                .train, step: report.step, epoch: Double(report.step) / Double(stepsPerEpoch),
                loss: recent.loss / Double(recent.examples),
                accuracy: recent.accuracy, learningRate: Double(report.learningRate),
                itemsPerSecond: Double(recent.examples) / max(recent.seconds, 1e-9), seconds: elapsed,
                residentBytes: ProcessMemory.residentBytes()))
        recent = Sums()
    }

    private func evaluated(_ report: EvaluationReport) {
        isEvaluating = false
        line?.evaluationEnded()
        noteBest(report.bestValue, report.bestStep)
        append(
            MetricsRecord(
                .dev, step: report.step, epoch: Double(report.step) / Double(stepsPerEpoch),
                loss: report.evaluation.measures["loss"], accuracy: report.evaluation.measures["accuracy"],
                measures: report.evaluation.measures.filter { $0.key != "loss" && $0.key != "accuracy" },
                seconds: elapsed))
    }

    private var elapsed: Double { secondsBefore + Date().timeIntervalSince(start) }

    private func noteBest(_ value: Double?, _ step: Int?) {
        guard let value, let step else { return }
        best = ProgressLine.Best(value: value, step: step, isShare: options.selection.measure != "loss")
    }

    private func append(_ record: MetricsRecord) {
        do {
            try log?.append(record)
        } catch {
            failure = failure ?? error
        }
    }
}
