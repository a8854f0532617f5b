import Foundation

/// SHA-256 (FIPS 180-4), streaming: `update` any number of times, then `hexDigest()`.
public struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    public init() {}

    /// The digest of `data` as 64 lower-case hexadecimal digits.
    public static func hexDigest(of data: Data) -> String {
        var hash = SHA256()
        hash.update([UInt8](data))
        return hash.hexDigest()
    }

    /// The digest of a file, read in pieces. Throws `InputError` (`.data`) when the file cannot be read.
    public static func hexDigest(ofFileAt url: URL) throws -> String {
        var hash = SHA256()
        let reader = try ByteReader(contentsOf: url)
        while let chunk = try reader.next() { hash.update(chunk) }
        return hash.hexDigest()
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: [UInt8]) {
        byteCount &+= UInt64(bytes.count)
        var start = 0
        if !pending.isEmpty {
            start = min(64 - pending.count, bytes.count)
            pending.append(contentsOf: bytes[0..<start])
            guard pending.count == 64 else { return }
            Self.compress(&state, pending, 0, 1)
            pending.removeAll(keepingCapacity: true)
        }
        let blocks = (bytes.count - start) / 64
        Self.compress(&state, bytes, start, blocks)
        pending.append(contentsOf: bytes[(start + blocks * 64)...])
    }

    /// Ends the message and gives the digest as 64 lower-case hexadecimal digits. The value itself stays as it was.
    public func hexDigest() -> String {
        var words = state
        var tail = pending
        tail.append(0x80)
        while tail.count % 64 != 56 { tail.append(0) }
        let bitCount = byteCount &* 8
        for shift in stride(from: 56, through: 0, by: -8) { tail.append(UInt8(truncatingIfNeeded: bitCount >> shift)) }
        Self.compress(&words, tail, 0, tail.count / 64)
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        for word in words {
            for shift in stride(from: 28, through: 0, by: -4) { hex.append(digits[Int(word >> shift & 15)]) }
        }
        return String(decoding: hex, as: UTF8.self)
    }

    /// The eight working variables of one compression.
    private struct Working {
        var a, b, c, d, e, f, g, h: UInt32
    }

    /// FIPS 180-4 section 6.2.2 over `blocks` blocks of `bytes` from `start`. The sixteen live words of the schedule
    /// are local variables: as an array they cost a bounds check each and half of the speed.
    private static func compress(_ state: inout [UInt32], _ bytes: [UInt8], _ start: Int, _ blocks: Int) {
        var s = Working(
            a: state[0], b: state[1], c: state[2], d: state[3], e: state[4], f: state[5], g: state[6], h: state[7])
        let constants = roundConstants
        for block in 0..<blocks {
            let at = start + block * 64
            var w0 = word(bytes, at), w1 = word(bytes, at + 4), w2 = word(bytes, at + 8), w3 = word(bytes, at + 12)
            var w4 = word(bytes, at + 16), w5 = word(bytes, at + 20), w6 = word(bytes, at + 24)
            var w7 = word(bytes, at + 28), w8 = word(bytes, at + 32), w9 = word(bytes, at + 36)
            var w10 = word(bytes, at + 40), w11 = word(bytes, at + 44), w12 = word(bytes, at + 48)
            var w13 = word(bytes, at + 52), w14 = word(bytes, at + 56), w15 = word(bytes, at + 60)
            let before = s
            for group in 0..<4 {
                if group > 0 {
                    extend(&w0, w1, w9, w14)
                    extend(&w1, w2, w10, w15)
                    extend(&w2, w3, w11, w0)
                    extend(&w3, w4, w12, w1)
                    extend(&w4, w5, w13, w2)
                    extend(&w5, w6, w14, w3)
                    extend(&w6, w7, w15, w4)
                    extend(&w7, w8, w0, w5)
                    extend(&w8, w9, w1, w6)
                    extend(&w9, w10, w2, w7)
                    extend(&w10, w11, w3, w8)
                    extend(&w11, w12, w4, w9)
                    extend(&w12, w13, w5, w10)
                    extend(&w13, w14, w6, w11)
                    extend(&w14, w15, w7, w12)
                    extend(&w15, w0, w8, w13)
                }
                let k = constants[group]
                round(&s, k[0] &+ w0)
                round(&s, k[1] &+ w1)
                round(&s, k[2] &+ w2)
                round(&s, k[3] &+ w3)
                round(&s, k[4] &+ w4)
                round(&s, k[5] &+ w5)
                round(&s, k[6] &+ w6)
                round(&s, k[7] &+ w7)
                round(&s, k[8] &+ w8)
                round(&s, k[9] &+ w9)
                round(&s, k[10] &+ w10)
                round(&s, k[11] &+ w11)
                round(&s, k[12] &+ w12)
                round(&s, k[13] &+ w13)
                round(&s, k[14] &+ w14)
                round(&s, k[15] &+ w15)
            }
            s.a &+= before.a
            s.b &+= before.b
            s.c &+= before.c
            s.d &+= before.d
            s.e &+= before.e
            s.f &+= before.f
            s.g &+= before.g
            s.h &+= before.h
        }
        state = [s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h]
    }

    /// Four bytes from `at`, big-endian.
    @inline(__always)
    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
    }

    @inline(__always)
    private static func rotate(_ x: UInt32, _ count: UInt32) -> UInt32 { x &>> count | x &<< (32 &- count) }

    /// The message schedule: replaces W[t-16] by W[t], given W[t-15], W[t-7] and W[t-2].
    @inline(__always)
    private static func extend(_ w16: inout UInt32, _ w15: UInt32, _ w7: UInt32, _ w2: UInt32) {
        let sigma0 = rotate(w15, 7) ^ rotate(w15, 18) ^ w15 &>> 3
        let sigma1 = rotate(w2, 17) ^ rotate(w2, 19) ^ w2 &>> 10
        w16 = w16 &+ sigma0 &+ w7 &+ sigma1
    }

    /// One round; `input` is K[t] + W[t].
    @inline(__always)
    private static func round(_ s: inout Working, _ input: UInt32) {
        let sum1 = rotate(s.e, 6) ^ rotate(s.e, 11) ^ rotate(s.e, 25)
        let choice = (s.e & s.f) ^ (~s.e & s.g)
        let t1 = s.h &+ sum1 &+ choice &+ input
        let sum0 = rotate(s.a, 2) ^ rotate(s.a, 13) ^ rotate(s.a, 22)
        let majority = (s.a & s.b) ^ (s.a & s.c) ^ (s.b & s.c)
        s = Working(a: t1 &+ sum0 &+ majority, b: s.a, c: s.b, d: s.c, e: s.d &+ t1, f: s.e, g: s.f, h: s.g)
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, sixteen a vector.
    private static let roundConstants: [SIMD16<UInt32>] = [
        SIMD16(
            0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
            0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174),
        SIMD16(
            0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
            0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967),
        SIMD16(
            0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
            0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070),
        SIMD16(
            0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
            0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2),
    ]
}
