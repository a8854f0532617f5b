import InkSupport
import InkText

/// Features of a text for a linear model: character and word n-grams, hashed into 2^`bits` buckets (the hashing trick,
/// Weinberger et al. 2009).
///
/// Characters are code points. A word is a run of ASCII letters and digits, or one Chinese character, or with a
/// dictionary what `WordSegmenter` cuts Chinese text into; word n-grams go across what stands between words. A word
/// n-gram that is a character n-gram too, as in Chinese text without punctuation, gives one feature and not two.
public struct FeatureHashing: Sendable {
    /// Length of the shortest and longest character n-grams.
    public let characters: ClosedRange<Int>
    /// Length of the longest word n-grams; 0 for none.
    public let words: Int
    /// Logarithm to base 2 of the number of buckets.
    public let bits: Int
    /// Cuts Chinese text into words; nil where each character is one.
    let segmenter: WordSegmenter?

    /// - Parameter dictionary: the words of Chinese text; nil where each character is a word.
    /// - Throws: `InputError` (`.usage`) for n-grams above 5 characters or words, or bits outside 8 to 26.
    public init(
        characters: ClosedRange<Int> = 1...3, words: Int = 2, bits: Int = 20, dictionary: WordDictionary? = nil
    ) throws {
        guard characters.lowerBound >= 1, characters.upperBound <= 5 else {
            throw Self.outOfRange("character n-grams", "1 to 5 characters", "\(characters)")
        }
        guard (0...5).contains(words) else { throw Self.outOfRange("word n-grams", "0 to 5 words", "\(words)") }
        guard (8...26).contains(bits) else { throw Self.outOfRange("bits", "8 to 26", "\(bits)") }
        self.characters = characters
        self.words = words
        self.bits = bits
        segmenter = dictionary.map { WordSegmenter(dictionary: $0, ideographs: .all) }
    }

    /// Character n-grams of 1 to `longestCharacters`.
    /// - Throws: as with a range.
    public init(longestCharacters: Int, words: Int = 2, bits: Int = 20, dictionary: WordDictionary? = nil) throws {
        guard longestCharacters >= 1 else {
            throw Self.outOfRange("character n-grams", "1 to 5 characters", "\(longestCharacters)")
        }
        try self.init(characters: 1...longestCharacters, words: words, bits: bits, dictionary: dictionary)
    }

    /// The number of buckets.
    public var bucketCount: Int { 1 << bits }

    /// Adds the bucket of every n-gram of a text, in the order of the text; one that occurs twice is there twice.
    /// - Parameter utf8: valid UTF-8.
    public func append(_ utf8: [UInt8], to buckets: inout [UInt32]) {
        let longest = characters.upperBound
        let shortest = characters.lowerBound
        let shift = UInt64(64 - bits)
        // keys[n]: the hash of the last n characters. One longer grows out of the one before it.
        var keys = [UInt64](repeating: Self.characterSeed, count: longest + 1)
        var wordKeys = [UInt64](repeating: Self.wordSeed, count: words + 1)
        var (characterCount, wordCount) = (0, 0)
        // The ASCII word that is being read, and the length of the run of Chinese characters.
        var word: UInt64 = 0
        var isInWord = false
        var ideographs = 0
        let classes = Self.classes
        var position = 0

        func endWord(_ word: UInt64) {
            wordCount += 1
            for order in stride(from: words, to: 0, by: -1) {
                wordKeys[order] = Self.step(wordKeys[order - 1], word)
                let isCharacters = order <= ideographs && order <= longest && order >= shortest
                if order <= wordCount, !isCharacters { buckets.append(Self.bucket(wordKeys[order], shift)) }
            }
        }
        while position < utf8.count {
            let first = utf8[position]
            var code = UInt64(first)
            var kind = classes[Int(first)]
            if first < 0x80 {
                position += 1
            } else {
                (code, position) = Self.decode(utf8, position)
                kind = Self.isIdeograph(code) ? 2 : 0
            }
            characterCount += 1
            for order in stride(from: longest, to: 0, by: -1) {
                keys[order] = Self.step(keys[order - 1], code)
                if order <= characterCount, order >= shortest { buckets.append(Self.bucket(keys[order], shift)) }
            }
            if words == 0 || segmenter != nil { continue }
            if kind == 1 {
                word = Self.step(isInWord ? word : Self.letterSeed, code)
                isInWord = true
                ideographs = 0
                continue
            }
            if isInWord {
                endWord(word)
                isInWord = false
            }
            if kind == 2 {
                ideographs += 1
                endWord(code)
            } else {
                ideographs = 0
            }
        }
        if isInWord { endWord(word) }
        if let segmenter, words > 0 { appendWords(utf8, segmenter, &buckets) }
    }

