import Foundation
import InkCheckpoint
import InkSupport

/// This program in a fresh process, for a measure that a process can take only once.
enum SelfProcess {
    /// The most memory that a process held which served this request alone.
    /// - Throws: `InputError` when the process cannot be started or fails.
    static func peakBytes(of request: BenchmarkRequest) throws -> Int {
        guard let program = Bundle.main.executableURL else {
            throw InputError(.run, at: "bench", "cannot find its own program to measure memory")
        }
        let process = Process()
        process.executableURL = program
        process.arguments = ["bench", "--serve"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        let answer: Data
        do {
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request) + Data("\n".utf8))
            try input.fileHandleForWriting.close()
            answer = try output.fileHandleForReading.readToEnd() ?? Data()
        } catch {
            throw InputError(.run, at: program.path, "cannot be run", found: SystemError.reason(error))
        }
        process.waitUntilExit()
        guard case .object(let fields) = try JSON(parsing: String(decoding: answer, as: UTF8.self), location: "bench"),
            case .number(let text) = fields["peakRss"], let bytes = Int(text)
        else { throw InputError(.run, at: "bench", "the measuring process failed") }
        return bytes
    }
}
