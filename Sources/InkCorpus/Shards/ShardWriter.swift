import Foundation
import InkSupport

/// Writes token shards one after the other. After each finished shard it notes how far it came, so that a run that was
/// killed goes on behind its last finished shard.
final class ShardWriter {
    /// How far a run came.
    struct Progress: Codable {
        /// What the run depends on: settings, tokenizer, input files.
        var identity: String
        var manifest: ShardManifest
        /// Batches that are in the shards as a whole, and documents of the next one that are too.
        var batches = 0
        var documents = 0
    }

    private static let progressName = "progress.json"
    private let folder: URL
    private let lock: FolderLock
    private let shardTokens: Int
    private let minimumTokens: Int
    private var progress: Progress
    private var sourceNumbers: [String: Int] = [:]

    // The shard that is being written.
    private var tokensFile: AtomicFileWriter?
    private var tokensHash = SHA256()
    private var tokens = 0
    private var documentStarts: [UInt32] = []
    private var firstSentences: [UInt32] = []
    private var sources: [UInt32] = []
    private var sentenceStarts: [UInt32] = []
    private var words: [UInt8] = []
    /// Statistics up to the last finished shard stand in `progress`, those with the open shard here.
    private var manifest: ShardManifest
    private var batches = 0

    init(folder: URL, identity: String, manifest: ShardManifest, shardTokens: Int, minimumTokens: Int) throws {
        self.folder = folder
        self.shardTokens = shardTokens
        self.minimumTokens = minimumTokens
        try SystemError.makeFolder(folder)
        lock = try FolderLock(folder)
        progress = Self.earlier(folder, identity) ?? Progress(identity: identity, manifest: manifest)
        self.manifest = progress.manifest
        batches = progress.batches
        for (number, source) in self.manifest.sources.enumerated() { sourceNumbers[source.name] = number }
        let index = folder.appending(path: ShardManifest.fileName)
        if index.exists {
            do {
                try FileManager.default.removeItem(at: index)
            } catch {
                throw InputError(
                    .run, at: index.path, "cannot replace the file", found: SystemError.reason(error))
            }
        }
    }

    /// Batches that need not be tokenized again.
    var finishedBatches: Int { progress.batches }

    /// What an earlier run of the same settings left, as far as its shards are whole.
    private static func earlier(_ folder: URL, _ identity: String) -> Progress? {
        let file = folder.appending(path: progressName)
        guard let bytes = try? WholeFile.read(file, limit: WholeFile.tableLimit),
            case .object(let object)? = try? JSONValue(parsing: bytes, location: file.path),
            SealedJSON.isUndamaged(object),
            let progress = try? JSONDecoder().decode(Progress.self, from: Data(bytes)), progress.identity == identity
        else { return nil }
        for shard in progress.manifest.shards {
            let names = [("tokens", shard.tokensSHA256), ("index", shard.indexSHA256)]
            for (ending, hash) in names {
                let file = folder.appending(path: "\(shard.name).\(ending)")
                guard (try? SHA256.hexDigest(ofFileAt: file)) == hash else { return nil }
            }
        }
        return progress
    }

    /// Adds the documents of the next batch that is not finished.
    func append(_ batch: TokenizedBatch) throws {
        var (token, sentence) = (0, 0)
        for (number, shape) in batch.shapes.enumerated() {
            let tokenRange = token..<token + shape.tokens
            let sentenceRange = sentence..<sentence + shape.sentences
            (token, sentence) = (tokenRange.upperBound, sentenceRange.upperBound)
            // Documents that an earlier run already wrote.
            if batches == progress.batches, number < progress.documents { continue }
            guard shape.tokens >= minimumTokens else {
                manifest.shortDocuments += 1
                continue
            }
            if tokens > 0, tokens + shape.tokens > shardTokens { try finishShard(documents: number) }
            try append(shape, batch, tokenRange, sentenceRange)
        }
        batches += 1
    }

