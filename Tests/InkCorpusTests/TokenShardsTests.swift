import Foundation
import InkCorpus
import InkSupport
import InkText
import Testing

/// Documents, a small BERT vocabulary and shards made with them, in a folder that is removed at the end.
final class ShardFolder {
    static let texts = [
        "今天天气很好。我们去公园玩！", "他说：“春天来了。”大家都笑了", "第二行\n在公园 playing 球", "龘", "好",
    ]
    let files: SourceFolder
    let tokenizer: URL
    let output: URL

    init(_ sources: [(name: String, lines: [String])], extraTokens: Int = 0) throws {
        files = try SourceFolder(sources)
        tokenizer = files.folder.appending(path: "model")
        output = files.folder.appending(path: "shards")
        try FileManager.default.createDirectory(at: tokenizer, withIntermediateDirectories: true)
        let letters = "今天气很好我们去公园玩他说春来了大家都笑第二行在球。！：“”0123456789".map(String.init)
        let pieces = ["play", "##ing", "##a"]
        let extra = (0..<extraTokens).map { "[unused\($0)]" }
        let vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + extra + letters + pieces
        try Data(vocabulary.joined(separator: "\n").utf8).write(to: tokenizer.appending(path: "vocab.txt"))
    }

    func dictionary() throws -> URL {
        let url = files.folder.appending(path: "words.txt")
        let words = ["今天", "天气", "我们", "公园", "春天", "大家", "第二"]
        try Data(words.map { "\($0) 100 n\n" }.joined().utf8).write(to: url)
        return url
    }

    @discardableResult
    func make(
        shardTokens: Int = 64 << 20, minimumTokens: Int = 1, words: URL? = nil, threads: Int = 2
    ) throws -> (report: StageReport, sink: CollectingSink) {
        let stage = ShardStage(
            tokenizer: tokenizer, output: output, shardTokens: shardTokens, minimumTokens: minimumTokens, words: words)
        let sink = CollectingSink()
        return (try stage.run(files.input, sink, files.context(threads: threads)), sink)
    }

    /// Contents of the shard folder by name.
    func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: output.path) {
            contents[name] = try Data(contentsOf: output.appending(path: name))
        }
        return contents
    }
}

@Suite struct TokenShardsTests {
    @Test(arguments: [0, 70_000])
    func idsAreThoseOfTheTokenizer(extraTokens: Int) throws {
        let folder = try ShardFolder([("a", ShardFolder.texts)], extraTokens: extraTokens)
        let (report, sink) = try folder.make(shardTokens: 20)
        let shards = try TokenShards.open(folder.output)
        let tokenizer = try BertTokenizer(contentsOf: folder.tokenizer)
        #expect(shards.manifest.bytesPerToken == (extraTokens == 0 ? 2 : 4))
        // The file has a document a line, so that the third text became two.
        let lines = ShardFolder.texts.flatMap { $0.split(separator: "\n").map(String.init) }
        #expect(sink.lines == lines)
        #expect(shards.documentCount == lines.count)
        var all: [Int32] = []
        for (number, line) in lines.enumerated() {
            let range = try shards.document(number)
            let expected = tokenizer.analyze(line).ids
            #expect(try shards.tokens(at: range.lowerBound, count: range.count) == expected)
            #expect(try shards.document(at: range.lowerBound) == number)
            #expect(try shards.document(at: range.upperBound - 1) == number)
            all += expected
        }
        #expect(shards.manifest.shards.count > 1)
        #expect(try shards.tokens(at: 0, count: shards.tokenCount) == all)
        #expect(try shards.tokens(at: 5, count: 30) == Array(all[5..<35]))
        #expect(shards.manifest.unknownTokens == all.filter { $0 == tokenizer.unknownID }.count)
        #expect(shards.manifest.documentLengths.reduce(0, +) == lines.count)
        #expect(report.documentsOut == lines.count)
        try shards.verify()
    }

    @Test func aSpecialTokenInATextIsTextUnlessAskedFor() throws {
        for reading in SpecialTokensInText.allCases {
            let folder = try ShardFolder([("a", ["今天[SEP]天气", "公园"])])
            let stage = ShardStage(
                tokenizer: folder.tokenizer, output: folder.output, specialTokensInText: reading)
            #expect(ShardStage(tokenizer: folder.tokenizer, output: folder.output).specialTokensInText == .split)
            let report = try stage.run(folder.files.input, CollectingSink(), folder.files.context(threads: 1))
            let tokenizer = try BertTokenizer(contentsOf: folder.tokenizer)
            let shards = try TokenShards.open(folder.output)
            let ids = try shards.tokens(at: 0, count: shards.tokenCount)
            #expect(ids.contains(tokenizer.separatorID) == (reading == .keep))
            #expect(report.warnings.contains { $0.contains("1 special token stands") && $0.contains("[SEP]") })
        }
    }

