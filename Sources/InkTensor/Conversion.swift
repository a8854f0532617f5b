import CInkKernels

/// Conversion between `f32` and the storage types of files.
extension Tensor {
    /// Makes an `f32` tensor of 16-bit floating-point elements at `address`, which need not be aligned for more than
    /// two bytes.
    package init(converting address: UnsafeRawPointer, from type: DType, shape: Shape) {
        precondition(type == .f16 || type == .bf16, "no 16-bit floating-point type: \(type)")
        self.init(uninitialized: shape)
        Self.convert(
            UnsafeBufferPointer(start: address.assumingMemoryBound(to: UInt16.self), count: count), from: type,
            into: UnsafeMutableBufferPointer(start: pointer, count: count))
    }

    /// Writes the values of 16-bit floating-point elements to `output`, which has room for as many.
    package static func convert(
        _ source: UnsafeBufferPointer<UInt16>, from type: DType, into output: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(output.count >= source.count, "room for all elements")
        guard let address = source.baseAddress, let target = output.baseAddress else { return }
        if type == .f16 {
            ink_f16_to_f32(address, target, Int64(source.count))
        } else {
            ink_bf16_to_f32(address, target, Int64(source.count))
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
