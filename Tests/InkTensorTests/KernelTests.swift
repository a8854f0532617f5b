import CInkKernels
import Foundation
import Testing

/// Maps, random numbers, conversions and copies, of every instruction set, against plain loops in Double.
@Suite struct KernelTests {
    private static let lengths = [0, 1, 7, 13, 16, 26, 33, 65, 312]

    private static func activation(_ kind: ink_activation, _ x: Double) -> Double {
        switch kind {
        case INK_RELU: max(0, x)
        case INK_GELU: x * 0.5 * erfc(-x / 2.0.squareRoot())
        case INK_GELU_TANH: x * 0.5 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        case INK_TANH: tanh(x)
        case INK_SIGMOID: 1 / (1 + exp(-x))
        case INK_SILU: x / (1 + exp(-x))
        default: x
        }
    }

    private static let activations = [
        INK_IDENTITY, INK_RELU, INK_GELU, INK_GELU_TANH, INK_TANH, INK_SIGMOID, INK_SILU,
    ]

    @Test(arguments: KernelSet.supported)
    func activationsAndSlopes(set: KernelSet) {
        let x = stride(from: Float(-12), through: 12, by: 0.0371).map { $0 }
        let dy = x.map { 1 + $0 / 8 }
        for kind in Self.activations {
            var y = [Float](repeating: 0, count: x.count)
            var dx = y
            set.use {
                ink_activation_forward(kind, x, &y, Int64(x.count))
                ink_activation_backward(kind, x, dy, &dx, Int64(x.count))
            }
            for index in x.indices {
                let at = Double(x[index])
                #expect(abs(Double(y[index]) - Self.activation(kind, at)) <= 3e-7 * max(1, abs(at)))
                let step = 1e-4
                let slope = (Self.activation(kind, at + step) - Self.activation(kind, at - step)) / (2 * step)
                if kind == INK_RELU && abs(at) < 1e-3 { continue }
                #expect(abs(Double(dx[index]) - slope * Double(dy[index])) <= 4e-6)
            }
        }
    }

    @Test(arguments: KernelSet.supported)
    func extremeActivationArguments(set: KernelSet) {
        let x: [Float] = [-1e30, -200, -88, 88, 200, 1e30, .infinity, .nan]
        for kind in Self.activations {
            var y = [Float](repeating: 0, count: x.count)
            set.use { ink_activation_forward(kind, x, &y, Int64(x.count)) }
            #expect(y[7].isNaN)
            for index in 0..<6 {
                let expected = Self.activation(kind, Double(x[index]))
                #expect(abs(Double(y[index]) - expected) <= 1e-6 * max(1e-30, abs(expected)) + 1e-36)
            }
        }
    }

    @Test(arguments: KernelSet.supported)
    func maps(set: KernelSet) {
        var random = KernelRandom(3)
        for length in Self.lengths + [40_000] {
            let (a, b) = (random.floats(length), random.floats(length))
            let count = Int64(length)
            var sum = a
            var product = a
            var scaled = a
            var added = b
            var filled = a
            set.use {
                ink_add(a, b, &sum, count)
                ink_multiply(a, b, &product, count)
                ink_scale(a, 1.5, &scaled, count)
                ink_add_scaled(a, -0.5, &added, count)
                ink_fill(&filled, 2.25, count)
            }
            #expect(sum == zip(a, b).map(+))
            #expect(product == zip(a, b).map(*))
            #expect(scaled == a.map { $0 * 1.5 })
            #expect(largestDifference(added, zip(a, b).map { Double($1) - 0.5 * Double($0) }) <= 3e-7)
            #expect(filled == [Float](repeating: 2.25, count: length))
        }
    }

