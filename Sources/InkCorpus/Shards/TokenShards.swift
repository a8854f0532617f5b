import Foundation
import InkSupport

/// A folder of token shards, open for reading. Opening is quick whatever the size of the files, and any window of tokens
/// is read in time that depends on its length alone. A file that is cut off or written while it is in use gives an error.
///
/// All places are global: shards follow each other in the order of `index.json`. A value may be used from many tasks.
public struct TokenShards: Sendable {
    public let folder: URL
    /// What the folder holds.
    public let manifest: ShardManifest
    /// SHA-256 of `index.json`, which names the hashes of everything else.
    public let identity: String
    public let tokenCount: Int
    public let documentCount: Int
    private let shards: [Shard]

    private struct Shard: Sendable {
        let firstToken: Int
        let firstDocument: Int
        let ids: RandomAccessFile
        let index: ShardIndexFile
        let tokensFile: URL
        let indexFile: URL
    }

    private static let mostOpenShards = 64

    /// Opens a folder and checks the sizes of its files.
    /// - Throws: `InputError` when a file is missing, cut off, of another kind or another run.
    public static func open(_ folder: URL) throws -> TokenShards { try TokenShards(folder) }

    private init(_ folder: URL) throws {
        self.folder = folder
        let file = folder.appending(path: ShardManifest.fileName)
        let manifest = try ShardManifest(contentsOf: file)
        identity = try SHA256.hexDigest(ofFileAt: file)
        var (tokens, documents) = (0, 0)
        var shards: [Shard] = []
        // Each shard is two files; a process may have about a thousand.
        let staysOpen = manifest.shards.count <= Self.mostOpenShards
        for shard in manifest.shards {
            let tokensFile = folder.appending(path: "\(shard.name).tokens")
            let indexFile = folder.appending(path: "\(shard.name).index")
            let ids = try RandomAccessFile(contentsOf: tokensFile, staysOpen: staysOpen)
            let size = shard.tokens * manifest.bytesPerToken
            guard ids.count == size else {
                throw InputError(
                    at: tokensFile.path, "the file is cut off or was changed", expected: "\(size) bytes",
                    found: "\(ids.count)", remedy: "make the shards again")
            }
            let index = try ShardIndexFile(
                RandomAccessFile(contentsOf: indexFile, staysOpen: staysOpen), shard, hasWords: manifest.hasWords)
            shards.append(
                Shard(
                    firstToken: tokens, firstDocument: documents, ids: ids, index: index, tokensFile: tokensFile,
                    indexFile: indexFile))
            tokens += shard.tokens
            documents += shard.documents
        }
        self.manifest = manifest
        self.shards = shards
        (tokenCount, documentCount) = (tokens, documents)
    }

    /// Reads every file and compares its hash with `index.json`.
    /// - Throws: `InputError` naming the first file that differs.
    public func verify() throws {
        for (shard, named) in zip(shards, manifest.shards) {
            for (file, hash) in [(shard.tokensFile, named.tokensSHA256), (shard.indexFile, named.indexSHA256)] {
                let found = try SHA256.hexDigest(ofFileAt: file)
                guard found == hash else {
                    throw InputError(
                        at: file.path, "the file is not the one that was written", expected: "SHA-256 \(hash)",
                        found: found, remedy: "make the shards again")
                }
            }
        }
    }

    /// The ids of a stretch of tokens, which may reach over documents and shards.
    ///
    /// `position` and `position + count` must lie in `0...tokenCount`.
    /// - Throws: `InputError` when a file was changed since it was opened, or cannot be read.
    public func tokens(at position: Int, count: Int) throws -> [Int32] {
        precondition(position >= 0 && count >= 0 && count <= tokenCount - position, "tokens of the shards")
        var tokens: [Int32] = []
        tokens.reserveCapacity(count)
        var number = count == 0 ? shards.count : shard(ofToken: position)
        while tokens.count < count {
            let shard = shards[number]
            let start = position + tokens.count - shard.firstToken
            let end = min(shard.index.tokens, start + count - tokens.count)
            try append(shard.ids, start..<end, to: &tokens)
            number += 1
        }
        return tokens
    }

