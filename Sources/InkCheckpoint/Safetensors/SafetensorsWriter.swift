import Foundation
import InkSupport
import InkTensor

/// Writes safetensors files, atomically: a reader finds the old file or the whole new one.
///
/// Tensors are laid out by decreasing element size, then by name, as the format's reference implementation does, and
/// the header is padded so that they start at a multiple of eight bytes: what this writes is used in place when read.
public enum SafetensorsWriter {
    /// A tensor to be written under a name.
    public struct Item: Sendable {
        public let name: String
        public let tensor: Tensor
        public let type: DType

        /// `type` is `f32`, or `f16` or `bf16`, to which the elements are rounded.
        public init(_ name: String, _ tensor: Tensor, as type: DType = .f32) {
            precondition(type == .f32 || type == .f16 || type == .bf16, "no type of written weights: \(type)")
            self.name = name
            self.tensor = tensor
            self.type = type
        }

        var byteCount: Int { tensor.count * type.size }
    }

    /// Writes `items` to `url`. Their names must differ.
    ///
    /// `metadata` becomes the header's `__metadata__`; readers of the field ask for `format`. Throws `InputError` of
    /// kind `.run` where writing fails (a full disk); the old file is then untouched.
    public static func write(_ items: [Item], to url: URL, metadata: [String: String] = ["format": "pt"]) throws {
        let ordered = items.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
        let header = header(ordered, metadata)
        let writer = try AtomicFileWriter(url)
        try writer.append(withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8)
        for item in ordered { try append(item, to: writer) }
        try writer.commit()
    }

    private static func header(_ items: [Item], _ metadata: [String: String]) -> String {
        var notes = JSONObject()
        for name in metadata.keys.sorted() { notes[name] = metadata[name].map(JSONValue.string) }
        var fields = JSONObject()
        fields["__metadata__"] = .object(notes)
        var offset = 0
        for item in items {
            precondition(fields[item.name] == nil, "two tensors of the name \(item.name)")
            var record = JSONObject()
            record["dtype"] = .string(item.type.rawValue.uppercased())
            record["shape"] = .array(item.tensor.shape.dimensions.map { .number(String($0)) })
            record["data_offsets"] = .array([offset, offset + item.byteCount].map { .number(String($0)) })
            fields[item.name] = .object(record)
            offset += item.byteCount
        }
        let text = JSONValue.object(fields).serialized(indented: false)
        return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    }

    private static func append(_ item: Item, to writer: AtomicFileWriter) throws {
        if item.type == .f32 {
            try item.tensor.withUnsafeElements { try append(UnsafeRawBufferPointer($0), to: writer) }
        } else {
            try item.tensor.halfPrecision(item.type).withUnsafeBytes { try append($0, to: writer) }
        }
    }

    /// Hands the bytes over in pieces, so that no second copy of a large tensor is made.
    private static func append(_ bytes: UnsafeRawBufferPointer, to writer: AtomicFileWriter) throws {
        let piece = 1 << 20
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try writer.append(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
    }
}
