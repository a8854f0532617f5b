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
    /// kind `.run` where writing fails.
    public init(_ entries: [Entry], to url: URL, metadata: [String: String] = ["format": "pt"]) throws {
        self.entries = entries
        let header = Self.header(entries, metadata)
        writer = try AtomicFileWriter(url)
        try writer.append(withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8)
    }

    /// Adds the next tensor, whose shape is that of its entry. Throws `InputError` (`.run`), as for a full disk.
    public func append(_ tensor: Tensor) throws {
        precondition(written < entries.count, "more tensors than the header lists")
        let entry = entries[written]
        precondition(entry.shape == tensor.shape, "\(entry.name): \(tensor.shape) where the header says \(entry.shape)")
        written += 1
        if entry.type == .f32 {
            try tensor.withUnsafeElements { try append(UnsafeRawBufferPointer($0)) }
        } else {
            try tensor.halfPrecision(entry.type).withUnsafeBytes { try append($0) }
        }
    }

    /// Gives the file its name once all tensors are there. Throws `InputError` (`.run`).
    public func commit() throws {
        precondition(written == entries.count, "fewer tensors than the header lists")
        try writer.commit()
    }

    private static func header(_ entries: [Entry], _ metadata: [String: String]) -> String {
        var notes = JSONObject()
        for name in metadata.keys.sorted() { notes[name] = metadata[name].map(JSONValue.string) }
        var fields = JSONObject()
        fields["__metadata__"] = .object(notes)
        var offset = 0
        for entry in entries {
            precondition(fields[entry.name] == nil, "two tensors of the name \(entry.name)")
            var record = JSONObject()
            record["dtype"] = .string(entry.type.rawValue.uppercased())
            record["shape"] = .array(entry.shape.dimensions.map { .number(String($0)) })
            record["data_offsets"] = .array([offset, offset + entry.byteCount].map { .number(String($0)) })
            fields[entry.name] = .object(record)
            offset += entry.byteCount
        }
        let text = JSONValue.object(fields).serialized(indented: false)
        return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    }

    /// Hands the bytes over in pieces, so that no second copy of a large tensor is made.
    private func append(_ bytes: UnsafeRawBufferPointer) throws {
        let piece = 1 << 20
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try writer.append(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
    }
}
