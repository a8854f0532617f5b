import Foundation
import InkSupport
import InkTensor

/// Writes a safetensors file tensor by tensor, for outputs larger than memory. Names, shapes and types come first,
/// because the format's header lists them; the tensors follow in the same order.
///
/// The file appears under its name with `commit()`; one that goes away before leaves the old file as it was.
public final class SafetensorsStream {
    /// A tensor to come.
    public struct Entry: Sendable {
        /// The key in the file.
        public let name: String
        /// Extents, outermost first.
        public let shape: Shape
        /// `f32`, or `f16` or `bf16`, to which the elements are rounded.
        public let type: DType

        public init(name: String, shape: Shape, type: DType = .f32) {
            precondition(type == .f32 || type == .f16 || type == .bf16, "no type of written weights: \(type)")
            self.name = name
            self.shape = shape
            self.type = type
        }

        var byteCount: Int { shape.count * type.size }
    }

    private let entries: [Entry]
    private var written = 0
    private let writer: AtomicFileWriter

    /// Opens the file and writes its header. The names of `entries` must differ.
    ///
    /// `metadata` becomes the header's `__metadata__`; readers of the field ask for `format`. Throws `InputError` of
    /// kind `.run` where writing fails, of kind `.data` when there are too many tensors for the form.
    public init(_ entries: [Entry], to url: URL, metadata: [String: String] = ["format": "pt"]) throws {
        self.entries = entries
        let header = SafetensorsHeader.bytes(entries, metadata)
        guard header.count <= SafetensorsHeader.longest else { throw SafetensorsHeader.tooLong(entries.count, at: url) }
        writer = try AtomicFileWriter(url)
        try writer.append(header)
    }

    /// Throws `InputError` (`.data`) when a file of so many tensors is more than readers of the format take.
    public static func check(count: Int, for url: URL) throws {
        guard count <= SafetensorsHeader.mostTensors else { throw SafetensorsHeader.tooLong(count, at: url) }
    }

    /// Adds the next tensor, whose shape is that of its entry. Throws `InputError` (`.run`), as for a full disk.
    public func append(_ tensor: Tensor) throws {
        precondition(written < entries.count, "more tensors than the header lists")
        let entry = entries[written]
        precondition(entry.shape == tensor.shape, "\(entry.name): \(tensor.shape) where the header says \(entry.shape)")
        written += 1
        if entry.type == .f32 {
            try writer.append(elementsOf: tensor)
        } else {
            try tensor.halfPrecision(entry.type).withUnsafeBytes { try writer.append($0) }
        }
    }

    /// Gives the file its name once all tensors are there. Throws `InputError` (`.run`).
    public func commit() throws {
        precondition(written == entries.count, "fewer tensors than the header lists")
        try writer.commit()
    }
}
