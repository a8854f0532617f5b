import Foundation
import InkSupport

/// The files that a user names: files as they are, folders with all text files in them, in the order of their names.
public enum InputFiles {
    private static let endings: Set<String> = ["txt", "jsonl", "json", "ndjson", "md"]

    /// - Parameters:
    ///   - paths: files, folders, or `-` for standard input.
    ///   - format: of all files; nil for what each name tells.
    /// - Throws: `InputError` (`.usage`) for a path that is not there and a folder without text files.
    public static func find(_ paths: [String], format: DocumentFormat? = nil, relativeTo base: URL? = nil) throws
        -> [DocumentInput.File]
    {
        var files: [DocumentInput.File] = []
        for path in paths {
            if path == "-" {
                files.append(.init(nil, format: format ?? .jsonl))
                continue
            }
            let url = URL(filePath: path, relativeTo: base).absoluteURL
            guard url.exists else {
                throw InputError(.usage, at: path, "there is no such file or folder", remedy: "check the path")
            }
            let found = url.isFolder ? try textFiles(in: url) : [url]
            if found.isEmpty {
                throw InputError(
                    .usage, at: path, "the folder holds no text files",
                    expected: "files ending in .\(endings.sorted().joined(separator: ", .")), compressed or not")
            }
            files += found.map { DocumentInput.File($0, format: format ?? .of($0)) }
        }
        return files
    }

    private static func textFiles(in folder: URL) throws -> [URL] {
        guard let walk = FileManager.default.enumerator(atPath: folder.path) else {
            throw InputError(.usage, at: folder.path, "the folder cannot be read")
        }
        var paths: [String] = []
        for case let path as String in walk {
            var url = folder.appending(path: path)
            if url.isFolder || url.lastPathComponent.hasPrefix(".") { continue }
            if Compression.of(url) != nil { url.deletePathExtension() }
            if endings.contains(url.pathExtension.lowercased()) { paths.append(path) }
        }
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { folder.appending(path: $0) }
    }
}
