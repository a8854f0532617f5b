import Foundation
import InkSupport
import InkTraining
import Testing

@Suite struct MetricsLogTests {
    private func withLog(_ body: (URL) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "ink-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url)
    }

    private func fill(_ url: URL, steps: ClosedRange<Int>) throws {
        let log = try MetricsLog(creating: url)
        for step in steps { try log.append(MetricsRecord(.train, step: step, loss: 1 / Double(step))) }
    }

    @Test func everyLineIsWrittenAtOnce() throws {
        try withLog { url in
            let log = try MetricsLog(creating: url)
            try log.append(MetricsRecord(.train, step: 100, epoch: 0.5, loss: 0.25, learningRate: 3e-5))
            #expect(
                try String(contentsOf: url, encoding: .utf8)
                    == "{\"epoch\":0.5,\"kind\":\"train\",\"learningRate\":3e-05,\"loss\":0.25,\"step\":100}\n")
            try log.append(MetricsRecord(.dev, step: 100, accuracy: 0.9))
            #expect(try MetricsLog.read(contentsOf: url).map(\.kind) == [.train, .dev])
        }
    }

    @Test func anInfiniteLossIsKept() throws {
        try withLog { url in
            try MetricsLog(creating: url).append(MetricsRecord(.train, step: 1, loss: .nan, accuracy: -.infinity))
            let record = try #require(try MetricsLog.read(contentsOf: url).first)
            #expect(record.loss?.isNaN == true)
            #expect(record.accuracy == -.infinity)
        }
    }

    @Test func toleratesACutOffLastLineAtEveryByte() throws {
        try withLog { url in
            try fill(url, steps: 1...3)
            let whole = try Data(contentsOf: url)
            let twoLines = whole.split(separator: 10)[..<2].reduce(0) { $0 + $1.count + 1 }
            for length in twoLines..<whole.count {
                try whole.prefix(length).write(to: url)
                #expect(try MetricsLog.read(contentsOf: url).map(\.step) == [1, 2], "\(length) bytes")
            }
            let log = try MetricsLog(resuming: url, afterStep: 2)
            try log.append(MetricsRecord(.train, step: 3))
            #expect(try MetricsLog.read(contentsOf: url).map(\.step) == [1, 2, 3])
        }
    }

    @Test func resumingLeavesNoStepTwice() throws {
        try withLog { url in
            try fill(url, steps: 1...9)
            let before = try Data(contentsOf: url)
            let log = try MetricsLog(resuming: url, afterStep: 5)
            for step in 6...9 { try log.append(MetricsRecord(.train, step: step, loss: 1 / Double(step))) }
            #expect(try Data(contentsOf: url) == before)
        }
    }

    @Test func resumingWithoutAFileBeginsOne() throws {
        try withLog { url in
            try MetricsLog(resuming: url, afterStep: 5).append(MetricsRecord(.dev, step: 6))
            #expect(try MetricsLog.read(contentsOf: url).count == 1)
        }
    }

    @Test func aBrokenLineInTheMiddleIsNamed() throws {
        try withLog { url in
            try fill(url, steps: 1...1)
            let line = try Data(contentsOf: url)
            try (line + Data("{\"step\":\n".utf8) + line).write(to: url)
            let error = #expect(throws: InputError.self) { try MetricsLog.read(contentsOf: url) }
            #expect(error?.location == "\(url.path):2")
        }
    }
}
