/// A fast hash of bytes, the same on every machine: multiply and fold 128 bits, 16 bytes at a time.
///
/// For tables, signatures and seeded choices; not against an adversary.
public enum Hash64 {
    private static let a: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let b: UInt64 = 0xC2B2_AE3D_27D4_EB4F

    /// The hash of bytes.
    public static func of(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 { of(bytes[...], seed: seed) }

    /// The hash of a part of bytes.
    public static func of(_ bytes: ArraySlice<UInt8>, seed: UInt64 = 0) -> UInt64 {
        var state = fold(seed ^ a, UInt64(bytes.count) ^ b)
        var position = bytes.startIndex
        while bytes.endIndex - position >= 16 {
            state = fold(state ^ word(bytes, position), a ^ word(bytes, position + 8))
            position += 16
        }
        var low: UInt64 = 0
        var high: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.endIndex {
            let byte = UInt64(bytes[position])
            if shift < 64 { low |= byte << shift } else { high |= byte << (shift - 64) }
            shift += 8
            position += 1
        }
        return mix(fold(state ^ low, b ^ high))
    }

    /// The hash of a number.
    @inlinable public static func of(_ value: UInt64, seed: UInt64 = 0) -> UInt64 {
        mix(value &+ 0x9E37_79B9_7F4A_7C15 &+ mix(seed))
    }

    /// Spreads every bit of a number over all bits (the finaliser of SplitMix64, Steele et al. 2014).
    @inlinable public static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, 1 of a hash.
    @inlinable public static func unit(_ hash: UInt64) -> Double { Double(hash >> 11) * 0x1p-53 }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ position: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<8 { word |= UInt64(bytes[position + index]) << (8 * UInt64(index)) }
        return word
    }
}
