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
        /// The key in the file.
        public let name: String
        /// The values.
        public let tensor: Tensor
        /// The type they are rounded to.
        public let type: DType

        /// `type` is `f32`, or `f16` or `bf16`, to which the elements are rounded.
        public init(_ name: String, _ tensor: Tensor, as type: DType = .f32) {
            precondition(type == .f32 || type == .f16 || type == .bf16, "no type of written weights: \(type)")
            self.name = name
            self.tensor = tensor
            self.type = type
        }
    }

    /// Writes `items` to `url`. Their names must differ.
    ///
    /// `metadata` becomes the header's `__metadata__`; readers of the field ask for `format`. Throws `InputError` of
    /// kind `.run` where writing fails (a full disk); the old file is then untouched.
    /// With `checksum`, for which all items are `f32`, the header also has a checksum of the contents, which
    /// `Checkpoint.verifyChecksum` compares.
    public static func write(
        _ items: [Item], to url: URL, metadata: [String: String] = ["format": "pt"], checksum: Bool = false
    ) throws {
        let ordered = items.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
        var metadata = metadata
        if checksum {
            precondition(ordered.allSatisfy { $0.type == .f32 }, "only the checksum of f32 is known before writing")
            let parts = ordered.map { SafetensorsChecksum.Part(name: $0.name, type: $0.type, shape: $0.tensor.shape) }
            metadata[SafetensorsChecksum.note] = try SafetensorsChecksum.of(metadata, parts) { part, range in
                ordered[part].tensor.withUnsafeElements { Array(UnsafeRawBufferPointer($0)[range]) }
            }
        }
        let stream = try SafetensorsStream(
            ordered.map { .init(name: $0.name, shape: $0.tensor.shape, type: $0.type) }, to: url, metadata: metadata)
        for item in ordered { try stream.append(item.tensor) }
        try stream.commit()
    }
}
