import Foundation
import InkSupport
import InkText

/// Turns documents into token shards for pre-training. All documents go on to the output too.
///
/// A run that was killed or interrupted, started again with the same settings and input, keeps the shards that were
/// finished; the files have the same bytes as those of an uninterrupted run, whatever the number of threads.
public struct ShardStage: CorpusStage {
    public let tokenizer: URL
    public let output: URL
    /// Most tokens of a shard; a longer document has one of its own.
    public let shardTokens: Int
    /// Documents with fewer tokens are left out.
    public let minimumTokens: Int
    /// The word dictionary (`word frequency tag` a line) that word starts are found with; nil for none.
    public let words: URL?
    /// How special tokens in a document are read; as text unless asked for: a document holds none.
    public let specialTokensInText: SpecialTokensInText
    public var name: String { Self.kind.name }

    public static let kind = StageKind(
        "shard", "tokenize into shards of token ids",
        settings: [
            StageSetting("tokenizer", "folder", "of a checkpoint, for its tokenizer"),
            StageSetting("folder", "folder", "where the shards go"),
            StageSetting(
                "words", "file|true", "a dictionary, or the tokenizer's own: word starts for whole-word masking"),
            StageSetting("shard-tokens", "n", "tokens in a shard (usual: 67108864)"),
            StageSetting("min-tokens", "n", "tokens of the shortest document that is taken (usual: 1)"),
            StageSetting(
                "special-tokens-in-text", "keep|split", "[SEP] and the like in a text: tokens, or text (usual: split)"),
        ]
    ) { settings in
        let tokenizer: String = try settings.required("tokenizer")
        let output: String = try settings.required("folder")
        let words = try dictionary(&settings, tokenizer)
        let shardTokens = try settings.value("shard-tokens", default: 64 << 20)
        let minimumTokens = try settings.value("min-tokens", default: 1)
        guard (1...1 << 30).contains(shardTokens) else {
            throw settings.outOfRange("shard-tokens", expected: "1 to \(1 << 30)", found: "\(shardTokens)")
        }
        guard minimumTokens >= 1 else {
            throw settings.outOfRange("min-tokens", expected: "1 or more", found: "\(minimumTokens)")
        }
        let reading: String = try settings.value("special-tokens-in-text", default: SpecialTokensInText.split.rawValue)
        guard let specialTokensInText = SpecialTokensInText(rawValue: reading) else {
            throw settings.outOfRange("special-tokens-in-text", expected: "keep or split", found: reading)
        }
        return .corpus(
            ShardStage(
                tokenizer: settings.input(tokenizer), output: settings.url(output), shardTokens: shardTokens,
                minimumTokens: minimumTokens, words: words, specialTokensInText: specialTokensInText))
    }

    /// The file that `words` names, or with `true` the one that the tokenizer cuts words by; nil without the setting.
    private static func dictionary(_ settings: inout StageSettings, _ tokenizer: String) throws -> URL? {
        guard let words: WordsSetting = try settings.value("words") else { return nil }
        switch words {
        case .isWanted(false): return nil
        case .file(let path): return settings.input(path)
        case .isWanted(true):
            let folder = settings.url(tokenizer)
            let names = RoFormerTokenizer.dictionaryNames
            guard let name = names.first(where: { folder.appending(path: $0).exists }) else {
                throw InputError(
                    .usage, at: "\(settings.location): words", "the tokenizer has no dictionary of words",
                    expected: "\(names.joined(separator: " or ")) in \(folder.path)", found: "no such file",
                    remedy: "name a dictionary in jieba's format, words: FILE; "
                        + "inkstone lexicon build TEXTS --output FILE makes one")
            }
            return settings.input(folder.appending(path: name).path)
        }
    }

    public init(
        tokenizer: URL, output: URL, shardTokens: Int = 64 << 20, minimumTokens: Int = 1, words: URL? = nil,
        specialTokensInText: SpecialTokensInText = .split
    ) {
        self.tokenizer = tokenizer
        self.output = output
        self.shardTokens = shardTokens
        self.minimumTokens = max(1, minimumTokens)
        self.words = words
        self.specialTokensInText = specialTokensInText
    }

    public func check() throws {
        _ = try Tokenizers.open(tokenizer)
        _ = try words.map { try WordDictionary(contentsOf: $0) }
    }

    private struct Outcome: Sendable {
        var tokens: TokenizedBatch?
        var encoded: [UInt8] = []
        var report = StageReport(stage: "")
        var unreadable: [RejectedDocument] = []
        var specialTokens = SpecialTokensFound()
    }

