import Foundation
import InkSupport
import Testing

/// Where the fixtures are, and folders for files that tests write.
enum TestFiles {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

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
        try #require(
            { () -> InputError? in
                do { try body() } catch let error as InputError { return error }
                return nil
            }(), sourceLocation: sourceLocation)
    }
}
