import InkSupport

/// Cuts Chinese text into words by a dictionary, and by a hidden Markov model where the dictionary knows nothing.
///
/// Of all ways to cover a text with words of the dictionary the likeliest is taken. Given the same dictionary and the
/// same model the words are those of jieba 0.42.1 in each mode, with two exceptions in `Mode.full`: see there.
///
/// A value is immutable and may be used from many tasks at once; copies share their tables.
public struct WordSegmenter: Sendable {
    /// How a text is cut.
    public enum Mode: String, CaseIterable, Sendable {
        /// The likeliest words, which together are the text. jieba's `cut`.
        case precise
        /// Every word of the dictionary that stands in the text. jieba's `cut(cut_all=True)`, less the empty words that
        /// it gives around white space; Latin letters between which a longer word stands are not joined.
        case full
        /// As `precise`, and before each word of three letters or more the words of two and three letters inside it.
        /// jieba's `cut_for_search`.
        case search
    }

    /// Which characters can be part of a Chinese word; all others stand alone.
    public enum Ideographs: Sendable {
        /// U+4E00–U+9FD5, as in jieba.
        case common
        /// The extensions and compatibility ideographs too, as in jieba-rs, which RoFormer's tokenizer uses.
        case all
    }

    /// The words and their frequencies.
    public let dictionary: WordDictionary
    /// Puts letters together that are left over; nil leaves them single.
    public let boundaryModel: WordBoundaryModel?
    /// Which characters can be part of a Chinese word.
    public let ideographs: Ideographs

    public init(
        dictionary: WordDictionary, boundaryModel: WordBoundaryModel? = nil, ideographs: Ideographs = .common
    ) {
        self.dictionary = dictionary
        self.boundaryModel = boundaryModel
        self.ideographs = ideographs
    }

    /// The words of a text.
    public func words(of text: String, mode: Mode = .precise) -> [String] {
        var scratch = Scratch()
        return words(of: text, mode, &scratch)
    }

    /// Where the words of a text stand, in Unicode scalars. In `Mode.precise` they follow each other without gaps.
    public func ranges(of text: String, mode: Mode = .precise) -> [Range<Int>] {
        var scratch = Scratch()
        segment(text, mode, &scratch)
        return scratch.words
    }

    /// The words of many texts, with `threads` threads at work (nil: all cores). Order is kept.
    public func words(of texts: [String], mode: Mode = .precise, threads: Int? = nil) -> [[String]] {
        batch(texts, threads) { words(of: $0, mode, &$1) }
    }

    /// Where the words of many texts stand, as `ranges(of:mode:)`.
    public func ranges(of texts: [String], mode: Mode = .precise, threads: Int? = nil) -> [[Range<Int>]] {
        batch(texts, threads) { text, scratch in
            segment(text, mode, &scratch)
            return scratch.words
        }
    }

    private func batch<Result: Sendable>(
        _ texts: [String], _ threads: Int?, _ work: @Sendable (String, inout Scratch) -> Result
    ) -> [Result] {
        ChunkedWork.run(count: texts.count, minimumChunk: 64, threads: threads) { range in
            var scratch = Scratch()
            return range.map { work(texts[$0], &scratch) }
        }.flatMap { $0 }
    }

    private func words(of text: String, _ mode: Mode, _ scratch: inout Scratch) -> [String] {
        segment(text, mode, &scratch)
        return scratch.words.map { word in
            let bytes = scratch.byte(of: word.lowerBound)..<scratch.byte(of: word.upperBound)
            return String(decoding: scratch.text[bytes], as: UTF8.self)
        }
    }
}

extension WordSegmenter {
    /// Buffers that a loop over many texts uses again and again. One for each thread.
    struct Scratch {
        /// The UTF-8 of the text.
        var text: [UInt8] = []
        var letters: [SegmentLetter] = []
        /// The result: ranges of letters.
        var words: [Range<Int>] = []
        /// For each letter of a block the trie's node of it and the next, or the root.
        var pairs: [Int] = []
        /// For each letter, and the end, the log probability of the likeliest cover of what follows in its block.
        var scores: [Double] = []
        /// For each letter where its word in that cover ends.
        var ends: [Int] = []
        /// Ends of words that the boundary model found.
        var found: [Int] = []
        var back: [UInt8] = []

        /// Where a letter, or the end, stands in the UTF-8 of the text.
        func byte(of letter: Int) -> Int { letter < letters.count ? Int(letters[letter].byte) : text.count }
    }

    /// Fills `scratch.letters` and `scratch.words`.
    private func segment(_ text: String, _ mode: Mode, _ scratch: inout Scratch) {
        scratch.text.removeAll(keepingCapacity: true)
        scratch.text.append(contentsOf: text.utf8)
        scratch.letters.removeAll(keepingCapacity: true)
        var position = 0
        while position < scratch.text.count {
            let start = position
            let scalar = UTF8Text.scalar(scratch.text, at: &position, limit: scratch.text.count)
            append(scalar, byte: start, &scratch)
        }
        segmentLetters(mode, &scratch)
    }

    /// The ranges of the precise words of a row of letters.
    func ranges(of letters: some Sequence<Unicode.Scalar>, _ scratch: inout Scratch) -> [Range<Int>] {
        scratch.letters.removeAll(keepingCapacity: true)
        for letter in letters { append(letter, byte: 0, &scratch) }
        segmentLetters(.precise, &scratch)
        return scratch.words
    }

    @inline(__always)
    private func append(_ scalar: Unicode.Scalar, byte: Int, _ scratch: inout Scratch) {
        scratch.letters.append(
            SegmentLetter(
                scalar: scalar, code: dictionary.trie.code(of: scalar), byte: UInt32(truncatingIfNeeded: byte),
                kind: SegmentLetter.kind(of: scalar, ideographs)))
    }

    /// Cuts the letters into blocks that can hold words, and what lies between.
    private func segmentLetters(_ mode: Mode, _ scratch: inout Scratch) {
        scratch.words.removeAll(keepingCapacity: true)
        var start = 0
        while start < scratch.letters.count {
            let isBlock = scratch.letters[start].kind != .other
            var end = start + 1
            while end < scratch.letters.count, (scratch.letters[end].kind != .other) == isBlock { end += 1 }
            switch (isBlock, mode) {
            case (true, .precise): appendWords(start..<end, &scratch)
            case (true, .full): appendAllWords(start..<end, &scratch)
            case (true, .search):
                let first = scratch.words.count
                appendWords(start..<end, &scratch)
                appendInnerWords(from: first, &scratch)
            case (false, _): appendOthers(start..<end, joined: mode == .full, &scratch)
            }
            start = end
        }
    }

    /// Letters outside blocks: each alone, or when `joined` together up to the next white space, which stands alone. A
    /// carriage return and a line feed behind it are one word.
    private func appendOthers(_ range: Range<Int>, joined: Bool, _ scratch: inout Scratch) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start + 1
            let letter = scratch.letters[start].scalar
            if letter == "\r", end < range.upperBound, scratch.letters[end].scalar == "\n" {
                end += 1
            } else if joined, !Self.isSpace(letter) {
                while end < range.upperBound, !Self.isSpace(scratch.letters[end].scalar) { end += 1 }
            }
            scratch.words.append(start..<end)
            start = end
        }
    }

    /// `\s` of Python's regular expressions: white space and the four information separators.
    private static func isSpace(_ letter: Unicode.Scalar) -> Bool {
        letter.properties.isWhitespace || (0x1C...0x1F).contains(letter.value)
    }
}
