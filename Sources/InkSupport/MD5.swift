/// MD5 (RFC 1321). For fingerprints that other programs compute as well; not against an adversary.
public enum MD5 {
    /// The digest as 16 bytes.
    public static func digest(of bytes: some Collection<UInt8>) -> [UInt8] {
        var message = Array(bytes)
        let bitCount = UInt64(message.count) &* 8
        message.append(0x80)
        message.append(contentsOf: repeatElement(0, count: (120 - message.count % 64) % 64))
        for shift in stride(from: 0, to: 64, by: 8) { message.append(UInt8(truncatingIfNeeded: bitCount >> shift)) }
        var state = State(a: 0x6745_2301, b: 0xefcd_ab89, c: 0x98ba_dcfe, d: 0x1032_5476)
        let (sines, shifts) = (sines, shifts)
        var words = [UInt32](repeating: 0, count: 16)
        for start in stride(from: 0, to: message.count, by: 64) {
            for index in 0..<16 { words[index] = word(message, start + 4 * index) }
            state.add(words, sines, shifts)
        }
        return [state.a, state.b, state.c, state.d].flatMap { word in
            stride(from: 0, to: 32, by: 8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// The digest as 32 lower-case hexadecimal digits.
    public static func hexDigest(of bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = digest(of: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: hex, as: UTF8.self)
    }

    private struct State {
        var a, b, c, d: UInt32

        /// RFC 1321 section 3.4 over one block.
        mutating func add(_ words: [UInt32], _ sines: [UInt32], _ shifts: [UInt32]) {
            let before = self
            for step in 0..<64 {
                let mixed: UInt32
                let place: Int
                switch step >> 4 {
                case 0: (mixed, place) = ((b & c) | (~b & d), step)
                case 1: (mixed, place) = ((b & d) | (c & ~d), (5 * step + 1) & 15)
                case 2: (mixed, place) = (b ^ c ^ d, (3 * step + 5) & 15)
                default: (mixed, place) = (c ^ (b | ~d), (7 * step) & 15)
                }
                let sum = a &+ mixed &+ words[place] &+ sines[step]
                let shift = shifts[(step >> 4) * 4 + step & 3]
                self = State(a: d, b: b &+ (sum &<< shift | sum &>> (32 &- shift)), c: b, d: c)
            }
            a &+= before.a
            b &+= before.b
            c &+= before.c
            d &+= before.d
        }
    }

    /// Four bytes from `at`, little-endian.
    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }

    /// Rotations: four of each round.
    private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

    /// The whole part of 2³² · |sin(step)| for the steps 1 to 64.
    private static let sines: [UInt32] = [
        0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
        0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
        0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
        0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
        0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
        0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
        0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
        0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
    ]
}
