import Foundation
import InkCorpus
import InkSupport

/// A folder with a small corpus, gone at the end.
final class PipelineWorkshop {
    let folder: URL
    var corpus: URL { folder.appending(path: "in.txt") }
    var output: URL { folder.appending(path: "out") }

    init(lines: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: corpus)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func plan(
        _ stages: String, input: String = #""in.txt""#, output: String = "out", more: String = ""
    ) throws -> PipelinePlan {
        let text = #"{"input": \#(input), "output": "\#(output)", "stages": \#(stages)\#(more)}"#
        guard case .object(let values) = try JSONValue(parsing: text, location: "plan") else {
            throw InputError(at: "plan", "no object")
        }
        return try PipelinePlan(values, file: folder.appending(path: "plan.yaml"))
    }

    /// Writes another file of the corpus.
    func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: folder.appending(path: name)) }

    func contents(_ path: String) throws -> Data { try Data(contentsOf: folder.appending(path: path)) }

    func lines(_ path: String) throws -> [JSONObject] {
        try String(decoding: contents(path), as: UTF8.self).split(separator: "\n").compactMap {
            JSONObject(try JSONValue(parsing: String($0), location: path))
        }
    }
}

/// Says stop after a number of questions.
final class Countdown: @unchecked Sendable {
    private let lock = NSLock()
    private var left: Int

    init(_ left: Int) { self.left = left }

    var isOver: Bool {
        lock.withLock {
            left -= 1
            return left < 0
        }
    }
}
