import Foundation
import InkSupport

/// The line that says how a run is going:
///
///     step 1200/7032 17% | loss 0.183 | acc 94.10% | lr 3.1e-05 | 412 titles/s | eta 18:40 | rss 3.1 GB | best 94.30% @1100
///
/// On a terminal it is one line that changes in place and fits the width; in a file or a pipe a plain line appears
/// every `plainInterval` seconds. It belongs to the task that trains and is not for use from several at once.
public final class ProgressLine {
    /// What is known after a step.
    public struct State: Sendable {
        /// Steps done, of all epochs.
        public var step: Int
        /// Items (titles) trained on since this process began.
        public var items: Int
        public var loss: Double?
        /// A share: 0.941 is printed as 94.10%.
        public var accuracy: Double?
        public var learningRate: Double?
        public var best: Best?

        public init(
            step: Int, items: Int, loss: Double? = nil, accuracy: Double? = nil, learningRate: Double? = nil,
            best: Best? = nil
        ) {
            self.step = step
            self.items = items
            self.loss = loss
            self.accuracy = accuracy
            self.learningRate = learningRate
            self.best = best
        }
    }

    /// The best evaluation so far.
    public struct Best: Sendable, Equatable {
        public var value: Double
        public var step: Int
        /// A share printed in percent; otherwise (a loss) a plain number.
        public var isShare: Bool

        public init(value: Double, step: Int, isShare: Bool = true) {
            self.value = value
            self.step = step
            self.isShare = isShare
        }
    }

    /// What is known before the run.
    public struct Plan: Sendable {
        public var totalSteps: Int
        /// Steps between evaluations; nil when there are none.
        public var evaluationInterval: Int?
        /// Items of one evaluation, for the estimate before the first was timed.
        public var evaluationItems: Int
        /// The noun of the speed.
        public var itemName: String
        /// Seconds between plain lines.
        public var plainInterval: Double

        public init(
            totalSteps: Int, evaluationInterval: Int? = nil, evaluationItems: Int = 0, itemName: String = "titles",
            plainInterval: Double = 10
        ) {
            self.totalSteps = totalSteps
            self.evaluationInterval = evaluationInterval
            self.evaluationItems = evaluationItems
            self.itemName = itemName
            self.plainInterval = plainInterval
        }
    }

    private static let terminalInterval = 0.1

    private let plan: Plan
    private let sink: any ProgressSink
    private let now: () -> Double
    private let memory: () -> Int?
    private var speed = SpeedEstimate()
    private var lastState: State
    private var lastTime: Double
    private var evaluationStart: Double?
    private var lastPrinted: Double?
    private var hasUnprintedState = false
    /// Columns of the line that stands on the terminal, to be overwritten.
    private var shownColumns = 0

    /// `firstStep` is the number of steps done before (a resumed run); `clock` gives seconds that never go back, and
    /// `memory` the resident bytes.
    public init(
        _ plan: Plan, firstStep: Int = 0, sink: any ProgressSink = StandardErrorSink(),
        clock: @escaping () -> Double = ProgressLine.monotonicSeconds,
        memory: @escaping () -> Int? = ProcessMemory.residentBytes
    ) {
        self.plan = plan
        self.sink = sink
        self.memory = memory
        now = clock
        lastTime = clock()
        lastState = State(step: firstStep, items: 0)
    }

    /// Seconds of the system's monotonic clock.
    public static func monotonicSeconds() -> Double { ProcessInfo.processInfo.systemUptime }

    /// Items a second as the line shows it; nil before the first step.
    public var itemsPerSecond: Double? { speed.itemsPerSecond }

    /// Takes note of a finished step, and prints when it is time.
    public func update(_ state: State) {
        let time = now()
        speed.addTraining(
            seconds: time - lastTime, steps: state.step - lastState.step, items: state.items - lastState.items)
        lastState = state
        lastTime = time
        hasUnprintedState = true
        let interval = sink.isTerminal ? Self.terminalInterval : plan.plainInterval
        if let lastPrinted, time - lastPrinted < interval { return }
        show(state, at: time)
    }

    /// Call around an evaluation, so that its time counts as one.
    public func evaluationBegan() { evaluationStart = now() }

    public func evaluationEnded() {
        guard let start = evaluationStart else { return }
        let time = now()
        evaluationStart = nil
        speed.addEvaluation(seconds: time - start)
        lastTime += time - start
    }

