import Foundation
import InkCheckpoint
import InkSupport

/// Answers one JSON request a line, for a harness that lets two programs work in turn. The protocol is that of
/// Benchmarks/peers/peer.py.
struct BenchmarkServer {
    private let runner = BenchmarkRunner()

    /// Serves until standard input ends.
    /// - Throws: `InputError` when standard input cannot be read, `ClosedOutput` when nobody reads the answers.
    func run() throws {
        let lines = LineReader()
        let results = ResultWriter()
        while let line = try lines.next() {
            if line.text.allSatisfy(\.isWhitespace) { continue }
            try results.line(answer(line.text).line)
            try results.flush()
        }
    }

    /// The request's fields and what was measured, or the error; one bad request must not end a comparison.
    private func answer(_ line: String) -> JSON {
        var fields = JSONObject()
        do {
            guard case .object(let object) = try JSON(parsing: line, location: "request") else {
                throw InputError(at: "request", "is no JSON object")
            }
            fields = object
            fields["peer"] = .string("Inkstone \(InkstoneVersion.current)")
            let request = try JSONDecoder().decode(BenchmarkRequest.self, from: Data(line.utf8))
            let timing = try runner.run(request)
            fields["seconds"] = .array(timing.seconds.map { .float($0) })
            fields["titlesPerStep"] = .integer(timing.titlesPerStep)
            fields["titlesPerSecond"] = .float(timing.titlesPerSecond)
            fields["tokensPerStep"] = .float(timing.tokensPerStep)
            fields["peakRss"] = timing.peakBytes.map { .integer($0) }
        } catch {
            fields["error"] = .string("\(error)")
        }
        return .object(fields)
    }
}
