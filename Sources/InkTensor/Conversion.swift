import CInkKernels

/// Conversion between `f32` and the storage types of files.
extension Tensor {
    /// Makes an `f32` tensor of 16-bit floating-point elements at `address`, which need not be aligned for more than
    /// two bytes.
    package init(converting address: UnsafeRawPointer, from type: DType, shape: Shape) {
        precondition(type == .f16 || type == .bf16, "no 16-bit floating-point type: \(type)")
        self.init(uninitialized: shape)
        let source = address.assumingMemoryBound(to: UInt16.self)
        if type == .f16 {
            ink_f16_to_f32(source, pointer, Int64(count))
        } else {
            ink_bf16_to_f32(source, pointer, Int64(count))
        }
    }

    /// The elements rounded to `f16` or `bf16` (to nearest even).
    public func halfPrecision(_ type: DType) -> [UInt16] {
        precondition(type == .f16 || type == .bf16, "no 16-bit floating-point type: \(type)")
        return [UInt16](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress {
                if type == .f16 {
                    ink_f32_to_f16(pointer, base, Int64(count))
                } else {
                    ink_f32_to_bf16(pointer, base, Int64(count))
                }
            }
            initialized = count
        }
    }
}
