import Foundation
import InkSupport

/// `index.json`: what a folder of token shards holds. It is written last, so it never names a shard that is not there.
public struct ShardManifest: Codable, Hashable, Sendable {
    /// One shard: `NAME.tokens` and `NAME.index`.
    public struct Shard: Codable, Hashable, Sendable {
        public var name: String
        public var tokens: Int
        public var documents: Int
        public var sentences: Int
        /// SHA-256 of the two files.
        public var tokensSHA256: String
        public var indexSHA256: String
    }

    /// One source of documents; a document's source number is its place in `sources`.
    public struct Source: Codable, Hashable, Sendable {
        public var name: String
        public var documents: Int
        public var tokens: Int
    }

    /// The tokenizer that made the ids.
    public struct TokenizerFacts: Codable, Hashable, Sendable {
        /// SHA-256 over the names and contents of its files.
        public var sha256: String
        /// Ids run from 0 to below this.
        public var vocabularySize: Int
        public var padding: Int32
        public var unknown: Int32
        public var classification: Int32
        public var separator: Int32
        /// Nil where there is no `[MASK]`.
        public var mask: Int32?
    }

    public static let fileName = "index.json"
    static let currentVersion = 1
    static let currentFormat = "inkstone-token-shards"

    public var format = Self.currentFormat
    public var version = Self.currentVersion
    public var tokenizer: TokenizerFacts
    /// Bytes of an id: 2 or 4, little-endian.
    public var bytesPerToken: Int
    /// Whether word starts were marked.
    public var hasWords: Bool
    public var shards: [Shard] = []
    public var sources: [Source] = []
    /// Tokens that are `[UNK]`.
    public var unknownTokens = 0
    /// Documents with too few tokens, which are in no shard.
    public var shortDocuments = 0
    /// At place n, the documents of 2ⁿ to below 2ⁿ⁺¹ tokens.
    public var documentLengths: [Int] = []

    /// Reads and checks a folder's manifest.
    /// - Throws: `InputError` when it is missing, damaged or of another version.
    init(contentsOf url: URL) throws {
        let bytes = try WholeFile.read(url, limit: WholeFile.tableLimit)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw InputError(
                at: url.path, "this is no index of token shards", expected: "what inkstone corpus shard writes",
                found: "\(error)".prefix(120).description)
        }
        guard format == Self.currentFormat, version == Self.currentVersion else {
            throw InputError(
                at: "\(url.path): version", "the shards are of another kind",
                expected: "\(Self.currentFormat) \(Self.currentVersion)", found: "\(format) \(version)")
        }
        guard bytesPerToken == 2 || bytesPerToken == 4 else {
            throw InputError(
                at: "\(url.path): bytesPerToken", "the value is out of range", expected: "2 or 4",
                found: "\(bytesPerToken)")
        }
        for shard in shards {
            let counts = [shard.tokens, shard.documents, shard.sentences]
            guard counts.allSatisfy({ (0...Int(UInt32.max)).contains($0) }), shard.name == Self.plainName(shard.name)
            else {
                throw InputError(
                    at: "\(url.path): shards: \(shard.name)", "the shard's name or counts are impossible",
                    expected: "a plain name, counts from 0 to \(UInt32.max)", found: "\(counts)")
            }
        }
    }

    init(tokenizer: TokenizerFacts, bytesPerToken: Int, hasWords: Bool) {
        self.tokenizer = tokenizer
        self.bytesPerToken = bytesPerToken
        self.hasWords = hasWords
    }

    /// The manifest as it stands in a file.
    func text() throws -> Data { try RecordCoding.encoder(indented: true).encode(self) }

    /// A name without a folder in it.
    private static func plainName(_ name: String) -> String? {
        name.isEmpty || name.contains("/") || name.hasPrefix(".") ? nil : name
    }

    static func shardName(_ number: Int) -> String {
        let digits = String(number)
        return "shard-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
