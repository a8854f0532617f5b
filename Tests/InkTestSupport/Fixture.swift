import Foundation

/// Files that stand beside the tests, in the folder `Fixtures` of their target.
public enum Fixture {
    /// The folder `Fixtures` beside the calling test file.
    public static func folder(testFile: String = #filePath) -> URL {
        URL(filePath: testFile).deletingLastPathComponent().appending(path: "Fixtures", directoryHint: .isDirectory)
    }

    /// A file or folder in it, by its path relative to it.
    public static func url(_ path: String, testFile: String = #filePath) -> URL {
        folder(testFile: testFile).appending(path: path)
    }

    public static func data(_ path: String, testFile: String = #filePath) throws -> Data {
        try Data(contentsOf: url(path, testFile: testFile))
    }

    /// A JSON file decoded.
    public static func json<Value: Decodable>(
        _ type: Value.Type, _ path: String, testFile: String = #filePath
    ) throws -> Value {
        try JSONDecoder().decode(type, from: data(path, testFile: testFile))
    }
}
