import InkSupport
import InkTensor

extension AtomicFileWriter {
    /// Adds the elements of a tensor as f32, little-endian. Throws as `append(_:)` of bytes.
    func append(elementsOf tensor: Tensor) throws {
        try tensor.withUnsafeElements { try append(UnsafeRawBufferPointer($0)) }
    }

    /// Adds bytes in pieces, so that no second copy of a large tensor is made. Throws as `append(_:)` of bytes.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        let piece = 1 << 20
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try append(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
    }
}
