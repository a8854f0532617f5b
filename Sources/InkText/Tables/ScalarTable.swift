/// A value for each Unicode scalar, in blocks of 256; blocks that hold nothing but the usual value share one.
struct ScalarTable: Sendable {
    /// For `value(of:_:_:)`: the block of each page of 256 scalars.
    private(set) var blocks: [UInt16]
    private(set) var values: [UInt32]

    /// A table in which every scalar has the value `usual`.
    init(usual: UInt32) {
        blocks = [UInt16](repeating: 0, count: 0x1100)
        values = [UInt32](repeating: usual, count: 256)
    }

    subscript(scalar: Unicode.Scalar) -> UInt32 {
        get { Self.value(of: scalar, blocks.span, values.span) }
        set {
            let page = Int(scalar.value >> 8)
            if blocks[page] == 0 {
                blocks[page] = UInt16(values.count >> 8)
                values.append(contentsOf: values[0..<256])
            }
            values[Int(blocks[page]) << 8 | Int(scalar.value & 0xFF)] = newValue
        }
    }

    /// The value of a scalar in a table's `blocks` and `values`, for loops that look up often.
    @inline(__always)
    static func value(
        of scalar: Unicode.Scalar, _ blocks: borrowing Span<UInt16>, _ values: borrowing Span<UInt32>
    ) -> UInt32 {
        values[Int(blocks[Int(scalar.value >> 8)]) << 8 | Int(scalar.value & 0xFF)]
    }
}
