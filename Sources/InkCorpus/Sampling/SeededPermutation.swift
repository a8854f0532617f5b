/// A shuffled order of the numbers from 0 up to a count, without a table: O(1) memory and O(1) time for each place.
///
/// A Feistel network of eight rounds permutes the next power of four, and a number that falls outside is permuted again
/// until it falls inside (cycle walking; Black and Rogaway 2002, "Ciphers with Arbitrary Finite Domains").
public struct SeededPermutation: Hashable, Sendable {
    /// How many numbers there are.
    public let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]

    /// - Parameter count: 0 or more; a negative count is taken as 0.
    public init(count: Int, seed: UInt64) {
        self.count = max(0, count)
        let bits = self.count < 2 ? 1 : UInt64(Int.bitWidth - (self.count - 1).leadingZeroBitCount)
        halfBits = (bits + 1) / 2
        keys = (0..<8).map { Hash64.of($0, seed: seed) }
    }

    /// The number at a place of the order. The place must lie in `0..<count`.
    public subscript(place: Int) -> Int {
        precondition(place >= 0 && place < count, "a place of the permutation")
        var value = UInt64(place)
        repeat { value = permute(value) } while value >= UInt64(count)
        return Int(value)
    }

    private func permute(_ value: UInt64) -> UInt64 {
        let mask = (1 as UInt64) << halfBits - 1
        var (left, right) = (value >> halfBits, value & mask)
        for key in keys { (left, right) = (right, left ^ (Hash64.mix(right ^ key) & mask)) }
        return left << halfBits | right
    }
}
