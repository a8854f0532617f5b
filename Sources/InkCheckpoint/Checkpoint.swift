import Foundation
import InkSupport
import InkTensor
import Synchronization

/// The weights of a model as published: one file or several, of any of the forms that the field uses.
///
/// Opening reads headers only. Tensors are read when asked for, into memory of their own. Safe to use from many tasks at
/// once.
public final class Checkpoint: Sendable {
    /// What was opened, as the caller gave it.
    public let location: String
    /// All tensors, in the order of the files.
    public let entries: [TensorEntry]
    let files: [any WeightFile]
    private let stored: [StoredTensor]
    private let positions: [String: Int]
    private let knownDigests = Mutex<[String: String]?>(nil)

    /// Opens a model folder, or one weight file, or the index of a sharded checkpoint.
    ///
    /// In a folder the first of `model.safetensors`, `model.safetensors.index.json`, `pytorch_model.bin` and
    /// `pytorch_model.bin.index.json` is taken. Throws `InputError` for missing, damaged and unsafe files, naming the
    /// file and the tensor.
    public init(contentsOf url: URL) throws {
        location = url.relativePath
        files = try CheckpointFiles.open(url)
        let tensors = files.flatMap { file in file.tensors.map { (file: file.file, name: $0.name, tensor: $0.tensor) } }
        stored = tensors.map(\.tensor)
        entries = zip(CanonicalKey.keys(for: tensors.map(\.name)), tensors).map { key, tensor in
            TensorEntry(
                key: key, originalKey: tensor.name, type: tensor.tensor.type, shape: tensor.tensor.shape,
                file: tensor.file.name)
        }
        var positions: [String: Int] = [:]
        for (position, entry) in entries.enumerated() {
            if let other = positions.updateValue(position, forKey: entry.key) {
                throw InputError(
                    at: "\(location): \(entry.key)", "two tensors have this key",
                    found: "\(entries[other].originalKey) in \(entries[other].file), "
                        + "\(entry.originalKey) in \(entry.file)",
                    remedy: "remove one of the two and save the file again")
            }
        }
        self.positions = positions
    }

    /// Number of elements of all floating-point tensors. Tensors that share their elements count each.
    public var parameterCount: Int {
        entries.reduce(0) { $0 + ($1.type.isFloatingPoint ? $1.shape.count : 0) }
    }

    /// Names of the weight files.
    public var fileNames: [String] { files.map(\.file.name) }

    /// The notes in the weight files' headers (safetensors' `__metadata__`).
    public var metadata: [String: String] {
        files.reduce(into: [:]) { all, file in all.merge(file.metadata) { first, _ in first } }
    }

    /// The entry of a canonical key.
    public subscript(key: String) -> TensorEntry? { positions[key].map { entries[$0] } }

    /// Whether there is a tensor of the name.
    public func contains(_ key: String) -> Bool { positions[key] != nil }

    /// The canonical key under which the model's tensor `key` is stored: as it is, else without the base model's
    /// `prefix`, else with it. Nil where there is none.
    ///
    /// A file saved from the bare encoder has `embeddings.…` where one saved with a head has `bert.embeddings.…`.
    public func resolve(_ key: String, prefix: String) -> String? {
        let other = key.hasPrefix(prefix + ".") ? String(key.dropFirst(prefix.count + 1)) : "\(prefix).\(key)"
        return [key, other].first(where: contains)
    }

    /// The shape of a tensor, nil where there is none.
    public func shape(of key: String) -> Shape? { self[key]?.shape }

    /// The tensor of a canonical key as `f32`, of any shape or of the one given.
    ///
    /// Throws `missing(_:shape:)` where there is none, an `InputError` with both shapes where they differ, one for
    /// tensors of integers, one that names the first element that is NaN or infinite, and one where the file was
    /// changed since it was opened.
    public func tensor(_ key: String, expecting shape: Shape? = nil) throws -> Tensor {
        let (entry, stored) = try find(key, shape: shape)
        if let shape { try check(entry, shape) }
        do {
            if let tensor = try stored.floats() { return tensor }
        } catch let odd as StoredTensor.OddElement {
            throw notANumber(entry, odd)
        }
        throw InputError(
            at: place(entry), "the tensor does not hold floating-point numbers", expected: "f32, f16, bf16 or f64",
            found: entry.type.rawValue)
    }

    private func notANumber(_ entry: TensorEntry, _ odd: StoredTensor.OddElement) -> InputError {
        var rest = odd.index
        let place = entry.shape.dimensions.reversed().map { extent in
            defer { rest /= extent }
            return "\(rest % extent)"
        }
        return InputError(
            at: self.place(entry), "holds values that are not numbers", expected: "finite numbers",
            found: "\(odd.value) at [\(place.reversed().joined(separator: ", "))]",
            remedy: "the weights are damaged, or those of a run that went astray; get them again, or train again with "
                + "a smaller learning rate")
    }

    /// Looks a tensor up without reading it. Throws as `tensor(_:expecting:)`.
    public func require(_ key: String, shape: Shape) throws { try check(find(key, shape: shape).0, shape) }

    private func check(_ entry: TensorEntry, _ shape: Shape) throws {
        guard entry.shape != shape else { return }
        throw InputError(
            at: place(entry), "the tensor has another shape than the configuration asks for",
            expected: shape.description, found: entry.shape.description,
            remedy: "check that config.json and the weights come from the same model")
    }

    /// Whether two tensors have the same shape and the same elements, as `f32`. Throws as `tensor(_:expecting:)`.
    public func areEqual(_ one: String, _ other: String) throws -> Bool {
        let (first, second) = (try find(one, shape: nil), try find(other, shape: nil))
        guard first.0.shape == second.0.shape else { return false }
        if first.1.isSamePlace(as: second.1) { return true }
        return try tensor(one).hasSameElements(as: tensor(other))
    }

    /// The elements of an integer or boolean tensor in row-major order. Throws as `tensor(_:expecting:)`.
    public func integers(_ key: String) throws -> [Int64] {
        let (entry, stored) = try find(key, shape: nil)
        guard let values = try stored.integers() else {
            throw InputError(
                at: place(entry), "the tensor does not hold integers", found: entry.type.rawValue)
        }
        return values
    }

    /// SHA-256 digests of the weight files by name, in lower-case hexadecimal. Computed at the first call.
    public func digests() throws -> [String: String] {
        try knownDigests.withLock { known in
            if let known { return known }
            var digests: [String: String] = [:]
            for file in files { digests[file.file.name] = try SHA256.hexDigest(ofFileAt: file.file.url) }
            known = digests
            return digests
        }
    }

    /// The error for a tensor that a model needs and the checkpoint lacks, with the keys most like it.
    public func missing(_ key: String, shape: Shape? = nil) -> InputError {
        let close = CloseMatches.of(key, among: entries.map(\.key))
        return InputError(
            at: location, "the weights lack \(key)", expected: shape.map { "a tensor of shape \($0)" },
            found: close.isEmpty
                ? "nothing like it among \(entries.count) tensors" : "similar keys: \(close.joined(separator: ", "))",
            remedy: "check that config.json names the architecture of these weights")
    }

    private func find(_ key: String, shape: Shape?) throws -> (TensorEntry, StoredTensor) {
        guard let position = positions[key] else { throw missing(key, shape: shape) }
        return (entries[position], stored[position])
    }

    private func place(_ entry: TensorEntry) -> String {
        let path = files.first { $0.file.name == entry.file }?.file.path ?? location
        return "\(path): \(entry.originalKey)"
    }
}