    @Test(arguments: KernelSet.supported)
    func copiesAndTransposes(set: KernelSet) {
        var random = KernelRandom(4)
        for (rows, columns) in [(0, 5), (1, 1), (3, 7), (17, 33), (26, 16), (70, 13)] {
            let (xStride, yStride) = (columns + 3, columns + 5)
            let x = random.floats(rows * xStride)
            let before = random.floats(rows * yStride)
            var (copied, added) = (before, before)
            let dense = random.floats(rows * columns)
            var transposed = [Float](repeating: 0, count: rows * columns)
            set.use {
                ink_copy_matrix(
                    x, Int64(xStride), &copied, Int64(yStride), Int64(rows), Int64(columns), false)
                ink_copy_matrix(x, Int64(xStride), &added, Int64(yStride), Int64(rows), Int64(columns), true)
                ink_transpose(dense, &transposed, Int64(rows), Int64(columns))
            }
            for row in 0..<rows {
                for column in 0..<yStride {
                    let at = row * yStride + column
                    let inside = column < columns
                    #expect(copied[at] == (inside ? x[row * xStride + column] : before[at]))
                    #expect(added[at] == (inside ? before[at] + x[row * xStride + column] : before[at]))
                    if inside { #expect(transposed[column * rows + row] == dense[row * columns + column]) }
                }
            }
        }
    }

    /// Word i of the block with the given counter and key, by the definition of Philox 4x32-10.
    private static func philox(counter: [UInt32], key: [UInt32]) -> [UInt32] {
        var (counter, key) = (counter, key)
        for _ in 0..<10 {
            let first = UInt64(counter[0]) * 0xD251_1F53
            let second = UInt64(counter[2]) * 0xCD9E_8D57
            counter = [
                UInt32(second >> 32) ^ counter[1] ^ key[0], UInt32(truncatingIfNeeded: second),
                UInt32(first >> 32) ^ counter[3] ^ key[1], UInt32(truncatingIfNeeded: first),
            ]
            key = [key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85]
        }
        return counter
    }

    @Test(arguments: KernelSet.supported)
    func philox(set: KernelSet) {
        // The known answer of the authors' test vectors for a zero counter and key.
        #expect(
            Self.philox(counter: [0, 0, 0, 0], key: [0, 0]) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
        let (seed, stream, row) = (UInt64(0x1234_5678_9ABC_DEF0), UInt64(0xFEDC_BA98_0000_0007), UInt32(77))
        for columns in [1, 15, 16, 17, 63, 64, 65, 150] {
            var zero = [UInt32](repeating: 0, count: columns)
            var words = zero
            set.use {
                ink_philox_row(0, 0, 0, Int64(columns), &zero)
                ink_philox_row(seed, stream, row, Int64(columns), &words)
            }
            #expect(zero[0] == 0x6627_E8D5)
            if columns > 48 { #expect([zero[16], zero[32], zero[48]] == [0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]) }
            for column in 0..<columns {
                let block = Self.philox(
                    counter: [
                        UInt32(16 * (column / 64) + column % 16), row, UInt32(truncatingIfNeeded: stream),
                        UInt32(stream >> 32),
                    ], key: [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
                #expect(words[column] == block[column % 64 / 16])
            }
        }
    }

    @Test(arguments: KernelSet.supported)
    func dropout(set: KernelSet) {
        let (rows, columns) = (5, 70)
        let x = [Float](repeating: 3, count: rows * columns)
        let dropout = ink_dropout(seed: 8, stream: 2, probability: 0.25)
        var y = x
        set.use { ink_dropout_apply(x, &y, Int64(rows), Int64(columns), dropout) }
        for row in 0..<rows {
            var words = [UInt32](repeating: 0, count: columns)
            ink_philox_row(8, 2, UInt32(row), Int64(columns), &words)
            for column in 0..<columns {
                #expect(abs(y[row * columns + column] - (words[column] >= 1 << 30 ? 4 : 0)) < 1e-6)
            }
        }
        var same = [Float](repeating: 0, count: rows * columns)
        let none = ink_dropout(seed: 8, stream: 2, probability: 0)
        set.use { ink_dropout_apply(x, &same, Int64(rows), Int64(columns), none) }
        #expect(same == x)
    }

    @Test(arguments: KernelSet.supported)
    func halfPrecision(set: KernelSet) {
        let every = (0...UInt16.max).map { $0 }
        var floats = [Float](repeating: 0, count: every.count)
        var back = every
        set.use {
            ink_f16_to_f32(every, &floats, Int64(every.count))
            ink_f32_to_f16(floats, &back, Int64(every.count))
        }
        for (bits, value) in zip(every, floats) {
            let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
            let sign = bits >> 15 == 1 ? -1.0 : 1.0
            if exponent == 31 {
                #expect(fraction == 0 ? value == Float(sign) * .infinity : value.isNaN)
            } else {
                let size = exponent == 0 ? fraction * exp2(-24) : (1024 + fraction) * exp2(Double(exponent - 25))
                #expect(Double(value) == sign * size)
                #expect(back[Int(bits)] == bits)
            }
        }
        // Halfway between neighbours to the even one; overflow; below the smallest.
        let hard: [Float] = [1 + 0x1p-11, 1 + 3 * 0x1p-11, 65519, 65520, 0x1p-25, 0x1.8p-25, -0x1p-26, 1e-8, 1e30]
        var found = [UInt16](repeating: 0, count: hard.count)
        set.use { ink_f32_to_f16(hard, &found, Int64(hard.count)) }
        #expect(found == [0x3C00, 0x3C02, 0x7BFF, 0x7C00, 0, 1, 0x8000, 0, 0x7C00])
    }

    @Test(arguments: KernelSet.supported)
    func brainFloat(set: KernelSet) {
        let values: [Float] = [0, 1, -2.5, 1 + 0x1p-8, 1 + 3 * 0x1p-8, 3.4e38, -.infinity, 0x1p-133]
        var bits = [UInt16](repeating: 0, count: values.count)
        var floats = [Float](repeating: 0, count: values.count)
        set.use {
            ink_f32_to_bf16(values, &bits, Int64(values.count))
            ink_bf16_to_f32(bits, &floats, Int64(values.count))
        }
        #expect(bits[3] == 0x3F80 && bits[4] == 0x3F82 && floats[5] == .infinity && floats[6] == -.infinity)
        #expect(floats[0..<3] == [0, 1, -2.5])
        var notANumber = [UInt16](repeating: 0, count: 1)
        set.use { ink_f32_to_bf16([Float.nan], &notANumber, 1) }
        #expect(Float(bitPattern: UInt32(notANumber[0]) << 16).isNaN)
    }
}