    public func run(
        _ input: DocumentInput, _ sink: any DocumentSink, _ context: StageContext
    ) throws -> StageReport {
        let start = ProcessInfo.processInfo.systemUptime
        var context = context
        context.interruptionRemedy = "start it again: it goes on behind the last finished shard"
        let model = try Tokenizers.open(tokenizer).reading(specialTokensInText)
        let dictionary = try words.map { try WordDictionary(contentsOf: $0) }
        let segmenter = dictionary.map { WordSegmenter(dictionary: $0) }
        let isWide = model.idCount > 1 << 16
        let facts = try self.facts(of: model)
        let writer = try ShardWriter(
            folder: output, identity: try identity(facts, input),
            manifest: ShardManifest(
                tokenizer: facts, bytesPerToken: isWide ? 4 : 2, hasWords: segmenter != nil),
            shardTokens: shardTokens, minimumTokens: minimumTokens)
        let (continues, finished, format) = (model.continuingPieces(), writer.finishedBatches, sink.format)
        var report = StageReport(stage: name)
        var specialTokens = SpecialTokensFound()
        try input.forEachBatch(
            name, context,
            makeWorker: { model.shardTokenizer(segmenter: segmenter, isWide: isWide, continues: continues) },
            transform: { batch, worker in
                var outcome = Outcome(unreadable: batch.unreadable)
                outcome.report.tally = batch.problems
                for document in batch.documents {
                    outcome.report.documentsIn += 1
                    outcome.report.bytesIn += document.utf8.count
                    format.append(document, to: &outcome.encoded)
                    outcome.specialTokens.look(
                        at: String(decoding: document.utf8, as: UTF8.self), model, place: document.id)
                }
                if batch.number >= finished {
                    var tokens = TokenizedBatch()
                    for document in batch.documents { worker.append(document, to: &tokens) }
                    outcome.tokens = tokens
                }
                return outcome
            },
            consume: { outcome in
                if let tokens = outcome.tokens { try writer.append(tokens) }
                try sink.write(outcome.encoded, count: outcome.report.documentsIn)
                try sink.reject(outcome.unreadable)
                report.add(outcome.report)
                specialTokens.add(outcome.specialTokens)
            })
        let manifest = try writer.finish()
        (report.documentsOut, report.bytesOut) = (report.documentsIn, report.bytesIn)
        report.facts = Self.facts(manifest)
        report.warnings =
            model.warnings + (dictionary?.warnings ?? [])
            + (specialTokens.note(specialTokensInText, flag: "special-tokens-in-text").map { [$0] } ?? [])
        report.seconds = ProcessInfo.processInfo.systemUptime - start
        return report
    }

    private static func facts(_ manifest: ShardManifest) -> JSONObject {
        let tokens = manifest.shards.reduce(0) { $0 + $1.tokens }
        return JSONObject([
            "shards": .integer(manifest.shards.count), "tokens": .integer(tokens),
            "documents": .integer(manifest.shards.reduce(0) { $0 + $1.documents }),
            "sentences": .integer(manifest.shards.reduce(0) { $0 + $1.sentences }),
            "unknownTokens": .integer(manifest.unknownTokens),
            "unknownShare": .float(tokens == 0 ? 0 : Double(manifest.unknownTokens) / Double(tokens)),
            "shortDocuments": .integer(manifest.shortDocuments),
        ])
    }

    private func facts(of model: any Tokenizer) throws -> ShardManifest.TokenizerFacts {
        var hash = SHA256()
        for name in Tokenizers.fileNames + ["config.json"] {
            let file = tokenizer.appending(path: name)
            guard file.exists else { continue }
            hash.update(Array("\(name)\n\(try SHA256.hexDigest(ofFileAt: file))\n".utf8))
        }
        return ShardManifest.TokenizerFacts(
            sha256: hash.hexDigest(), vocabularySize: model.idCount, padding: model.paddingID,
            unknown: model.unknownID, classification: model.classificationID, separator: model.separatorID,
            mask: model.maskID)
    }

    /// All that the bytes of the shards depend on.
    private func identity(_ facts: ShardManifest.TokenizerFacts, _ input: DocumentInput) throws -> String {
        var parts = [InkstoneVersion.current, facts.sha256, "\(shardTokens)", "\(minimumTokens)"]
        parts.append(try words.map { try SHA256.hexDigest(ofFileAt: $0) } ?? "-")
        parts.append("\(input.maximumDocumentBytes)")
        parts.append(specialTokensInText.rawValue)
        for file in input.files {
            let facts = file.url?.fileFacts ?? (0, 0)
            parts += [file.url?.path ?? "-", file.format.rawValue, "\(facts.bytes)", "\(facts.modified)"]
        }
        return SHA256.hexDigest(of: Data(parts.joined(separator: "\n").utf8))
    }
}

/// `words`: a file, or whether word starts are wanted.
private enum WordsSetting: JSONDecodable {
    case file(String)
    case isWanted(Bool)

    static let jsonKind = "a file, true or false"

    init?(_ json: JSONValue) {
        switch json {
        case .string(let path): self = .file(path)
        case .bool(let isWanted): self = .isWanted(isWanted)
        default: return nil
        }
    }
}
