import Foundation
import InkSupport
import InkTestSupport
import Testing

/// Folders for files that tests write, and what tests of bad files need.
enum TestFiles {
    /// Gives `body` an empty folder and removes it afterwards.
    static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "inkstone-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// The `InputError` that `body` throws; a failure of the test where it throws none.
    static func error(
        _ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> InputError {
        var thrown: InputError?
        do { try body() } catch let error as InputError { thrown = error }
        return try #require(thrown, "no error", sourceLocation: sourceLocation)
    }
}

/// What the script that made a fixture says about its tensors.
struct ExpectedTensors: Decodable {
    struct Entry: Decodable {
        let name: String
        let type: String
        let shape: [Int]
        let sum: Double
        /// Σ x[i]·(i mod 7 + 1) in row-major order.
        let weightedSum: Double
        let first: [Double]?
        let values: [Double]?
    }

    let tensors: [Entry]

    static func read(_ path: String) throws -> [Entry] {
        try Fixture.json(ExpectedTensors.self, path).tensors
    }
}
