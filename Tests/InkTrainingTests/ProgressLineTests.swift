import InkSupport
import InkTraining
import Testing

@Suite struct ProgressLineTests {
    private final class Recorder: ProgressSink {
        let isTerminal: Bool
        let columns: Int
        let allowsColour: Bool
        var text = ""

        init(isTerminal: Bool, columns: Int = 200, allowsColour: Bool = false) {
            self.isTerminal = isTerminal
            self.columns = columns
            self.allowsColour = allowsColour
        }

        func write(_ text: String) { self.text += text }

        /// What stands on the screen: the text after the last return to the first column.
        var screen: String { String(text.split(separator: "\r", omittingEmptySubsequences: false).last ?? "") }
    }

    private final class Clock {
        var seconds = 100.0
    }

    private let clock = Clock()

    private func line(_ sink: Recorder, _ plan: ProgressLine.Plan, firstStep: Int = 0) -> ProgressLine {
        let clock = clock
        return ProgressLine(
            plan, firstStep: firstStep, sink: sink, clock: { clock.seconds }, memory: { 3_100_000_000 })
    }

    private func state(_ step: Int, best: ProgressLine.Best? = .init(value: 0.943, step: 1100)) -> ProgressLine.State {
        .init(step: step, items: step * 103, loss: 0.1834, accuracy: 0.941, learningRate: 3.14e-5, best: best)
    }

    @Test func theWholeLine() {
        let sink = Recorder(isTerminal: false)
        let line = line(sink, .init(totalSteps: 7032))
        clock.seconds += 300
        line.update(state(1200))
        #expect(
            sink.text == "step 1200/7032 17% | loss 0.183 | acc 94.10% | lr 3.1e-05 | 412 titles/s | eta 24:18 | "
                + "rss 3.1 GB | best 94.30% @1100\n")
    }

    @Test func plainLinesAppearEverySoManySeconds() {
        let sink = Recorder(isTerminal: false)
        let line = line(sink, .init(totalSteps: 100, plainInterval: 10))
        for step in 1...100 {
            clock.seconds += 1
            line.update(state(step))
        }
        line.finish()
        let steps = sink.text.split(separator: "\n").map { $0.split(separator: " ")[1] }
        #expect(steps == (0...9).map { "\($0 * 10 + 1)/100" } + ["100/100"])
    }

    @Test func aTerminalLineIsOverwrittenAndFits() {
        let sink = Recorder(isTerminal: true, columns: 60)
        let line = line(sink, .init(totalSteps: 7032))
        clock.seconds += 300
        line.update(state(1200))
        #expect(sink.screen == "step 1200/7032 17% | loss 0.183 | eta 24:18")
        clock.seconds += 0.01
        line.update(state(1201))
        #expect(sink.screen.hasPrefix("step 1200/"), "two updates within a tenth of a second")
        line.note("saved")
        #expect(sink.text.contains("\rsaved\n\rstep 1201/7032"))
        line.finish()
        #expect(sink.text.hasSuffix("\n"))
        #expect(!sink.text.contains("\u{1b}"))
    }

    @Test(arguments: 1...120)
    func neverWiderThanTheTerminal(columns: Int) {
        let sink = Recorder(isTerminal: true, columns: columns)
        let line = line(sink, .init(totalSteps: 7032))
        clock.seconds += 1
        line.update(state(1200))
        #expect(sink.screen.count < max(columns, 2))
    }

    @Test func coloursOnlyWhereWelcome() {
        let sink = Recorder(isTerminal: true, allowsColour: true)
        let line = line(sink, .init(totalSteps: 7032))
        clock.seconds += 300
        line.update(state(1200))
        #expect(sink.text.contains("\u{1b}[32mbest 94.30% @1100\u{1b}[0m"))
        #expect(!StandardErrorSink(environment: ["NO_COLOR": "1"]).allowsColour)
        #expect(!StandardErrorSink(environment: ["TERM": "dumb"]).isTerminal)
    }

    @Test func timeLeftCountsEvaluations() {
        let sink = Recorder(isTerminal: false)
        let line = line(sink, .init(totalSteps: 40, evaluationInterval: 10, evaluationItems: 309, plainInterval: 0))
        for step in 1...10 {
            clock.seconds += 1
            line.update(state(step))
        }
        // 30 steps of a second, three evaluations of 309 items at a third of 103 items a second.
        #expect(sink.text.split(separator: "\n").last?.contains("| eta 00:33 |") == true)
        line.evaluationBegan()
        clock.seconds += 20
        line.evaluationEnded()
        clock.seconds += 1
        line.update(state(11))
        // 29 steps and three evaluations of 20 seconds; the pause did not slow the steps.
        #expect(sink.text.split(separator: "\n").last?.contains("| 103 titles/s | eta 01:29 |") == true)
    }

    @Test func speedFollowsTheMachineSmoothly() throws {
        var speed = SpeedEstimate()
        #expect(speed.itemsPerSecond == nil)
        for _ in 0..<300 { speed.addTraining(seconds: 1, steps: 1, items: 100) }
        #expect(abs(try #require(speed.itemsPerSecond) - 100) < 1e-6)
        for _ in 0..<60 { speed.addTraining(seconds: 2, steps: 1, items: 100) }
        let slower = try #require(speed.itemsPerSecond)
        #expect(slower > 50 && slower < 52)
    }

    @Test func aResumedRunCountsItsOwnSteps() {
        let sink = Recorder(isTerminal: false)
        let line = line(sink, .init(totalSteps: 200, itemName: "sentences"), firstStep: 100)
        clock.seconds += 20
        line.update(.init(step: 110, items: 64, best: .init(value: 0.5, step: 90, isShare: false)))
        #expect(
            sink.text == "step 110/200 55% | 3.2 sentences/s | eta 03:00 | rss 3.1 GB | best loss 0.500 @90\n")
    }

    @Test(arguments: [
        (0, "00:00"), (59.6, "01:00"), (1120, "18:40"), (7510, "2:05:10"), (274_200, "3d 04:10"), (.infinity, "--:--"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(ProgressLine.duration(seconds) == text)
    }

    @Test func memoryOfThisProcess() throws {
        let resident = try #require(ProcessMemory.residentBytes())
        let peak = try #require(ProcessMemory.peakBytes())
        #expect(resident > 1_000_000 && peak >= resident && peak < 1 << 40)
        #expect(ProcessMemory.text(820_400_000) == "820 MB")
        #expect(ProcessMemory.text(3_140_000_000) == "3.1 GB")
    }
}
