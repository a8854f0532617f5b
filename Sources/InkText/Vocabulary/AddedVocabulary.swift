import InkSupport

/// The added tokens of a tokenizer with their ids, settled from its files.
struct AddedVocabulary<Table: TokenTable> {
    private(set) var entries: [(token: AddedToken, id: Int32)] = []
    /// Those that the vocabulary file does not hold.
    private(set) var extraTokens: [Int32: String] = [:]
    private(set) var specialIDs: Set<Int32> = []
    /// Finds the special tokens in texts, however they are read.
    private(set) var specialMatcher = AddedTokenMatcher([])
    private let vocabulary: Table
    /// Keyed by UTF-8: two spellings that Unicode holds equivalent are two tokens.
    private var ids: [[UInt8]: Int32] = [:]

    /// Tokens with an id of their own come first, in the order of the ids; then the named special tokens that the
    /// vocabulary holds; then the additional ones, which take the next free id when no file gives them one.
    init(vocabulary: Table, config: TokenizerConfig) throws {
        self.vocabulary = vocabulary
        let specialNames = Set(config.specialTokens.map { Array($0.content.utf8) })
        for (id, token) in config.addedTokens.sorted(by: { $0.key < $1.key }) where !token.content.isEmpty {
            var token = token
            token.isSpecial = token.isSpecial || specialNames.contains(Array(token.content.utf8))
            try check(token, id)
            add(token, id)
        }
        for token in config.specialTokens where id(of: token.content) == nil && !token.content.isEmpty {
            if let id = vocabulary.id(of: token.content) {
                add(token, id)
            } else if config.additionalSpecialTokens.contains(token) {
                add(token, nextFreeID)
            }
        }
        specialMatcher = AddedTokenMatcher(entries.filter(\.token.isSpecial))
    }

    /// The tokens that are looked for in texts.
    private func entries(_ reading: SpecialTokensInText) -> [(token: AddedToken, id: Int32)] {
        reading == .keep ? entries : entries.filter { !$0.token.isSpecial }
    }

    /// Finds them in the text as it is.
    func matcher(_ reading: SpecialTokensInText) -> AddedTokenMatcher { AddedTokenMatcher(entries(reading)) }

    /// Finds them in the raw text, and those that ask for it in the normalised one.
    /// - Parameter normalize: what is done to the text.
    func matchers(
        _ reading: SpecialTokensInText, normalize: (String) -> String
    ) -> (raw: AddedTokenMatcher, normalized: AddedTokenMatcher) {
        let entries = entries(reading)
        return (
            AddedTokenMatcher(entries.filter { !$0.token.isNormalized }),
            AddedTokenMatcher(entries.filter(\.token.isNormalized), form: normalize)
        )
    }

    func id(of token: String) -> Int32? { ids[Array(token.utf8)] }

    /// The id of a token of the table, or of an added one.
    func anyID(of token: String) -> Int32? { vocabulary.id(of: token) ?? id(of: token) }

    /// The token of an id, added ones included.
    func token(of id: Int32) -> String? { vocabulary.token(of: id) ?? extraTokens[id] }

    /// Ids run from 0 to below this.
    var idCount: Int { max(vocabulary.count, (extraTokens.keys.max().map { Int($0) + 1 }) ?? 0) }

    /// - Throws: `InputError` when the token has no id, or the vocabulary gives it two.
    func requiredID(of token: AddedToken, _ field: String) throws -> Int32 {
        guard let id = id(of: token.content) else {
            throw InputError(
                at: vocabulary.location, "the special token of \(field) is missing", expected: token.content,
                found: "\(vocabulary.count) other tokens",
                remedy: "Use the vocabulary of the checkpoint, or name its own token as \(field) in "
                    + "tokenizer_config.json.")
        }
        guard !vocabulary.isRepeated(token.content) else {
            throw InputError(
                at: vocabulary.location, "the special token of \(field) stands there more than once",
                found: token.content, remedy: "Remove the line that the checkpoint was not trained with.")
        }
        return id
    }

    private var nextFreeID: Int32 { max(Int32(vocabulary.count), (extraTokens.keys.max() ?? -1) + 1) }

    private func check(_ token: AddedToken, _ id: Int32) throws {
        let place = "added token \"\(token.content)\""
        if let known = vocabulary.id(of: token.content), known != id {
            throw InputError(
                at: place, "its id contradicts the vocabulary", expected: "\(known), as in \(vocabulary.location)",
                found: "\(id)", remedy: "Use the vocabulary and the added tokens of the same checkpoint.")
        }
        if let other = vocabulary.token(of: id), !other.utf8.elementsEqual(token.content.utf8) {
            throw InputError(
                at: place, "its id belongs to another token", expected: "a free id", found: "\(id), \"\(other)\"",
                remedy: "Use the vocabulary and the added tokens of the same checkpoint.")
        }
        if let other = self.id(of: token.content) {
            throw InputError(at: place, "has two ids", found: "\(other) and \(id)", remedy: "Remove one of them.")
        }
    }

    private mutating func add(_ token: AddedToken, _ id: Int32) {
        entries.append((token, id))
        ids[Array(token.content.utf8)] = id
        if token.isSpecial { specialIDs.insert(id) }
        if vocabulary.id(of: token.content) == nil { extraTokens[id] = token.content }
    }
}
