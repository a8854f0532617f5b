import Foundation
import InkSupport

/// Tokens and their ids. Ids come from the file, never from an assumption about it.
public struct Vocabulary: TokenTable, Sendable {
    /// The token of each id.
    public let tokens: [String]
    /// Things a user should hear of that do not stop the work, such as a token given twice.
    public let warnings: [String]
    /// Where it came from: a path, or a name for one made in memory.
    public let location: String
    /// Ids that a later line with the same token has taken over.
    let supersededIDs: [Int32]
    let trie: WordPieceTrie

    /// Number of ids. A model may have more rows (its `vocab_size`), never fewer.
    public var count: Int { tokens.count }

    /// In bytes; more is a sign of a file that is no vocabulary.
    private static let longestToken = 4096

    /// Makes a vocabulary whose ids are the positions in `tokens`.
    ///
    /// A token given twice keeps its last id, as in the reference, with a warning (the published ERNIE 3.0 file holds
    /// one); empty lines are no tokens at all.
    /// - Throws: `InputError` when there is no token, more than 2^28, or a token of more than 4,096 bytes.
    public init(tokens: [String], location: String = "vocabulary") throws {
        try self.init(tokens: tokens, location: location, notes: [])
    }

    /// `notes` are warnings about the file that the tokens came from.
    private init(tokens: [String], location: String, notes: [String]) throws {
        guard tokens.contains(where: { !$0.isEmpty }) else {
            throw InputError(
                at: location, "holds no token", expected: "one token a line", found: "an empty vocabulary",
                remedy: "Use the vocab.txt that was published with the checkpoint.")
        }
        guard tokens.count <= 1 << 28 else {
            throw InputError(at: location, "too many tokens", expected: "at most 2^28", found: "\(tokens.count)")
        }
        var trie = WordPieceTrie(expectedCount: tokens.count)
        var warnings = notes
        var superseded: [Int32] = []
        for (index, token) in tokens.enumerated() where !token.isEmpty {
            guard token.utf8.count <= Self.longestToken, trie.hasRoom else {
                throw InputError(
                    at: "\(location):\(index + 1)", "not a WordPiece vocabulary",
                    expected: "tokens of a few letters", found: "a token of \(token.utf8.count) bytes",
                    remedy: "Use the vocab.txt that was published with the checkpoint.")
            }
            if let earlier = trie.insert(token, id: Int32(index)) {
                warnings.append("\(location): token \"\(token)\" has ids \(earlier) and \(index); \(index) is used")
                superseded.append(earlier)
            }
        }
        self.tokens = tokens
        self.warnings = warnings
        self.location = location
        self.supersededIDs = superseded
        self.trie = trie
    }

    /// Reads `vocab.txt` (one token a line, the line number from 0 is the id) or a file of `token<TAB>id` lines.
    /// - Throws: `InputError` naming the line: invalid UTF-8, an id that is missing, repeated or not a number.
    public init(contentsOf file: URL) throws {
        let location = file.path(percentEncoded: false)
        let lines = try VocabularyFile.lines(of: WholeFile.read(file, limit: WholeFile.tableLimit), location: location)
        try self.init(
            tokens: VocabularyFile.tokens(of: lines, location: location), location: location,
            notes: VocabularyFile.notes(on: lines, location: location))
    }

    /// The id of a token, or nil.
    public func id(of token: String) -> Int32? { trie.id(of: token.utf8) }

    /// The token of an id, or nil when the id is out of range.
    public func token(of id: Int32) -> String? {
        id >= 0 && id < tokens.count ? tokens[Int(id)] : nil
    }

    func isRepeated(_ token: String) -> Bool {
        supersededIDs.contains { tokens[Int($0)].utf8.elementsEqual(token.utf8) }
    }

    /// Writes `vocab.txt`, see `text`.
    /// - Throws: `InputError` when a token holds a line break or the file cannot be written.
    public func write(to file: URL) throws {
        try AtomicFile.write(text, to: file)
    }

    /// What stands in `vocab.txt`: one token a line, in the order of the ids.
    var text: String {
        get throws {
            for (id, token) in tokens.enumerated() where token.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
                throw InputError(
                    at: location, "token \(id) holds a line break and cannot stand in a vocab.txt",
                    remedy: "Remove the token from the vocabulary.")
            }
            return tokens.map { $0 + "\n" }.joined()
        }
    }
}

extension Vocabulary: Equatable {
    /// Byte for byte: two spellings that Unicode holds equivalent are two tokens.
    public static func == (left: Vocabulary, right: Vocabulary) -> Bool {
        left.tokens.elementsEqual(right.tokens) { $0.utf8.elementsEqual($1.utf8) }
    }
}