    /// The n-grams of the words of a dictionary.
    private func appendWords(_ utf8: [UInt8], _ segmenter: WordSegmenter, _ buckets: inout [UInt32]) {
        let text = String(decoding: utf8, as: UTF8.self)
        let letters = text.unicodeScalars.map { UInt64($0.value) }
        let shift = UInt64(64 - bits)
        var keys = [UInt64](repeating: Self.wordSeed, count: words + 1)
        var count = 0
        for range in segmenter.ranges(of: text) {
            let first = letters[range.lowerBound]
            let isChinese = Self.isIdeograph(first)
            guard isChinese || (first < 0x80 && Self.classes[Int(first)] == 1) else { continue }
            let word = letters[range].reduce(isChinese ? Self.characterSeed : Self.letterSeed) { Self.step($0, $1) }
            count += 1
            for order in stride(from: words, to: 0, by: -1) {
                keys[order] = Self.step(keys[order - 1], word)
                let isCharacters = order == 1 && isChinese && characters.contains(range.count)
                if order <= count, !isCharacters { buckets.append(Self.bucket(keys[order], shift)) }
            }
        }
    }

    private static let characterSeed: UInt64 = 0x2545_F491_4F6C_DD1D
    private static let wordSeed: UInt64 = 0xD6E8_FEB8_6659_FD93
    private static let letterSeed: UInt64 = 0xA076_1D64_78BD_642F

    /// For each byte: 1 for an ASCII letter or digit.
    private static let classes: [UInt8] = (0..<256).map { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) ? 1 : 0
    }

    private static func isIdeograph(_ code: UInt64) -> Bool {
        (0x4E00...0x9FFF).contains(code) || (0x3400...0x4DBF).contains(code) || (0x20000...0x3FFFF).contains(code)
            || (0xF900...0xFAFF).contains(code)
    }

    @inline(__always) private static func step(_ key: UInt64, _ code: UInt64) -> UInt64 {
        let product = (key ^ code) &* 0x9E37_79B9_7F4A_7C15
        return product ^ (product >> 32)
    }

    @inline(__always) private static func bucket(_ key: UInt64, _ shift: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (key &* 0xC2B2_AE3D_27D4_EB4F) >> shift)
    }

    /// The code point of more than one byte at a place, and the place behind it.
    @inline(__always) private static func decode(_ utf8: [UInt8], _ at: Int) -> (UInt64, Int) {
        let first = UInt64(utf8[at])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard at + length <= utf8.count else { return (first, utf8.count) }
        let second = UInt64(utf8[at + 1] & 0x3F)
        if length == 2 { return ((first & 0x1F) << 6 | second, at + 2) }
        let third = UInt64(utf8[at + 2] & 0x3F)
        if length == 3 { return ((first & 0x0F) << 12 | second << 6 | third, at + 3) }
        return ((first & 0x07) << 18 | second << 12 | third << 6 | UInt64(utf8[at + 3] & 0x3F), at + 4)
    }

    private static func outOfRange(_ name: String, _ expected: String, _ found: String) -> InputError {
        InputError(.usage, at: name, "the value is out of range", expected: expected, found: found)
    }
}
