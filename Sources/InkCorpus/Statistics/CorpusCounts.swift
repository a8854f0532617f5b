import Foundation
import InkSupport
import InkText

/// Counts of a part of a corpus. Parts are merged in the order of the documents.
struct CorpusCounts: Sendable {
    /// Documents and characters of one source.
    struct Source: Hashable, Sendable {
        var documents = 0
        var characters = 0
    }

    var documents = 0
    var bytes = 0
    var characters = 0
    /// Characters that are no white space, and the ideographs among them.
    var visible = 0
    var ideographs = 0
    var sentences = 0
    var lines = 0
    var tokens = 0
    var unknownTokens = 0
    var tally = StageTally()
    /// How often each character stands there.
    var scalars: [Unicode.Scalar: Int] = [:]
    /// The hash of each document of a batch; not merged.
    var hashes: [UInt64] = []
    private(set) var sources: [String: Source] = [:]
    /// Sources in the order in which they came, so that the limit always keeps the same ones.
    private var sourceNames: [String] = []
    private(set) var scores: [String: RangeHistogram] = [:]
    private var scoreNames: [String] = []

    /// Different sources, and numbers of `meta`, that are told apart. Further sources count as one.
    private static let sourceLimit = 1 << 14
    private static let scoreLimit = 64
    private static let furtherSources = "(further sources)"
    /// Rows of the tables in the facts.
    private static let shownSources = 50
    private static let shownCharacters = 100

    mutating func addSource(_ name: String, _ source: Source) {
        var name = name
        if sources[name] == nil {
            if sources.count >= Self.sourceLimit { name = Self.furtherSources }
            if sources[name] == nil { sourceNames.append(name) }
        }
        sources[name, default: Source()].documents += source.documents
        sources[name, default: Source()].characters += source.characters
    }

    mutating func addScores(of meta: JSONObject) {
        for name in meta.names {
            guard case .number(let text) = meta[name], let value = Double(text) else { continue }
            merge(name) { $0.add(value) }
        }
    }

    private mutating func merge(_ score: String, _ change: (inout RangeHistogram) -> Void) {
        if scores[score] == nil {
            guard scores.count < Self.scoreLimit else { return }
            scoreNames.append(score)
        }
        change(&scores[score, default: RangeHistogram()])
    }

    mutating func merge(_ other: CorpusCounts) {
        documents += other.documents
        bytes += other.bytes
        characters += other.characters
        visible += other.visible
        ideographs += other.ideographs
        sentences += other.sentences
        lines += other.lines
        tokens += other.tokens
        unknownTokens += other.unknownTokens
        tally.merge(other.tally)
        for (scalar, count) in other.scalars { scalars[scalar, default: 0] += count }
        for name in other.sourceNames { if let source = other.sources[name] { addSource(name, source) } }
        for name in other.scoreNames { if let score = other.scores[name] { merge(name) { $0.merge(score) } } }
    }

    /// The counts for the report.
    var facts: JSONObject {
        var scores = JSONObject()
        for name in scoreNames { scores[name] = self.scores[name]?.json }
        let ranked = sources.sorted { left, right in
            left.value.characters != right.value.characters
                ? left.value.characters > right.value.characters : left.key < right.key
        }
        let rows = ranked.prefix(Self.shownSources).map { name, source in
            JSONValue.record([
                "source": .string(name), "documents": .integer(source.documents),
                "characters": .integer(source.characters), "share": share(source.characters, of: characters),
            ])
        }
        return JSONObject([
            "documents": .integer(documents), "bytes": .integer(bytes), "characters": .integer(characters),
            "sentences": .integer(sentences), "lines": .integer(lines), "chineseShare": share(ideographs, of: visible),
            "differentCharacters": .integer(scalars.count), "differentSources": .integer(sources.count),
            "sources": .array(rows), "frequentCharacters": table(Self.ranked(scalars)),
            "scores": scores.names.isEmpty ? nil : .object(scores),
        ])
    }

    /// What a tokenizer knows of the text: a character is unknown when it alone gives the unknown token.
    func coverage(of tokenizer: any Tokenizer) -> JSONValue {
        let unknown = scalars.filter { scalar, _ in
            tokenizer.analyze(String(Character(scalar))).ids.contains(tokenizer.unknownID)
        }
        return .record([
            "tokens": .integer(tokens), "unknownTokens": .integer(unknownTokens),
            "unknownTokenShare": share(unknownTokens, of: tokens), "tokensPerCharacter": share(tokens, of: characters),
            "differentUnknownCharacters": .integer(unknown.count),
            "unknownCharacterShare": share(unknown.values.reduce(0, +), of: visible),
            "unknownCharacters": table(Self.ranked(unknown)),
        ])
    }

    private static func ranked(_ scalars: [Unicode.Scalar: Int]) -> [(Unicode.Scalar, Int)] {
        scalars.filter { !$0.key.properties.isWhitespace }
            .sorted { ($1.value, $0.key.value) < ($0.value, $1.key.value) }
    }

    private func table(_ ranked: [(Unicode.Scalar, Int)]) -> JSONValue {
        .array(
            ranked.prefix(Self.shownCharacters).map { scalar, count in
                .record(["character": .string(String(Character(scalar))), "count": .integer(count)])
            })
    }

    private func share(_ part: Int, of whole: Int) -> JSONValue? {
        whole > 0 ? .float(Double(part) / Double(whole)) : nil
    }
}
