/// The units of a text that n-grams are counted in, as hashes with their places: each ideograph, kana and Hangul syllable
/// alone, letters and digits in words. Case and width do not matter; space, punctuation and symbols are passed over.
///
/// Holds its buffers: one for each thread.
struct TextUnits {
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The hash of each unit.
    private(set) var hashes: [UInt64] = []
    /// The bytes of each unit.
    private(set) var ranges: [Range<Int>] = []

    /// Takes the units of a text.
    /// - Parameter utf8: valid UTF-8.
    mutating func take(_ utf8: [UInt8]) {
        hashes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        let classes = Self.classes
        var position = 0
        var isInWord = false
        while position < utf8.count {
            let start = position
            let entry = classes[Self.point(utf8, &position)]
            guard entry != 0 else {
                isInWord = false
                continue
            }
            let letter = UInt64(entry & ~Self.alone)
            if entry & Self.alone != 0 {
                isInWord = false
                hashes.append(Hash64.mix(letter &+ Self.base))
                ranges.append(start..<position)
            } else if isInWord {
                hashes[hashes.count - 1] = Hash64.mix(hashes[hashes.count - 1] &* Self.base &+ letter)
                ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<position
            } else {
                isInWord = true
                hashes.append(Hash64.mix(letter &+ Self.base))
                ranges.append(start..<position)
            }
        }
    }

    /// Calls `body` with the hash, never 0, and the first unit of every run of `length` units.
    func forEachGram(_ length: Int, _ body: (UInt64, Int) throws -> Void) rethrows {
        guard hashes.count >= length else { return }
        let leaving = (0..<length).reduce(UInt64(1)) { power, _ in power &* Self.base }
        var window: UInt64 = 0
        for index in hashes.indices {
            window = window &* Self.base &+ hashes[index]
            if index >= length { window = window &- hashes[index - length] &* leaving }
            if index >= length - 1 { try body(max(1, Hash64.mix(window)), index - length + 1) }
        }
    }

    /// Marks what is a unit of its own.
    private static let alone: UInt32 = 1 << 31

    /// Of every code point: 0 when it is passed over, otherwise its lower-case half-width form, perhaps `alone`.
    private static let classes: [UInt32] = {
        var classes = [UInt32](repeating: 0, count: 0x11_0000)
        for value in UInt32(0)..<0x1_0000 {
            let folded = 0xFF01...0xFF5E ~= value ? value - 0xFEE0 : value
            guard let scalar = Unicode.Scalar(folded) else { continue }
            classes[Int(value)] = entry(of: scalar)
        }
        // The ideographs past the basic plane; its other letters are not of modern text.
        for value in UInt32(0x2_0000)..<0x3_2400 { classes[Int(value)] = value | alone }
        return classes
    }()

    private static func entry(of scalar: Unicode.Scalar) -> UInt32 {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A: return scalar.value
        case 0x41...0x5A: return scalar.value + 32
        case 0...0x7F: return 0
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF:
            return scalar.value | alone
        default:
            let properties = scalar.properties
            guard properties.isAlphabetic || properties.numericType != nil else { return 0 }
            let lower = properties.lowercaseMapping.unicodeScalars
            return lower.first.map(\.value) ?? scalar.value
        }
    }

    private static func point(_ utf8: [UInt8], _ position: inout Int) -> Int {
        let first = Int(utf8[position])
        position += 1
        if first < 0x80 { return first }
        var point = first < 0xE0 ? first & 0x1F : first < 0xF0 ? first & 0x0F : first & 0x07
        let length = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        for _ in 0..<length {
            point = point << 6 | Int(utf8[position]) & 0x3F
            position += 1
        }
        return point
    }
}