    @Test func aShardThatIsCutWhileInUseIsAnError() throws {
        let folder = try ShardFolder([("a", ["今天天气很好。我们去公园玩！", "在公园 playing 球"])])
        try folder.make()
        let shards = try TokenShards.open(folder.output)
        let count = shards.tokenCount
        #expect(try shards.tokens(at: 0, count: count).count == count)
        for ending in ["tokens", "index"] {
            let file = folder.output.appending(path: "\(shards.manifest.shards[0].name).\(ending)")
            try FileHandle(forWritingTo: file).truncate(atOffset: 2)
        }
        let error = try #require(throws: InputError.self) { _ = try shards.tokens(at: 0, count: count) }
        #expect(error.location.hasSuffix(".tokens") && error.problem.contains("changed while it was in use"))
        var cursor = try ShardCursor(shards, windowLength: 3, seed: 1)
        let before = cursor.state
        #expect(throws: InputError.self) { try cursor.next() }
        #expect(cursor.state == before)
    }

    @Test func sentencesAndWordsAreMarked() throws {
        let folder = try ShardFolder([("a", ["今天天气很好。我们去公园玩！", "在公园 playing 球"])])
        try folder.make(words: try folder.dictionary())
        let shards = try TokenShards.open(folder.output)
        // 今天|天气|很|好|。 我们|去|公园|玩|！ and 在|公园|play ##ing|球, a letter a token but for "playing".
        #expect(try shards.sentences(of: 0) == [0..<7, 7..<14])
        #expect(try shards.sentences(of: 1) == [14..<20])
        let starts = try (0..<shards.tokenCount).filter(shards.isWordStart)
        #expect(starts == [0, 2, 4, 5, 6, 7, 9, 10, 12, 13, 14, 15, 17, 19])
    }

    /// Eight files, so eight batches, of 40 documents of 13 tokens.
    private static let manyFiles = (0..<8).map { file in
        (name: "f\(file)", lines: (10..<50).map { "今天\(file)\($0)天气很好。我们去公园" })
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let folder = try ShardFolder(Self.manyFiles)
        try folder.make(shardTokens: 1000, threads: 1)
        let one = try folder.contents()
        try FileManager.default.removeItem(at: folder.output)
        try folder.make(shardTokens: 1000, threads: 4)
        #expect(try folder.contents() == one)
        #expect(try TokenShards.open(folder.output).manifest.shards.count == 5)
        #expect(one.count == 2 * 5 + 1)
    }

    @Test func shortDocumentsAreLeftOutAndCounted() throws {
        let folder = try ShardFolder([("a", ["好", "今天天气", "我们去公园玩"])])
        let (report, sink) = try folder.make(minimumTokens: 4)
        #expect(try TokenShards.open(folder.output).documentCount == 2)
        #expect(report.facts["shortDocuments"] == .integer(1))
        #expect(sink.count == 3)
    }

    /// Fails at its n-th write, as a full disk does.
    private final class FailingSink: DocumentSink {
        let format = DocumentFormat.lines
        var writes: Int

        init(failsAt writes: Int) { self.writes = writes }

        func write(_ encoded: [UInt8], count: Int) throws {
            writes -= 1
            if writes == 0 { throw InputError(.run, at: "sink", "disk full") }
        }

        func reject(_ documents: [RejectedDocument]) throws {}
    }

    @Test(arguments: [1, 3, 6])
    func anInterruptedRunGoesOnWithTheSameBytes(failsAt: Int) throws {
        let folder = try ShardFolder(Self.manyFiles)
        try folder.make(shardTokens: 500)
        let whole = try folder.contents()
        try FileManager.default.removeItem(at: folder.output)
        let stage = ShardStage(tokenizer: folder.tokenizer, output: folder.output, shardTokens: 500)
        #expect(throws: InputError.self) {
            try stage.run(folder.files.input, FailingSink(failsAt: failsAt), folder.files.context())
        }
        #expect(throws: InputError.self) { try TokenShards.open(folder.output) }
        // A finished shard is kept, not written again: it stays the same file.
        func fileNumber() throws -> Int? {
            let path = folder.output.appending(path: "shard-00000.tokens").path
            return try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        }
        let before = try fileNumber()
        let (_, sink) = try folder.make(shardTokens: 500)
        #expect(try fileNumber() == before)
        #expect(sink.count == 8 * 40)
        #expect(try folder.contents() == whole)
    }

    @Test func missingLastShardIsMadeAgain() throws {
        let folder = try ShardFolder([("a", ShardFolder.texts)])
        try folder.make(shardTokens: 15)
        let whole = try folder.contents()
        let last = try #require(whole.keys.filter { $0.hasSuffix(".tokens") }.max())
        try FileManager.default.removeItem(at: folder.output.appending(path: last))
        #expect(throws: InputError.self) { try TokenShards.open(folder.output) }
        try folder.make(shardTokens: 15)
        #expect(try folder.contents() == whole)
    }
}