    /// Prints a line of its own without disturbing the progress line.
    public func note(_ text: String) {
        clear()
        sink.write(text + "\n")
        if sink.isTerminal, lastPrinted != nil { show(lastState, at: now()) }
    }

    /// Prints the last state, if it is not on the screen yet, and leaves the line.
    public func finish() {
        if hasUnprintedState { show(lastState, at: now()) }
        if sink.isTerminal, shownColumns > 0 { sink.write("\n") }
        shownColumns = 0
    }

    private func clear() {
        guard sink.isTerminal, shownColumns > 0 else { return }
        sink.write("\r" + String(repeating: " ", count: shownColumns) + "\r")
        shownColumns = 0
    }

    private func show(_ state: State, at time: Double) {
        lastPrinted = time
        hasUnprintedState = false
        var segments = self.segments(state)
        guard sink.isTerminal else { return sink.write(segments.map(\.text).joined(separator: " | ") + "\n") }
        // The last column stays free: some terminals wrap as soon as it is filled.
        let room = max(sink.columns - 1, 1)
        func joined() -> String { segments.map(\.text).joined(separator: " | ") }
        while DisplayWidth.of(joined()) > room, let least = segments.map(\.rank).max(), least > 0 {
            segments.removeAll { $0.rank == least }
        }
        let plain = DisplayWidth.truncate(joined(), to: room)
        let columns = DisplayWidth.of(plain)
        let isWhole = plain == joined()
        let line = isWhole && sink.allowsColour ? segments.map(\.coloured).joined(separator: " | ") : plain
        sink.write("\r" + line + String(repeating: " ", count: max(0, shownColumns - columns)))
        shownColumns = columns
    }

    /// A part of the line; on a narrow terminal those with the highest rank go first, rank 0 stays.
    private struct Segment {
        let text: String
        let rank: Int
        var colour: Int?
        var coloured: String { colour.map { "\u{1b}[\($0)m\(text)\u{1b}[0m" } ?? text }
    }

    private func segments(_ state: State) -> [Segment] {
        let percent = plan.totalSteps > 0 ? 100 * state.step / plan.totalSteps : 100
        var segments = [Segment(text: "step \(state.step)/\(plan.totalSteps) \(percent)%", rank: 0, colour: 1)]
        if let loss = state.loss { segments.append(Segment(text: "loss " + Self.number(loss), rank: 1)) }
        if let accuracy = state.accuracy { segments.append(Segment(text: "acc " + Self.percent(accuracy), rank: 4)) }
        if let rate = state.learningRate {
            segments.append(Segment(text: String(format: "lr %.1e", rate), rank: 7))
        }
        if let speed = speed.itemsPerSecond {
            segments.append(
                Segment(text: String(format: speed < 10 ? "%.1f " : "%.0f ", speed) + plan.itemName + "/s", rank: 5))
        }
        segments.append(Segment(text: "eta " + (secondsLeft(state).map(Self.duration) ?? "--:--"), rank: 2))
        if let bytes = memory() { segments.append(Segment(text: "rss " + ProcessMemory.text(bytes), rank: 6)) }
        if let best = state.best {
            let value = best.isShare ? Self.percent(best.value) : "loss " + Self.number(best.value)
            segments.append(Segment(text: "best \(value) @\(best.step)", rank: 3, colour: 32))
        }
        return segments
    }

    private func secondsLeft(_ state: State) -> Double? {
        var evaluations = 0
        if let interval = plan.evaluationInterval, interval > 0 {
            evaluations = max(0, plan.totalSteps / interval - state.step / interval)
        }
        return speed.secondsLeft(
            steps: max(0, plan.totalSteps - state.step), evaluations: evaluations,
            evaluationItems: plan.evaluationItems)
    }

    private static func percent(_ share: Double) -> String { String(format: "%.2f%%", 100 * share) }

    private static func number(_ loss: Double) -> String { String(format: "%.3f", loss) }

    /// `18:40`, `2:05:10`, `3d 04:05`.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "--:--" }
        let total = Int(max(seconds, 0).rounded())
        let (hours, minutes) = (total / 3600, total / 60 % 60)
        if hours >= 24 { return String(format: "%dd %02d:%02d", hours / 24, hours % 24, minutes) }
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, total % 60)
            : String(format: "%02d:%02d", minutes, total % 60)
    }
}
