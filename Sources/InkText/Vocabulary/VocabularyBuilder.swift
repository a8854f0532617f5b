import InkSupport

/// Builds a BERT vocabulary from a corpus: special tokens, characters by frequency, then word pieces.
///
/// Word pieces are learned by joining the most frequent adjacent pair again and again (byte-pair encoding over
/// characters: Sennrich et al. 2016, arXiv 1508.07909), spelled with `##` inside a word, as `WordPieceTrainer` of
/// Hugging Face does. Ideographs stand alone and need no pieces. The same texts in the same order give the same
/// vocabulary on any machine.
public struct VocabularyBuilder: Sendable {
    /// What to build.
    public struct Options: Sendable {
        /// Most tokens, special ones included.
        public var size = 21_128
        /// A character, and a pair to be joined, must occur this often.
        public var minimumFrequency = 2
        /// In order, from id 0.
        public var specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        /// How texts are normalised before they are split.
        public var normalization = BertNormalization()

        public init() {}
    }

    private let options: Options
    /// Words of several characters, and how often each occurs.
    private var words: [[UInt8]: Int] = [:]
    /// Characters that begin a word or are one.
    private var initials: [Unicode.Scalar: Int] = [:]
    /// Characters inside a word.
    private var continuations: [Unicode.Scalar: Int] = [:]

    public init(_ options: Options = Options()) { self.options = options }

    /// The usual options with another size.
    public init(size: Int) {
        var options = Options()
        options.size = size
        self.init(options)
    }

    /// The vocabulary of `texts`.
    /// - Throws: as `build()`.
    public func build(from texts: some Sequence<String>) throws -> Vocabulary {
        var builder = self
        for text in texts { builder.add(text) }
        return try builder.build()
    }

    /// Counts the words and characters of a text, normalised as the tokenizer will.
    public mutating func add(_ text: String) {
        let normalized = NormalizedText(text.unicodeScalars, options.normalization)
        for range in normalized.words {
            let word = normalized.scalars[range]
            guard let first = word.first, word.count <= WordPieceTrie.longestWord else { continue }
            initials[first, default: 0] += 1
            guard word.count > 1 else { continue }
            for scalar in word.dropFirst() { continuations[scalar, default: 0] += 1 }
            var bytes: [UInt8] = []
            for scalar in word { UTF8Text.append(scalar, to: &bytes) }
            words[bytes, default: 0] += 1
        }
    }

    /// The vocabulary of what was added so far.
    /// - Throws: `InputError` when the size leaves no room for the special tokens, or nothing was added.
    public func build() throws -> Vocabulary {
        let special = options.specialTokens
        guard options.size > special.count else {
            throw InputError(
                .usage, at: "vocabulary size", "no room for characters", expected: "more than \(special.count)",
                found: "\(options.size)")
        }
        guard !initials.isEmpty else {
            throw InputError(
                at: "training text", "holds no word to build a vocabulary from",
                remedy: "Give a text with at least one visible character.")
        }
        let alphabet = alphabet(limit: options.size - special.count)
        var learner = PieceLearner(words: frequentWords(), minimumFrequency: options.minimumFrequency)
        let pieces = learner.learn(limit: options.size - special.count - alphabet.count)
        var seen = Set<[UInt8]>()
        let tokens = (special + alphabet + pieces).filter { seen.insert(Array($0.utf8)).inserted }
        return try Vocabulary(tokens: tokens, location: "the vocabulary built from the training text")
    }

    /// Characters, the most frequent first; a tie goes to the lower code point, and to the form without `##`.
    private func alphabet(limit: Int) -> [String] {
        typealias Entry = (scalar: Unicode.Scalar, isContinuation: Bool, count: Int)
        var entries: [Entry] = initials.map { ($0.key, false, $0.value) }
        entries += continuations.map { ($0.key, true, $0.value) }
        entries.removeAll { $0.count < options.minimumFrequency }
        entries.sort { left, right in
            if left.count != right.count { return left.count > right.count }
            if left.scalar != right.scalar { return left.scalar < right.scalar }
            return !left.isContinuation && right.isContinuation
        }
        return entries.prefix(limit).map { ($0.isContinuation ? "##" : "") + String(Character($0.scalar)) }
    }

    /// Words in the order of their bytes, which does not depend on hashing.
    private func frequentWords() -> [(word: [UInt8], count: Int)] {
        words.map { (word: $0.key, count: $0.value) }.sorted { $0.word.lexicographicallyPrecedes($1.word) }
    }
}
