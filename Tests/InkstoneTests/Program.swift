import Foundation
import Testing

/// The built `inkstone`, run as a process of its own.
enum Program {
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String
        var lines: [String] {
            output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        }
    }

    /// The program beside the test bundle.
    static func url() throws -> URL {
        let test = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let folders = sequence(first: test.deletingLastPathComponent()) { folder in
            folder.path == "/" ? nil : folder.deletingLastPathComponent()
        }
        let candidates = folders.prefix(5).map { $0.appending(path: "inkstone") }
        return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
    }

    /// A process that is not started yet, with pipes.
    static func process(_ arguments: [String], in folder: URL? = nil) throws -> (Process, Pipe, Pipe, Pipe) {
        let process = Process()
        process.executableURL = try url()
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["NO_COLOR": "1"]) { $1 }
        let pipes = (Pipe(), Pipe(), Pipe())
        process.standardInput = pipes.0
        process.standardOutput = pipes.1
        process.standardError = pipes.2
        return (process, pipes.0, pipes.1, pipes.2)
    }

    /// Runs to the end. Input and output must fit into a pipe.
    static func run(_ arguments: String..., input: String = "", in folder: URL? = nil) throws -> Outcome {
        try run(arguments, input: input, in: folder)
    }

    static func run(_ arguments: [String], input: String = "", in folder: URL? = nil) throws -> Outcome {
        let (process, stdin, stdout, stderr) = try process(arguments, in: folder)
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self))
    }
}

/// Model folders of the model tests.
enum Models {
    static func path(_ name: String, testFile: String = #filePath) -> String {
        URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "InkModelsTests/Fixtures/\(name)").path
    }

    static let bert = path("bert-gelu")
}
