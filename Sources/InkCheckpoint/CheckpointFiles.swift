import Foundation
import InkSupport

/// Finds and opens the weight files of a model folder.
enum CheckpointFiles {
    private static let names = [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    ]

    /// The weight files at `url`: a model folder, an index file or one weight file.
    static func open(_ url: URL) throws -> [any WeightFile] {
        guard url.exists else { throw MissingModel.error(url) }
        guard url.isFolder else { return try openListed(url) }
        let candidates = names.map { url.appending(path: $0) }
        guard let found = candidates.first(where: \.exists) else {
            throw InputError(
                at: url.relativePath, "the folder holds no weights",
                expected: "one of \(names.joined(separator: ", "))",
                found: contents(of: url),
                remedy: ForeignWeights.remedy(for: files(in: url))
                    ?? "download the weight file too, or give the path of a weight file of another name")
        }
        return try openListed(found)
    }

    private static func files(in folder: URL) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        return (names ?? []).sorted()
    }

    private static func contents(of folder: URL) -> String {
        let names = files(in: folder)
        let shown = names.prefix(12).joined(separator: ", ")
        return names.isEmpty ? "an empty folder" : shown + (names.count > 12 ? ", …" : "")
    }

    private static func openListed(_ url: URL) throws -> [any WeightFile] {
        guard url.pathExtension == "json" else { return [try openWeights(url)] }
        let shards = try shardNames(url)
        let folder = url.deletingLastPathComponent()
        return try shards.sorted { $0.key < $1.key }.map { name, keys in
            let weights = try openWeights(folder.appending(path: name))
            let present = Set(weights.tensors.map(\.name))
            if let absent = keys.first(where: { !present.contains($0) }) {
                throw InputError(
                    at: "\(weights.file.path): \(absent)", "the tensor is listed in the index but not in this file",
                    remedy: "download the shards and \(url.lastPathComponent) again, from the same place")
            }
            return weights
        }
    }

    /// The names of the shards in an index file, with the keys each must have.
    private static func shardNames(_ url: URL) throws -> [String: [String]] {
        guard case .object(let index) = try RandomAccessFile.ofModel(url).json(),
            case .object(let map) = index["weight_map"],
            !map.names.isEmpty
        else {
            throw InputError(at: "\(url.relativePath): weight_map", "the index has no map from tensors to files")
        }
        var shards: [String: [String]] = [:]
        for key in map.names {
            guard case .string(let name) = map[key] else {
                throw InputError(at: "\(url.relativePath): weight_map.\(key)", "not a file name")
            }
            guard !name.isEmpty, !name.contains("/"), !name.contains("\\"), !name.contains("\0"), name != ".",
                name != ".."
            else {
                throw InputError(
                    at: "\(url.relativePath): weight_map.\(key)", "the file lies outside the folder",
                    expected: "a name without folders", found: name)
            }
            shards[name, default: []].append(key)
        }
        return shards
    }

    private static func openWeights(_ url: URL) throws -> any WeightFile {
        let file = try RandomAccessFile.ofModel(url)
        return url.pathExtension == "safetensors" ? try SafetensorsFile(file) : try TorchFile(file)
    }
}
