import Foundation
import InkSupport

/// Refuses what would lose documents or never end: outputs over inputs, pipes where files are needed.
public enum FilePurpose {
    /// Refuses to write over a file that is read, or two outputs to one file.
    /// - Throws: `InputError` (`.usage`).
    public static func requireApart(_ input: DocumentInput, outputs: [URL]) throws {
        for (index, output) in outputs.enumerated() {
            if outputs[..<index].contains(where: { isSame($0, output) }) {
                throw InputError(
                    .usage, at: output.path, "two outputs go to the same file", remedy: "give each a name of its own")
            }
            guard input.files.contains(where: { $0.url.map { isSame($0, output) } ?? false }) else { continue }
            throw InputError(
                .usage, at: output.path, "the output is a file of the input, which would be lost",
                remedy: "give the output another name")
        }
    }

    /// Refuses standard input and pipes, which can be read once only.
    /// - Parameter user: what reads its input more than once.
    /// - Throws: `InputError` (`.usage`).
    static func requireFiles(_ input: DocumentInput, for user: String) throws {
        for file in input.files {
            let isFile = try? file.url?.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey])
                .isRegularFile
            guard isFile != true else { continue }
            throw InputError(
                .usage, at: user, "reads its input more than once, which a pipe does not allow",
                found: file.url?.path ?? "standard input",
                remedy: "write the documents to a file first, and give that")
        }
    }

    /// Refuses an output folder inside an input folder: another run would read what this one wrote.
    /// - Parameter paths: the files and folders that are read.
    /// - Throws: `InputError` (`.usage`).
    static func requireOutside(_ paths: [String], relativeTo base: URL, output: URL) throws {
        let inner = output.resolvingSymlinksInPath().standardizedFileURL.pathComponents
        for path in paths where path != "-" {
            let folder = URL(filePath: path, relativeTo: base).absoluteURL.resolvingSymlinksInPath().standardizedFileURL
            guard folder.isFolder, inner.starts(with: folder.pathComponents) else { continue }
            throw InputError(
                .usage, at: output.path, "the output folder lies in a folder of the input, whose files are all read",
                found: path, remedy: "give an output folder beside it")
        }
    }

    /// Whether two paths lead to one file, through whatever links.
    package static func isSame(_ left: URL, _ right: URL) -> Bool {
        var (first, second) = (stat(), stat())
        if stat(left.path, &first) == 0, stat(right.path, &second) == 0 {
            return first.st_dev == second.st_dev && first.st_ino == second.st_ino
        }
        return left.resolvingSymlinksInPath().path == right.resolvingSymlinksInPath().path
    }
}