    private func append(
        _ shape: TokenizedBatch.Shape, _ batch: TokenizedBatch, _ tokenRange: Range<Int>, _ sentenceRange: Range<Int>
    ) throws {
        if tokensFile == nil {
            let name = ShardManifest.shardName(manifest.shards.count)
            tokensFile = try AtomicFileWriter(folder.appending(path: "\(name).tokens"))
        }
        let width = manifest.bytesPerToken
        let bytes = Array(batch.ids[tokenRange.lowerBound * width..<tokenRange.upperBound * width])
        try tokensFile?.append(bytes)
        tokensHash.update(bytes)
        documentStarts.append(UInt32(tokens))
        firstSentences.append(UInt32(sentenceStarts.count))
        sources.append(UInt32(note(shape)))
        var start = tokens
        for sentence in sentenceRange {
            sentenceStarts.append(UInt32(start))
            start += Int(batch.sentenceTokens[sentence])
        }
        if manifest.hasWords {
            for index in tokenRange {
                let place = tokens + index - tokenRange.lowerBound
                if place & 7 == 0 { words.append(0) }
                if batch.wordStarts[index] { words[place >> 3] |= 1 << UInt8(place & 7) }
            }
        }
        tokens += shape.tokens
    }

    /// Counts a document; its source's number.
    private func note(_ shape: TokenizedBatch.Shape) -> Int {
        let number = sourceNumbers[shape.source] ?? manifest.sources.count
        if number == manifest.sources.count {
            sourceNumbers[shape.source] = number
            manifest.sources.append(.init(name: shape.source, documents: 0, tokens: 0))
        }
        manifest.sources[number].documents += 1
        manifest.sources[number].tokens += shape.tokens
        manifest.unknownTokens += shape.unknown
        let bucket = Int.bitWidth - 1 - max(1, shape.tokens).leadingZeroBitCount
        while manifest.documentLengths.count <= bucket { manifest.documentLengths.append(0) }
        manifest.documentLengths[bucket] += 1
        return number
    }

    /// - Parameter documents: how many of the batch at hand are in shards now.
    private func finishShard(documents: Int) throws {
        guard let file = tokensFile else { return }
        try file.commit()
        let name = ShardManifest.shardName(manifest.shards.count)
        var index = ShardIndexFile.magic
        index.append(littleEndian: ShardIndexFile.version)
        index.append(littleEndian: UInt32(manifest.hasWords ? 1 : 0))
        for count in [tokens, documentStarts.count, sentenceStarts.count] { index.append(littleEndian: UInt64(count)) }
        let counts = (documents: documentStarts.count, sentences: sentenceStarts.count)
        documentStarts.append(UInt32(tokens))
        firstSentences.append(UInt32(counts.sentences))
        sentenceStarts.append(UInt32(tokens))
        for row in [documentStarts, firstSentences, sources, sentenceStarts] {
            for entry in row { index.append(littleEndian: entry) }
        }
        index += words
        let data = Data(index)
        try AtomicFile.write(data, to: folder.appending(path: "\(name).index"))
        manifest.shards.append(
            .init(
                name: name, tokens: tokens, documents: counts.documents, sentences: counts.sentences,
                tokensSHA256: tokensHash.hexDigest(), indexSHA256: SHA256.hexDigest(of: data)))
        (tokensFile, tokensHash, tokens) = (nil, SHA256(), 0)
        (documentStarts, firstSentences, sources, sentenceStarts, words) = ([], [], [], [], [])
        progress.manifest = manifest
        (progress.batches, progress.documents) = (batches, documents)
        let notes = folder.appending(path: Self.progressName)
        let record = [UInt8](try RecordCoding.encoder().encode(progress))
        guard case .object(let object) = try JSONValue(parsing: record, location: notes.path) else { return }
        try AtomicFile.write(SealedJSON.text(of: object), to: notes)
    }

    /// Finishes the last shard and writes `index.json`.
    func finish() throws -> ShardManifest {
        try finishShard(documents: 0)
        try AtomicFile.write(manifest.text(), to: folder.appending(path: ShardManifest.fileName))
        try? FileManager.default.removeItem(at: folder.appending(path: Self.progressName))
        lock.release()
        return manifest
    }
}
