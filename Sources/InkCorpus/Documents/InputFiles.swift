import Foundation
import InkSupport

/// The files that a user names: files as they are, folders with all text files in them, in the order of their names.
public enum InputFiles {
    private static let endings: Set<String> = ["txt", "jsonl", "json", "ndjson", "md"]

    /// - Parameters:
    ///   - paths: files, folders, or `-` for standard input.
    ///   - format: of all files; nil for what each name tells.
    /// - Throws: `InputError` (`.usage`) for a path that is not there, a folder without text files or one that may not
    ///   be read, and a file that is named twice.
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
        try requireOnce(files)
        return files
    }

    /// Refuses to read the same documents twice without being asked to.
    private static func requireOnce(_ files: [DocumentInput.File]) throws {
        var seen: [String: String] = [:]
        for file in files {
            let path = file.url?.path ?? "standard input"
            let place = file.url?.resolvingSymlinksInPath().path ?? path
            if let first = seen.updateValue(path, forKey: place) {
                throw InputError(
                    .usage, at: path, "the file is in the input twice", found: first == path ? nil : "also as \(first)",
                    remedy: "name it once; the stage mix repeats documents on purpose")
            }
        }
    }

    private static func textFiles(in folder: URL) throws -> [URL] {
        var failure: (URL, any Error)?
        let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) { url, error in
            failure = failure ?? (url, error)
            return false
        }
        var files: [URL] = []
        while let url = walk?.nextObject() as? URL {
            var plain = url
            if url.isFolder || url.lastPathComponent.hasPrefix(".") { continue }
            if Compression.of(url) != nil { plain.deletePathExtension() }
            if endings.contains(plain.pathExtension.lowercased()) { files.append(url) }
        }
        if let (url, error) = failure {
            throw InputError(
                .usage, at: url.path, "the folder cannot be read", found: SystemError.reason(error),
                remedy: "change its permissions, or name the files that are wanted")
        }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}
