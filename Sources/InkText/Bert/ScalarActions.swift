/// One table look-up per character: what the tokenizer does with it, normalisation and vocabulary included.
///
/// `NormalizedText` defines the mapping; this table is derived from it and gives the same ids.
struct ScalarActions: Sendable {
    /// What to do with one scalar of the raw text; the payload is in the low 28 bits of an action.
    enum Kind: UInt32 {
        /// Put the scalar into the current word as it is.
        case keep
        /// Nothing: the scalar is removed.
        case drop
        /// End the word.
        case space
        /// End the word and emit the token whose id is the payload.
        case isolated
        /// Put the scalar given by the payload into the word.
        case replace
        /// Treat each scalar of an expansion; the payload is its index.
        case expand
        /// A Hangul syllable: put its jamo into the word.
        case jamo
        /// Marks may change places: the whole text takes the exact path.
        case exact
    }

    typealias Action = UInt32

    private(set) var actions: [Action]
    /// Expansions to several scalars, already normalised: each again as an action.
    private(set) var expansions: [[Action]] = []

    static func kind(_ action: Action) -> Kind { Kind(rawValue: action >> 28) ?? .exact }
    static func payload(_ action: Action) -> UInt32 { action & 0x0FFF_FFFF }
    private static func action(_ kind: Kind, _ payload: UInt32 = 0) -> Action { kind.rawValue << 28 | payload }

    /// - Parameters:
    ///   - vocabulary: tells the ids of characters that stand alone.
    ///   - unknown: the id of those the vocabulary lacks.
    init(_ options: BertNormalization, vocabulary: Vocabulary, unknown: Int32) {
        let facts = ScalarFacts.shared
        actions = [Action](repeating: Self.action(.keep), count: 0x11_0000)
        fill(ScalarFacts.privateUse, Self.action(.drop))
        if options.stripsAccents { fill([CanonicalDecomposition.hangulSyllables], Self.action(.jamo)) }
        if options.separatesIdeographs {
            let unknownAction = Self.action(.isolated, UInt32(truncatingIfNeeded: unknown))
            fill(ScalarFacts.ideographBlocks, unknownAction)
        }
        for scalar in facts.particular {
            let flags = facts[scalar]
            let action: Action
            if flags.contains(.removed) {
                action = Self.action(.drop)
            } else if flags.contains(.whitespace) {
                action = Self.action(.space)
            } else {
                action = makeAction(scalar, facts, options, vocabulary.trie, unknown)
            }
            actions[Int(scalar.value)] = action
        }
        guard options.separatesIdeographs else { return }
        for (id, token) in zip(UInt32(0)..., vocabulary.tokens) {
            let scalars = token.unicodeScalars
            guard let scalar = scalars.first, facts[scalar] == .ideograph else { continue }
            if scalars.index(after: scalars.startIndex) == scalars.endIndex {
                actions[Int(scalar.value)] = Self.action(.isolated, id)
            }
        }
    }

    private mutating func fill(_ ranges: [ClosedRange<UInt32>], _ action: Action) {
        for range in ranges {
            for value in range { actions[Int(value)] = action }
        }
    }

    private mutating func makeAction(
        _ scalar: Unicode.Scalar, _ facts: ScalarFacts, _ options: BertNormalization, _ trie: WordPieceTrie,
        _ unknown: Int32
    ) -> Action {
        let normalized = NormalizedText(CollectionOfOne(scalar), options).scalars
        if options.stripsAccents, normalized.contains(where: { facts.combiningClass($0) != 0 }) {
            return Self.action(.exact)
        }
        let isWord = options.separatesIdeographs && facts[scalar].contains(.ideograph)
        if isWord, normalized.count == 3 { return Self.isolated(normalized[1], trie, unknown) }
        let parts = normalized.map { part -> Action in
            let flags = facts[part]
            if flags.contains(.whitespace) { return Self.action(.space) }
            if flags.contains(.punctuation) { return Self.isolated(part, trie, unknown) }
            return Self.action(.replace, part.value)
        }
        switch parts.count {
        case 0: return Self.action(.drop)
        case 1 where normalized == [scalar] && Self.kind(parts[0]) == .replace: return Self.action(.keep)
        case 1: return parts[0]
        default:
            expansions.append(parts)
            return Self.action(.expand, UInt32(expansions.count - 1))
        }
    }

    private static func isolated(_ scalar: Unicode.Scalar, _ trie: WordPieceTrie, _ unknown: Int32) -> Action {
        var bytes: [UInt8] = []
        UTF8Text.append(scalar, to: &bytes)
        let id = trie.id(of: bytes) ?? unknown
        return action(.isolated, UInt32(truncatingIfNeeded: id))
    }
}
