/// A value for each Unicode scalar, in blocks of 256; blocks that hold nothing but the usual value share one.
struct ScalarTable: Sendable {
    private var blockOfPage: [UInt16]
    private var values: [UInt32]

    /// A table in which every scalar has the value `usual`.
    init(usual: UInt32) {
        blockOfPage = [UInt16](repeating: 0, count: 0x1100)
        values = [UInt32](repeating: usual, count: 256)
    }

    subscript(scalar: Unicode.Scalar) -> UInt32 {
        @inline(__always)
        get {
            values[Int(blockOfPage[Int(scalar.value >> 8)]) << 8 | Int(scalar.value & 0xFF)]
        }
        set {
            let page = Int(scalar.value >> 8)
            if blockOfPage[page] == 0 {
                blockOfPage[page] = UInt16(values.count >> 8)
                values.append(contentsOf: values[0..<256])
            }
            values[Int(blockOfPage[page]) << 8 | Int(scalar.value & 0xFF)] = newValue
        }
    }
}
