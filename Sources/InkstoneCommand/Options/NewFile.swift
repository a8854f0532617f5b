import Foundation
import InkCorpus
import InkSupport

/// A file to write, checked before the work that fills it.
enum NewFile {
    /// The file at `path`: not there yet or to be replaced, in a folder that is there.
    /// - Parameters:
    ///   - input: the file that is read meanwhile, which would be lost; nil, or `-`, for none.
    ///   - model: the folder of the model that is used, whose files would be lost.
    /// - Throws: `InputError` (`.usage`) that says what is in the way.
    static func at(_ path: String, force: Bool, reading input: String? = nil, model: URL? = nil) throws -> URL {
        let url = URL(filePath: path)
        if let input, input != "-", url.exists, FilePurpose.isSame(URL(filePath: input), url) {
            throw InputError(.usage, at: path, "is the file that is read", remedy: "give the output another name")
        }
        if let model, url.exists, FilePurpose.isSame(url.deletingLastPathComponent(), model) {
            throw InputError(.usage, at: path, "is a file of the model", remedy: "give the output another name")
        }
        guard !url.isFolder else {
            throw InputError(
                .usage, at: path, "cannot write the file", expected: "the name of a file", found: "a folder",
                remedy: "give a name inside of it")
        }
        guard force || !url.exists else {
            throw InputError(
                .usage, at: path, "the file is there already", remedy: "replace it with --force, or give another name")
        }
        // A device or a pipe would be replaced by a file.
        if url.exists { try WholeFile.requireRegular(url, kind: .usage) }
        let folder = url.deletingLastPathComponent()
        guard folder.isFolder else {
            throw InputError(
                .usage, at: path, "cannot write the file", expected: "a folder \(folder.relativePath)",
                found: folder.exists ? "a file of that name" : "nothing of that name",
                remedy: "make the folder, or give another name")
        }
        return url
    }
}
