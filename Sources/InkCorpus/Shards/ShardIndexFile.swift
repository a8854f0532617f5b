import Foundation
import InkSupport

/// `shard-00000.index`: where the documents, sentences and words of a shard stand.
///
/// All numbers are little-endian, all places count tokens from the beginning of the shard, and every row of starts ends
/// with the number of all, so that the n-th thing reaches from entry n to entry n + 1:
///
///     bytes                what
///     8                    magic "INKSHARD"
///     4                    version, 1
///     4                    flags: bit 0, word starts are there
///     8 + 8 + 8            tokens, documents, sentences
///     4 · (documents + 1)  first token of each document
///     4 · (documents + 1)  first sentence of each document
///     4 · documents        number of each document's source in index.json
///     4 · (sentences + 1)  first token of each sentence
///     ⌈tokens / 8⌉         with flag 0: bit n mod 8 of byte n / 8 is set when a word starts at token n
///
/// The ids stand in `shard-00000.tokens` without a header: 2 bytes each where the vocabulary fits, otherwise 4.
struct ShardIndexFile: Sendable {
    static let magic = Array("INKSHARD".utf8)
    static let version: UInt32 = 1
    static let headerBytes = 40

    let tokens: Int
    let documents: Int
    let sentences: Int
    let hasWords: Bool
    private let file: RandomAccessFile

    /// Opens a file and checks that it is what the manifest says; its rows are read when they are asked for.
    init(_ file: RandomAccessFile, _ expected: ShardManifest.Shard, hasWords: Bool) throws {
        self.file = file
        let path = file.path
        guard file.count >= Self.headerBytes, try file.bytes(0..<8) == Self.magic else {
            throw InputError(
                at: path, "this is no index of a token shard", expected: "a file that begins with INKSHARD",
                found: file.count < Self.headerBytes ? "\(file.count) bytes" : "another beginning")
        }
        let version = UInt32(truncatingIfNeeded: try file.number(at: 8, bytes: 4))
        guard version == Self.version else {
            throw InputError(
                at: path, "the index is of another version", expected: "\(Self.version)", found: "\(version)")
        }
        let flags = try file.number(at: 12, bytes: 4)
        let counts = try [16, 24, 32].map { try file.number(at: $0, bytes: 8) }
        let named = [expected.tokens, expected.documents, expected.sentences]
        guard counts == named, (flags & 1 == 1) == hasWords else {
            throw InputError(
                at: path, "the shard is another than index.json names",
                expected: "\(named) tokens, documents and sentences", found: "\(counts)")
        }
        (tokens, documents, sentences) = (expected.tokens, expected.documents, expected.sentences)
        self.hasWords = hasWords
        let size = Self.size(expected, hasWords: hasWords)
        guard file.count == size else {
            throw InputError(
                at: path, "the file is cut off or was changed", expected: "\(size) bytes", found: "\(file.count)",
                remedy: "make the shards again")
        }
        // The rows themselves are read at random later; a damaged one must not lead outside.
        guard try documentStart(documents) == tokens, try firstSentence(documents) == sentences,
            try sentenceStart(sentences) == tokens
        else {
            throw InputError(at: path, "the file is damaged: its rows do not end with the counts")
        }
    }

    /// Bytes of the file; counts of up to 2³² keep this far from overflow.
    private static func size(_ shard: ShardManifest.Shard, hasWords: Bool) -> Int {
        let rows = 4 * (3 * shard.documents + 2 + shard.sentences + 1)
        return headerBytes + rows + (hasWords ? (shard.tokens + 7) / 8 : 0)
    }

    private func entry(_ row: Int, _ place: Int) throws -> Int {
        try file.number(at: Self.headerBytes + 4 * (row + place), bytes: 4)
    }

    func documentStart(_ document: Int) throws -> Int { try entry(0, document) }
    func firstSentence(_ document: Int) throws -> Int { try entry(documents + 1, document) }
    func source(_ document: Int) throws -> Int { try entry(2 * documents + 2, document) }
    func sentenceStart(_ sentence: Int) throws -> Int { try entry(3 * documents + 2, sentence) }

    func isWordStart(_ token: Int) throws -> Bool {
        guard hasWords else { return true }
        let byte = Self.headerBytes + 4 * (3 * documents + 3 + sentences) + token >> 3
        return try file.number(at: byte, bytes: 1) >> (token & 7) & 1 == 1
    }

    /// The document that a token belongs to, by halving.
    func document(at token: Int) throws -> Int {
        var (low, high) = (0, documents)
        while high - low > 1 {
            let middle = (low + high) / 2
            if try documentStart(middle) <= token { low = middle } else { high = middle }
        }
        return low
    }
}

extension [UInt8] {
    /// Appends a number in little-endian order.
    mutating func append(littleEndian value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
