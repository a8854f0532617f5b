import Foundation
import InkSupport

/// Finds documents that are worth a person's judgement, as Yuan 1.0 samples for its quality classifier: by an n-gram
/// model, by the density of advertising words, and by clusters of like documents.
public struct QualityLabeling: Sendable {
    /// Bytes of text to choose among, and to learn a language model from: enough for both, little for the memory.
    public static let sampleBytes = 16 << 20

    /// Candidates of each class.
    public var perClass: Int
    /// Groups of like documents.
    public var clusters: Int
    public var seed: UInt64
    /// Characters of the shortest candidate: less says nothing about fluency.
    public var shortest = 20
    /// Signs of advertising that a text must have to be dense with them.
    public var fewestSigns = 4
    private let words: AdvertisingWords
    private let reference: CharacterLanguageModel?

    /// - Parameter reference: a model of fluent text; nil to measure each half of the documents by a model of the other.
    /// - Throws: `InputError` (`.usage`) for numbers below 1.
    public init(
        words: AdvertisingWords = AdvertisingWords(), reference: CharacterLanguageModel? = nil, perClass: Int = 100,
        clusters: Int = 32, seed: UInt64 = 1
    ) throws {
        guard perClass >= 1, (1...256).contains(clusters) else {
            throw InputError(
                .usage, at: "quality label", "a number is out of range",
                expected: "1 candidate a class or more, 1 to 256 clusters",
                found: "\(perClass) candidates, \(clusters) clusters")
        }
        self.words = words
        self.reference = reference
        self.perClass = perClass
        self.clusters = clusters
        self.seed = seed
    }

    /// What is known of a document.
    private struct Facts {
        var characters = 0
        var signs = AdvertisingWords.Signs()
        var perplexity = 0.0
        /// See `CharacterLanguageModel.orderGain(of:)`.
        var gain = (sum: 0.0, count: 0)
        var isWhole = false
    }

    /// The candidates: first what looks like advertising, then what does not look fluent, then typical text.
    public func candidates(in sample: DocumentSample) throws -> [QualityCandidate] {
        let facts = facts(of: sample)
        let groups = try DocumentClusters(sample, clusters: clusters, seed: seed).assignment
        // A seeded order, for choices among equals.
        let order = (0..<sample.count).sorted {
            (Hash64.of(UInt64($0), seed: seed), $0) < (Hash64.of(UInt64($1), seed: seed), $1)
        }
        .filter { facts[$0].characters >= shortest }
        var taken = Set<UInt64>()
        var candidates: [QualityCandidate] = []
        func take(_ places: some Sequence<Int>, upTo limit: Int, as kind: QualityClass, _ reason: String) -> Int {
            var count = 0
            for place in places {
                if count >= limit { break }
                // Of equal texts one is enough.
                guard taken.insert(Hash64.of(sample.utf8(place))).inserted else { continue }
                count += 1
                candidates.append(
                    QualityCandidate(
                        id: sample.ids[place], text: String(decoding: sample.utf8(place), as: UTF8.self),
                        candidate: kind, reason: reason, perplexity: facts[place].perplexity,
                        order: facts[place].gain.sum / Double(max(facts[place].gain.count, 1)),
                        density: facts[place].signs.density, cluster: groups[place]))
            }
            return count
        }
        let dense = order.filter { facts[$0].signs.count >= fewestSigns }
        let keywords = dense.stableSorted { facts[$0].signs.density > facts[$1].signs.density }
        var found = take(keywords, upTo: perClass - perClass / 4, as: .advertisement, "keywords")
        // The cluster around them: advertisements in other words.
        let centre = Array(keywords.prefix(perClass))
        let likeness = try DocumentClusters.likeness(sample, to: centre)
        let bound = centre.map { likeness[$0] }.sorted().dropFirst(centre.count / 2).first.map { $0 / 2 } ?? .infinity
        let beside = order.filter { facts[$0].signs.count < fewestSigns && likeness[$0] >= bound }
            .stableSorted { likeness[$0] > likeness[$1] }
        _ = take(beside, upTo: perClass - found, as: .advertisement, "cluster")

        found = take(leastOrdered(order, facts), upTo: perClass - perClass / 4, as: .disfluent, "order")
        let rare = order.stableSorted { facts[$0].perplexity > facts[$1].perplexity }
        // The lower half is fluent enough to be no candidate.
        let median = rare.isEmpty ? 0 : facts[rare[rare.count / 2]].perplexity
        _ = take(rare.prefix(rare.count / 2), upTo: perClass - found, as: .disfluent, "perplexity")

        // Longer texts inform; a review of one line is fluent too.
        let lengths = order.map { facts[$0].characters }.sorted()
        let long = min(100, lengths.isEmpty ? 0 : lengths[2 * lengths.count / 3])
        let typical = order.filter {
            facts[$0].signs.count <= 1 && facts[$0].perplexity <= median && facts[$0].characters >= long
                && facts[$0].isWhole
        }
        _ = take(Self.inTurn(typical, groups), upTo: perClass, as: .high, "typical")
        return candidates
    }

    private func facts(of sample: DocumentSample) -> [Facts] {
        var facts = [Facts](repeating: Facts(), count: sample.count)
        func measure(_ place: Int, _ model: CharacterLanguageModel) {
            let utf8 = sample.utf8(place)
            facts[place].characters = Scalars.count(in: utf8[...])
            facts[place].signs = words.signs(in: utf8)
            facts[place].perplexity = model.perplexity(of: utf8) ?? 0
            facts[place].gain = model.orderGain(of: utf8)
            facts[place].isWhole = Self.sentenceEnds.contains { utf8.suffix($0.count).elementsEqual($0) }
        }
        if let reference {
            for place in 0..<sample.count { measure(place, reference) }
            return facts
        }
        for half in 0..<2 {
            let model = CharacterLanguageModel(sample.selecting((0..<sample.count).filter { $0 % 2 != half }))
            for place in stride(from: half, to: sample.count, by: 2) { measure(place, model) }
        }
        return facts
    }

    private static let sentenceEnds = ["。", "！", "？", "”", "」", "…"].map { Array($0.utf8) }

    /// Documents whose characters stand in an unusual order, the most unusual first: by the mean gain, drawn to the mean
    /// of all documents as if twenty more characters had that.
    private func leastOrdered(_ order: [Int], _ facts: [Facts]) -> [Int] {
        let judged = order.filter { facts[$0].gain.count >= 15 }
        let (sum, count) = judged.reduce((0.0, 0)) { ($0.0 + facts[$1].gain.sum, $0.1 + facts[$1].gain.count) }
        let mean = sum / Double(max(count, 1))
        func score(_ place: Int) -> Double {
            (facts[place].gain.sum + 20 * mean) / Double(facts[place].gain.count + 20)
        }
        return Array(judged.stableSorted { score($0) < score($1) }.prefix(judged.count / 2))
    }

    /// One of each group in turn.
    private static func inTurn(_ order: [Int], _ groups: [Int]) -> [Int] {
        var turns: [Int: Int] = [:]
        let numbered = order.map { place in
            turns[groups[place], default: 0] += 1
            return (place: place, turn: turns[groups[place]] ?? 0)
        }
        return numbered.stableSorted { $0.turn < $1.turn }.map(\.place)
    }
}

extension Array {
    /// Sorted, with equal elements in their order.
    fileprivate func stableSorted(by precedes: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted {
            precedes($0.element, $1.element)
                || (!precedes($1.element, $0.element) && $0.offset < $1.offset)
        }.map(\.element)
    }
}
