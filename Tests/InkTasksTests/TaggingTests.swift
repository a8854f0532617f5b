import Foundation
import InkSupport
import InkTasks
import Testing

/// Expected spans and scores: seqeval 1.2.2.
@Suite struct TaggingTests {
    private static func tags(_ sentence: [String]) throws -> [TagScheme.Tag] {
        try sentence.map { try #require(TagScheme.Tag($0)) }
    }

    private static func parts(_ spans: [TypedSpan]) -> [[TaskMetricsFixture.Part]] {
        spans.map { [.type($0.type), .offset($0.start), .offset($0.end)] }
    }

    private func close(_ scores: ClassificationMetrics.Scores, _ expected: [Double?]) -> Bool {
        let found = [scores.precision, scores.recall, scores.f1, Double(scores.support)]
        return found.count == expected.count
            && zip(found, expected).allSatisfy { found, expected in abs(found - (expected ?? .nan)) < 1e-12 }
    }

    @Test func spansAndScoresAsInSeqeval() throws {
        for item in try TaskMetricsFixture.read().tagging {
            let scheme = try #require(TagScheme(rawValue: item.scheme))
            let gold = try item.gold.map(Self.tags)
            let predicted = try item.predicted.map(Self.tags)
            for (index, sentence) in gold.enumerated() {
                #expect(Self.parts(TagScheme.spans(of: sentence)) == item.spans[index], "\(item.gold[index])")
                let strict = scheme.strictSpans(of: sentence).sorted { ($0.type, $0.start) < ($1.type, $1.start) }
                #expect(Self.parts(strict) == item.strictSpans[index], "\(item.gold[index])")
            }
            let metrics = try EntityMetrics(goldTags: gold, predictedTags: predicted)
            #expect(close(metrics.microAverage, item.micro))
            #expect(close(metrics.macroAverage, item.macro))
            #expect(close(metrics.weightedAverage, item.weighted))
            #expect(metrics.types.map(\.type) == ["LOC", "PER"])
            for (index, type) in metrics.types.enumerated() {
                #expect(close(type.scores, item.types.map { $0[index] }))
            }
            let strict = try EntityMetrics(goldTags: gold, predictedTags: predicted, strict: scheme)
            #expect(close(strict.microAverage, item.strictMicro))
            #expect(close(strict.macroAverage, item.strictMacro))
            #expect(strict != metrics)
        }
        #expect(throws: InputError.self) { try EntityMetrics(gold: [[]], predicted: []) }
        #expect(throws: InputError.self) { try EntityMetrics(goldTags: [[.outside]], predictedTags: [[]]) }
    }

    @Test func noSpansScoreZero() throws {
        let metrics = try EntityMetrics(gold: [[], []], predicted: [[], []])
        #expect(metrics.microAverage.f1 == 0 && metrics.macroAverage.f1 == 0 && metrics.types.isEmpty)
    }

    @Test(arguments: TagScheme.allCases)
    func spansToTagsAndBack(scheme: TagScheme) throws {
        let spans = [
            TypedSpan(type: "a", start: 0, end: 1), TypedSpan(type: "a", start: 1, end: 4),
            TypedSpan(type: "b", start: 4, end: 6), TypedSpan(type: "a", start: 8, end: 9),
        ]
        let (names, cut) = scheme.encode(spans, units: (0..<9).map { $0..<($0 + 1) })
        #expect(cut == 0)
        let tags = try Self.tags(names)
        #expect(TagScheme.spans(of: tags) == spans)
        #expect(scheme.strictSpans(of: tags) == spans)
        #expect(scheme.breaks(in: tags).isEmpty)
        #expect(Set(names).isSubset(of: scheme.tagNames(types: ["a", "b"])))
    }

    @Test func spansOverWiderUnits() {
        let spans = [TypedSpan(type: "a", start: 2, end: 6), TypedSpan(type: "b", start: 6, end: 7)]
        let units = [0..<2, 2..<5, 5..<8, 9..<10]
        let (names, cut) = TagScheme.bio.encode(spans, units: units)
        #expect(names == ["O", "B-a", "I-a", "O"])
        #expect(cut == 2)
        #expect(TagScheme.bmes.encode([TypedSpan(type: "x", start: 0, end: 10)], units: units).tags.last == "E-x")
    }

    @Test func breaksAreNamed() throws {
        #expect(TagScheme.bio.breaks(in: try Self.tags(["I-a", "I-a", "I-b", "O", "B-a", "I-b"])) == [0, 2, 5])
        #expect(
            TagScheme.bioes.breaks(in: try Self.tags(["B-a", "O", "E-a", "S-a", "B-b", "B-b", "E-b"])) == [1, 2, 5])
        #expect(TagScheme.bmes.breaks(in: try Self.tags(["B-a", "M-a"])) == [2])
        #expect(TagScheme.Tag("X-a") == nil && TagScheme.Tag("Ox") == nil && TagScheme.Tag("") == nil)
    }
}
