/// The shingles of texts: every run of so many code points, as a 64-bit hash. A shorter text is one shingle, an empty
/// one has none.
///
/// Holds its buffers: one for each thread.
struct Shingles {
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

    private let length: Int
    /// The base to the power of `length`, with which the code point that leaves a window counts.
    private let leaving: UInt64
    private var points: [UInt64] = []
    /// The hashes of the last text, in order, with repetitions.
    private(set) var hashes: [UInt64] = []

    init(length: Int) {
        self.length = length
        leaving = (0..<length).reduce(UInt64(1)) { power, _ in power &* Self.base }
    }

    /// Takes the shingles of a text.
    mutating func take(_ utf8: [UInt8]) {
        decode(utf8)
        hashes.removeAll(keepingCapacity: true)
        var window: UInt64 = 0
        if points.count < length {
            if points.isEmpty { return }
            for point in points { window = window &* Self.base &+ point }
            hashes.append(Hash64.mix(window))
            return
        }
        for index in points.indices {
            window = window &* Self.base &+ points[index]
            if index >= length { window = window &- points[index - length] &* leaving }
            if index >= length - 1 { hashes.append(Hash64.mix(window)) }
        }
    }

    /// The hashes of a text, in ascending order, each once.
    mutating func sortedSet(_ utf8: [UInt8]) -> [UInt64] {
        take(utf8)
        hashes.sort()
        var set: [UInt64] = []
        set.reserveCapacity(hashes.count)
        for hash in hashes where hash != set.last { set.append(hash) }
        return set
    }

    /// The share of what two ascending sets have in common; of two empty sets, 1.
    static func jaccard(_ one: [UInt64], _ other: [UInt64]) -> Double {
        var (first, second, common) = (0, 0, 0)
        while first < one.count, second < other.count {
            if one[first] == other[second] {
                common += 1
                first += 1
                second += 1
            } else if one[first] < other[second] {
                first += 1
            } else {
                second += 1
            }
        }
        let all = one.count + other.count - common
        return all == 0 ? 1 : Double(common) / Double(all)
    }

    /// Takes the code points of valid UTF-8, told by the first byte of each.
    private mutating func decode(_ utf8: [UInt8]) {
        points.removeAll(keepingCapacity: true)
        points.reserveCapacity(utf8.count)
        var position = 0
        while position < utf8.count {
            let first = UInt64(utf8[position])
            if first < 0x80 {
                points.append(first)
                position += 1
                continue
            }
            let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            var point = first & (0xFF >> UInt64(length + 1))
            for byte in utf8[(position + 1)..<min(position + length, utf8.count)] {
                point = point << 6 | UInt64(byte & 0x3F)
            }
            points.append(point)
            position += length
        }
    }
}
