import Foundation

/// The error for a model folder that is not there: often the name of a published model, which has to be fetched first.
package enum MissingModel {
    /// What a model folder holds.
    private static let parts =
        "a folder with config.json, the weights (model.safetensors or pytorch_model.bin) and the tokenizer's files "
        + "(vocab.txt, or those that the model has)"

    /// - Parameter alternatives: what else may stand in its place, for `expected`.
    package static func error(
        _ folder: URL, _ kind: InputError.Kind = .data, or alternatives: String? = nil
    ) -> InputError {
        let path = folder.relativePath
        let close = near(folder)
        let name = path.split(separator: "/").suffix(2).joined(separator: "/")
        return InputError(
            kind, at: path, "no such folder", expected: parts + (alternatives.map { ", or \($0)" } ?? ""),
            found: close.isEmpty ? nil : "similar names: \(close.joined(separator: ", "))",
            remedy: "check the path; a published model is not downloaded by itself, fetch it first, for example with "
                + "`hf download \(name) --local-dir models/\(folder.lastPathComponent)`, or with "
                + "`git lfs install` and `git clone` of its repository")
    }

    /// Model folders beside the missing one, or in folders beside it, of a similar name.
    private static func near(_ folder: URL) -> [String] {
        let path = folder.relativePath
        let parent = path.contains("/") ? (path as NSString).deletingLastPathComponent : "."
        let here = folders(in: parent)
        let candidates = here + here.flatMap(folders)
        let name = folder.lastPathComponent
        let models = candidates.filter { FileManager.default.fileExists(atPath: "\($0)/config.json") }
        let names = Dictionary(grouping: models) { ($0 as NSString).lastPathComponent }
        return CloseMatches.of(name, among: names.keys.sorted()).flatMap { names[$0] ?? [] }
    }

    /// The folders in a folder, at most some hundred: this is for a message.
    private static func folders(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let paths = names.sorted().prefix(200).map { folder == "." ? $0 : "\(folder)/\($0)" }
        return paths.filter { URL(filePath: $0).isFolder }
    }
}
