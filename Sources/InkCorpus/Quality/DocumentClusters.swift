import Foundation

/// Documents in groups of like wording: spherical k-means over hashed character bigrams weighted by tf-idf.
public struct DocumentClusters: Sendable {
    /// The group of each document.
    public private(set) var assignment: [Int] = []

    private static let bits = 14

    /// - Parameters:
    ///   - clusters: the number of groups; some may stay empty.
    ///   - rounds: passes at most; it ends earlier when no document changes its group.
    public init(_ sample: DocumentSample, clusters: Int, rounds: Int = 10, seed: UInt64 = 1) throws {
        let vectors = try Self.vectors(sample)
        let clusters = max(1, min(clusters, vectors.count))
        guard !vectors.isEmpty else { return }
        var centres = Self.firstCentres(vectors, clusters, seed)
        assignment = Array(repeating: -1, count: vectors.count)
        for _ in 0..<max(1, rounds) {
            var hasChanged = false
            var sums = [[Float]](repeating: [Float](repeating: 0, count: 1 << Self.bits), count: clusters)
            for (index, vector) in vectors.enumerated() {
                var (best, bestScore) = (0, -Float.infinity)
                for (cluster, centre) in centres.enumerated() {
                    var score: Float = 0
                    for (bucket, value) in vector { score += centre[Int(bucket)] * value }
                    if score > bestScore { (best, bestScore) = (cluster, score) }
                }
                if assignment[index] != best { hasChanged = true }
                assignment[index] = best
                for (bucket, value) in vector { sums[best][Int(bucket)] += value }
            }
            if !hasChanged { break }
            for cluster in 0..<clusters {
                let length = sums[cluster].reduce(0) { $0 + $1 * $1 }.squareRoot()
                // A group that lost all its documents keeps its place.
                if length > 0 { centres[cluster] = sums[cluster].map { $0 / length } }
            }
        }
    }

    /// How like each document's wording is to that of some of them: the cosine to their mean.
    static func likeness(_ sample: DocumentSample, to places: [Int]) throws -> [Float] {
        let vectors = try vectors(sample)
        var centre = [Float](repeating: 0, count: 1 << bits)
        for place in places {
            for (bucket, value) in vectors[place] { centre[Int(bucket)] += value }
        }
        return vectors.map { $0.reduce(0) { $0 + centre[Int($1.0)] * $1.1 } }
    }

    /// Unit vectors of the documents: the buckets that are not 0.
    private static func vectors(_ sample: DocumentSample) throws -> [[(UInt32, Float)]] {
        let features = try FeatureHashing(characters: 2...2, words: 0, bits: bits)
        var documentCounts = [Float](repeating: 0, count: features.bucketCount)
        var vectors: [[(UInt32, Float)]] = []
        var buckets: [UInt32] = []
        for index in 0..<sample.count {
            buckets.removeAll(keepingCapacity: true)
            features.append(sample.utf8(index), to: &buckets)
            buckets.sort()
            var vector: [(UInt32, Float)] = []
            for bucket in buckets {
                if let last = vector.last, last.0 == bucket {
                    vector[vector.count - 1].1 += 1
                } else {
                    vector.append((bucket, 1))
                    documentCounts[Int(bucket)] += 1
                }
            }
            vectors.append(vector)
        }
        return vectors.map { vector in
            let weighted = vector.map { bucket, count in
                (bucket, (1 + log(count)) * log((1 + Float(vectors.count)) / (1 + documentCounts[Int(bucket)])))
            }
            let length = weighted.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
            return length > 0 ? weighted.map { ($0.0, $0.1 / length) } : []
        }
    }

    /// Each the longest of four documents drawn: a short one has hardly any likeness to begin with. Documents that are
    /// the least like the others would make poor centres too: they stay alone.
    private static func firstCentres(_ vectors: [[(UInt32, Float)]], _ count: Int, _ seed: UInt64) -> [[Float]] {
        (0..<count).map { number in
            let drawn = (0..<4).map { draw in
                let random = Hash64.of(UInt64(4 * number + draw), seed: seed)
                return vectors[Int(random.multipliedFullWidth(by: UInt64(vectors.count)).high)]
            }
            var centre = [Float](repeating: 0, count: 1 << bits)
            for (bucket, value) in drawn.max(by: { $0.count < $1.count }) ?? [] { centre[Int(bucket)] = value }
            return centre
        }
    }
}