    private func append(_ ids: RandomAccessFile, _ range: Range<Int>, to tokens: inout [Int32]) throws {
        let width = manifest.bytesPerToken
        let bytes = try ids.bytes(range.lowerBound * width..<range.upperBound * width)
        for place in stride(from: 0, to: bytes.count, by: width) {
            var id = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
            if width == 4 { id |= UInt32(bytes[place + 2]) << 16 | UInt32(bytes[place + 3]) << 24 }
            tokens.append(Int32(bitPattern: id))
        }
    }

    /// The tokens of a document, from 0 to below `documentCount`.
    /// - Throws: `InputError` when the index is damaged there, or was changed since it was opened.
    public func document(_ number: Int) throws -> Range<Int> {
        let (shard, local) = shard(ofDocument: number)
        return try range(
            shard, try shard.index.documentStart(local), try shard.index.documentStart(local + 1),
            in: 0..<shard.index.tokens)
    }

    /// The tokens of each sentence of a document.
    /// - Throws: `InputError` when the index is damaged there, or was changed since it was opened.
    public func sentences(of number: Int) throws -> [Range<Int>] {
        let (shard, local) = shard(ofDocument: number)
        let index = shard.index
        let (first, end) = (try index.firstSentence(local), try index.firstSentence(local + 1))
        guard first <= end, end <= index.sentences else { throw damaged(shard) }
        let start = try index.documentStart(local)
        let tokens = start..<max(start, try index.documentStart(local + 1))
        return try (first..<end).map {
            try range(shard, try index.sentenceStart($0), try index.sentenceStart($0 + 1), in: tokens)
        }
    }

    /// The place of a document's source in `manifest.sources`.
    /// - Throws: `InputError` when the index is damaged there, or was changed since it was opened.
    public func source(of number: Int) throws -> Int {
        let (shard, local) = shard(ofDocument: number)
        let source = try shard.index.source(local)
        guard source < manifest.sources.count else { throw damaged(shard) }
        return source
    }

    /// The document that a token belongs to.
    /// - Throws: `InputError` when the index was changed since it was opened.
    public func document(at position: Int) throws -> Int {
        precondition(position >= 0 && position < tokenCount, "a token of the shards")
        let shard = shards[shard(ofToken: position)]
        return shard.firstDocument + (try shard.index.document(at: position - shard.firstToken))
    }

    /// Whether a word starts at a token; true everywhere where `manifest.hasWords` is false.
    /// - Throws: `InputError` when the index was changed since it was opened.
    public func isWordStart(_ position: Int) throws -> Bool {
        precondition(position >= 0 && position < tokenCount, "a token of the shards")
        let shard = shards[shard(ofToken: position)]
        return try shard.index.isWordStart(position - shard.firstToken)
    }

    private func range(_ shard: Shard, _ start: Int, _ end: Int, in bounds: Range<Int>) throws -> Range<Int> {
        guard start >= bounds.lowerBound, start <= end, end <= bounds.upperBound, end <= shard.index.tokens else {
            throw damaged(shard)
        }
        return shard.firstToken + start..<shard.firstToken + end
    }

    private func damaged(_ shard: Shard) -> InputError {
        InputError(
            at: shard.indexFile.path, "the index is damaged: its rows are not in order", remedy: "make the shards again"
        )
    }

    private func shard(ofToken position: Int) -> Int { last { $0.firstToken <= position } }

    private func shard(ofDocument number: Int) -> (shard: Shard, local: Int) {
        precondition(number >= 0 && number < documentCount, "a document of the shards")
        let shard = shards[last { $0.firstDocument <= number }]
        return (shard, number - shard.firstDocument)
    }

    /// The last shard for which the condition holds, by halving.
    private func last(_ holds: (Shard) -> Bool) -> Int {
        var (low, high) = (0, shards.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if holds(shards[middle]) { low = middle } else { high = middle }
        }
        return low
    }
}
