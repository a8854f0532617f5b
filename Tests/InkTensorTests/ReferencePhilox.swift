/// Philox 4×32-10 as in Salmon et al. 2011, and the engine's assignment of its words to matrix elements.
enum ReferencePhilox {
    static func block(counter: [UInt32], key: [UInt32]) -> [UInt32] {
        var (c, k) = (counter, key)
        for _ in 0..<10 {
            let first = UInt64(c[0]) * 0xd251_1f53
            let second = UInt64(c[2]) * 0xcd9e_8d57
            c = [
                UInt32(second >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: second),
                UInt32(first >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: first),
            ]
            k = [k[0] &+ 0x9e37_79b9, k[1] &+ 0xbb67_ae85]
        }
        return c
    }

    static func word(seed: UInt64, stream: UInt64, row: Int, column: Int) -> UInt32 {
        func halves(_ value: UInt64) -> [UInt32] {
            [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
        }
        let counter = [UInt32(16 * (column / 64) + column % 16), UInt32(row)] + halves(stream)
        return block(counter: counter, key: halves(seed))[column % 64 / 16]
    }

    /// What dropout multiplies element (row, column) by.
    static func dropoutFactor(
        seed: UInt64, stream: UInt64, row: Int, column: Int, probability: Double
    ) -> Double {
        let word = word(seed: seed, stream: stream, row: row, column: column)
        return Double(word) >= probability * 0x1p32 ? 1 / (1 - probability) : 0
    }
}