@Suite struct HostileShardsTests {
    private func expectRefused(_ name: String, _ change: (inout Data) -> Void) throws {
        let folder = try ShardFolder([("a", ShardFolder.texts)])
        try folder.make()
        let file = folder.output.appending(path: name)
        var data = try Data(contentsOf: file)
        change(&data)
        try data.write(to: file)
        #expect(throws: InputError.self) {
            let shards = try TokenShards.open(folder.output)
            try shards.verify()
        }
    }

    @Test func cutFilesAreRefused() throws {
        for name in ["shard-00000.tokens", "shard-00000.index", "index.json"] {
            try expectRefused(name) {
                $0.removeLast(); $0.removeLast()
            }
            try expectRefused(name) { $0 = Data() }
        }
    }

    @Test func foreignAndChangedFilesAreRefused() throws {
        try expectRefused("shard-00000.index") { $0[0] = 0 }
        try expectRefused("shard-00000.index") { $0[8] = 2 }
        try expectRefused("shard-00000.index") { $0[23] = 0xFF }
        try expectRefused("shard-00000.index") { $0[44] ^= 1 }
        try expectRefused("shard-00000.tokens") { $0[0] ^= 1 }
        for (old, new) in [
            ("\"bytesPerToken\" : 2", "\"bytesPerToken\" : 3"), ("\"shard-00000\"", "\"../x\""),
            ("\"version\" : 1", "\"version\" : 9"),
        ] {
            try expectRefused("index.json") {
                $0 = Data(String(decoding: $0, as: UTF8.self).replacing(old, with: new).utf8)
            }
        }
    }

    @Test func damagedRowsThrowAndDoNotCrash() throws {
        let folder = try ShardFolder([("a", ShardFolder.texts)])
        try folder.make()
        let file = folder.output.appending(path: "shard-00000.index")
        var data = try Data(contentsOf: file)
        // The second document's start, far behind the end.
        data[40 + 4 + 3] = 0x7F
        try data.write(to: file)
        let shards = try TokenShards.open(folder.output)
        #expect(throws: InputError.self) { try shards.document(0) }
        #expect(throws: InputError.self) { try shards.document(1) }
    }
}

@Suite struct ShardCursorTests {
    private func shards(_ body: (TokenShards) throws -> Void) throws {
        let lines = (0..<40).map { "今天\($0)天气很好。" }
        let folder = try ShardFolder([("news", lines), ("books", (0..<10).map { "我们去公园\($0)" })])
        try folder.make(shardTokens: 100)
        try body(try TokenShards.open(folder.output))
    }

    @Test func stopAndResumeIsTheSame() throws {
        try shards { shards in
            var whole = try ShardCursor(shards, windowLength: 7, seed: 5)
            let count = 2 * whole.windowCount + 3
            let expected = try (0..<count).map { _ in try whole.next().tokens }
            var cursor = try ShardCursor(shards, windowLength: 7, seed: 5)
            var found: [[Int32]] = []
            for _ in 0..<count {
                let saved = try JSONEncoder().encode(cursor.state)
                cursor = try ShardCursor(shards, JSONDecoder().decode(ShardCursor.State.self, from: saved))
                found.append(try cursor.next().tokens)
            }
            #expect(found == expected)
        }
    }

    @Test func anEpochHasEveryWindowOnce() throws {
        try shards { shards in
            var cursor = try ShardCursor(shards, windowLength: 16, seed: 1)
            let epochs = try (0..<2).map { _ in try (0..<cursor.windowCount).map { _ in try cursor.next().position } }
            for epoch in epochs { #expect(epoch.sorted() == (0..<cursor.windowCount).map { 16 * $0 }) }
            #expect(epochs[0] != epochs[1])
            #expect(cursor.state.position == cursor.windowCount)
        }
    }

    @Test func impossibleStatesAreRefused() throws {
        try shards { shards in
            #expect(throws: InputError.self) { try ShardCursor(shards, windowLength: 0, seed: 1) }
            #expect(throws: InputError.self) {
                try ShardCursor(shards, windowLength: shards.tokenCount + 1, seed: 1)
            }
            let state = try ShardCursor(shards, windowLength: 8, seed: 1).state
            var foreign = state
            foreign.shards = "0"
            #expect(throws: InputError.self) { try ShardCursor(shards, foreign) }
            var beyond = state
            beyond.position = 1_000_000
            #expect(throws: InputError.self) { try ShardCursor(shards, beyond) }
        }
    }

    @Test func stagesShareNoDocumentAndKeepTheSources() throws {
        try shards { shards in
            let sampler = try TwoStageSampler(shards, seed: 3, firstShare: 0.8, lengths: (4, 8))
            let stages = [sampler.first, sampler.second].map { plan in
                (0..<plan.documentCount).map { plan.document(at: $0) }
            }
            #expect((stages[0] + stages[1]).sorted() == Array(0..<shards.documentCount))
            #expect(try stages[0].filter { try shards.source(of: $0) == 1 }.count == 8)
            #expect(try stages[0].filter { try shards.source(of: $0) == 0 }.count == 32)
            let windows = try sampler.second.windows(of: 0, in: shards)
            #expect(windows == [0..<8, 8..<9] || windows == [0..<8])
            #expect(throws: InputError.self) { try TwoStageSampler(shards, seed: 3, firstShare: 1) }
        }
    }
}
