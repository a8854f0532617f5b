import InkTensor
import InkTestSupport
import Testing

@Suite("Tensors")
struct TensorTests {
    @Test("Extents of shapes")
    func shapes() {
        let shape: Shape = [2, 3, 4]
        #expect((shape.rank, shape.count, shape.rows, shape.columns, shape[1]) == (3, 24, 6, 4, 3))
        let scalar: Shape = []
        #expect((scalar.rank, scalar.count, scalar.rows, scalar.columns) == (0, 1, 1, 1))
        #expect(Shape([5, 0]).count == 0 && Shape([7]).rows == 1)
        #expect(shape.description == "[2, 3, 4]")
    }

    @Test("Values go in and come out")
    func values() {
        let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
        #expect(x.values == [1, 2, 3, 4, 5, 6] && x.row(1) == [4, 5, 6])
        #expect(Tensor(repeating: 2.5, shape: [3]).values == [2.5, 2.5, 2.5])
        #expect(Tensor([7], shape: []).scalar == 7)
        #expect(Tensor([], shape: [0, 4]).values.isEmpty)
        let filled = Tensor(shape: [4]) { buffer in
            for index in buffer.indices { buffer[index] = Float(index * index) }
        }
        #expect(filled.values == [0, 1, 4, 9])
        #expect("\(Tensor([1, 2], shape: [2]))" == "Tensor[2][1.0, 2.0]")
    }

    /// Values that are exact, that lie half-way between two neighbours, that overflow, and that become subnormal.
    @Test("Half precision rounds to nearest even")
    func halfPrecision() {
        let values: [Float] =
            [0, -0.0, 1, -2, 65504, 65520, 1e9, -1e9, 0x1p-14, 0x1p-24, 0x1.8p-24, 0x1p-26, 0.1]
            + [1 + 0x1p-11, 1 + 0x3p-11, .infinity]
        let x = Tensor(values, shape: [values.count])
        let halves = x.halfPrecision(.f16)
        #expect(halves == values.map { Float16($0).bitPattern })

        let brains = x.halfPrecision(.bf16)
        for (value, brain) in zip(values, brains) {
            let bits = UInt64(value.bitPattern)
            let (upper, lower) = (bits >> 16, bits & 0xffff)
            let up = lower > 0x8000 || (lower == 0x8000 && upper & 1 == 1)
            #expect(brain == UInt16(upper + (up ? 1 : 0)), "\(value)")
        }

        for (type, stored) in [(DType.f16, halves), (.bf16, brains)] {
            let back = stored.withUnsafeBytes { bytes -> [Float] in
                guard let address = bytes.baseAddress else { return [] }
                return Tensor(converting: address, from: type, shape: x.shape).values
            }
            let expected = stored.map { bits in
                type == .f16 ? Float(Float16(bitPattern: bits)) : Float(bitPattern: UInt32(bits) << 16)
            }
            #expect(back == expected)
        }
    }

    @Test("Not a number stays so in half precision", arguments: [DType.f16, .bf16])
    func halfPrecisionNaN(type: DType) {
        // The second has its payload in the low bits only, which a cut would turn into infinity.
        for value in [Float.nan, Float(bitPattern: 0x7f80_0001)] {
            let stored = Tensor([value], shape: [1]).halfPrecision(type)
            let back = stored.withUnsafeBytes { bytes in
                bytes.baseAddress.map { Tensor(converting: $0, from: type, shape: [1]).scalar }
            }
            #expect(back?.isNaN == true)
        }
    }

    @Test("Every 16-bit pattern converts")
    func allPatterns() {
        let patterns = (0...UInt16.max).map { $0 }
        let converted = patterns.withUnsafeBytes { bytes -> [Float] in
            guard let address = bytes.baseAddress else { return [] }
            return Tensor(converting: address, from: .f16, shape: [patterns.count]).values
        }
        var different = 0
        for (pattern, value) in zip(patterns, converted) {
            let expected = Float(Float16(bitPattern: pattern))
            if value != expected && !(value.isNaN && expected.isNaN) { different += 1 }
        }
        #expect(converted.count == 65536 && different == 0)
    }

    @Test("Rows of packed sequences")
    func sequenceLayout() {
        let layout = SequenceLayout(lengths: [2, 0, 3])
        #expect(layout.starts == [0, 2, 2, 5] && layout.lengths == [2, 0, 3])
        #expect((layout.count, layout.tokens, layout.longest) == (3, 5, 3))
        #expect(layout.rows(of: 2) == 2..<5 && layout.firstRows == [0, 2, 2])
        #expect(layout.positions == [0, 1, 0, 1, 2])
        let empty = SequenceLayout(lengths: [])
        #expect((empty.count, empty.tokens, empty.longest) == (0, 0, 0))
    }
}
