import Foundation
import InkSupport

/// Finds documents that are worth a person's judgement, as Yuan 1.0 samples for its quality classifier: by the
/// perplexity of an n-gram model, the density of advertising words, and clusters of like documents.
public struct QualityLabeling: Sendable {
    /// Bytes of text to choose among, and to learn a language model from: enough for both, little for the memory.
    public static let sampleBytes = 16 << 20

    /// Candidates of each class.
    public var perClass: Int
    /// Groups of like documents.
    public var clusters: Int
    public var seed: UInt64
    /// Characters of the shortest candidate: less says nothing about fluency, and one word makes it dense.
    public var shortest = 10
    private let words: AdvertisingWords
    private let reference: CharacterLanguageModel?

    /// - Parameter reference: a model of fluent text; nil to measure each half of the documents by a model of the other.
    /// - Throws: `InputError` (`.usage`) for numbers below 1.
    public init(
        words: AdvertisingWords = AdvertisingWords(), reference: CharacterLanguageModel? = nil, perClass: Int = 100,
        clusters: Int = 16, seed: UInt64 = 1
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

    /// The candidates: first what looks like advertising, then what does not look fluent, then typical text.
    public func candidates(in sample: DocumentSample) throws -> [QualityCandidate] {
        let perplexities = perplexities(of: sample)
        let densities = (0..<sample.count).map { words.density(of: sample.utf8($0)) }
        let groups = try DocumentClusters(sample, clusters: clusters, seed: seed).assignment
        // A seeded order, for choices among equals.
        let order = (0..<sample.count).sorted {
            (Hash64.of(UInt64($0), seed: seed), $0) < (Hash64.of(UInt64($1), seed: seed), $1)
        }
        .filter { Self.characterCount(sample.utf8($0)) >= shortest }
        var taken = Set<Int>()
        var takenTexts = Set<UInt64>()
        var candidates: [QualityCandidate] = []
        func take(_ places: some Sequence<Int>, upTo limit: Int, as kind: QualityClass, _ reason: String) -> Int {
            var count = 0
            for place in places where !taken.contains(place) {
                if count >= limit { break }
                // Of equal texts one is enough.
                guard takenTexts.insert(Hash64.of(sample.utf8(place))).inserted else { continue }
                taken.insert(place)
                count += 1
                candidates.append(
                    QualityCandidate(
                        id: sample.ids[place], text: String(decoding: sample.utf8(place), as: UTF8.self),
                        candidate: kind, reason: reason, perplexity: perplexities[place], density: densities[place],
                        cluster: groups[place]))
            }
            return count
        }
        let dense = order.filter { densities[$0] > 0 }.stableSorted { densities[$0] > densities[$1] }
        let near = Self.advertisingGroups(groups, densities)
        let found = take(dense, upTo: perClass - perClass / 4, as: .advertisement, "keywords")
        _ = take(order.filter { near.contains(groups[$0]) }, upTo: perClass - found, as: .advertisement, "cluster")
        let rare = order.stableSorted { perplexities[$0] > perplexities[$1] }
        // The lower half is fluent enough to be no candidate.
        let median = rare.isEmpty ? 0 : perplexities[rare[rare.count / 2]]
        _ = take(rare.prefix(rare.count / 2), upTo: perClass, as: .disfluent, "perplexity")
        _ = take(
            order.filter { densities[$0] == 0 && perplexities[$0] <= median }, upTo: perClass, as: .high, "typical")
        return candidates
    }

    private func perplexities(of sample: DocumentSample) -> [Double] {
        if let reference { return (0..<sample.count).map { reference.perplexity(of: sample.utf8($0)) ?? 0 } }
        var result = [Double](repeating: 0, count: sample.count)
        for half in 0..<2 {
            let model = CharacterLanguageModel(
                sample.selecting((0..<sample.count).filter { $0 % 2 != half }))
            for index in stride(from: half, to: sample.count, by: 2) {
                result[index] = model.perplexity(of: sample.utf8(index)) ?? 0
            }
        }
        return result
    }

    private static func characterCount(_ utf8: [UInt8]) -> Int {
        var count = 0
        for byte in utf8 where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// The groups in which advertising words are at least twice as dense as overall.
    private static func advertisingGroups(_ groups: [Int], _ densities: [Double]) -> Set<Int> {
        var sums: [Int: (density: Double, count: Double)] = [:]
        for (group, density) in zip(groups, densities) {
            sums[group, default: (0, 0)].density += density
            sums[group, default: (0, 0)].count += 1
        }
        let mean = densities.reduce(0, +) / Double(max(densities.count, 1))
        guard mean > 0 else { return [] }
        return Set(sums.filter { $0.value.density / $0.value.count >= 2 * mean }.map(\.key))
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
