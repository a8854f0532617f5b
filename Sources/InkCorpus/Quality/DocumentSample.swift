import InkSupport

/// Documents in memory with a class each, never more than a limit: when they become too many, those with the larger
/// hash go, so that the sample depends on the documents and the seed alone.
public struct DocumentSample: Sendable {
    /// Class of each document; -1 for none.
    public private(set) var labels: [Int] = []
    /// Name of each document.
    public private(set) var ids: [String] = []
    /// Documents that were offered.
    public private(set) var offered = 0
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var ranks: [UInt64] = []
    private var highestRank = UInt64.max
    private let limit: Int
    private let seed: UInt64

    /// - Parameter limit: bytes of text to hold at most.
    public init(limit: Int = 192 << 20, seed: UInt64 = 1) {
        self.limit = limit
        self.seed = seed
    }

    /// The number of documents held.
    public var count: Int { labels.count }
    /// Bytes of text held.
    public var byteCount: Int { bytes.count }

    /// The text of a document.
    public func utf8(_ index: Int) -> [UInt8] { Array(bytes[range(index)]) }

    /// Offers a document.
    public mutating func add(_ utf8: [UInt8], label: Int = -1, id: String = "") {
        offered += 1
        let rank = Hash64.of(utf8, seed: seed)
        guard rank <= highestRank else { return }
        append(utf8[...], label, id, rank)
        while bytes.count > limit, count > 1 { thin() }
    }

    /// The documents at some places, in the order given.
    public func selecting(_ places: [Int]) -> DocumentSample {
        var selection = DocumentSample(limit: limit, seed: seed)
        for place in places { selection.append(bytes[range(place)], labels[place], ids[place], ranks[place]) }
        selection.offered = places.count
        return selection
    }

    /// Two parts: about a `share` of the documents, chosen by their hash, and the others. A class of fewer than ten
    /// documents stays whole, with the others.
    /// - Parameter salt: another one divides anew; a part that is divided again needs that.
    public func split(share: Double, salt: UInt64 = 0) -> (held: DocumentSample, rest: DocumentSample) {
        var sizes: [Int: Int] = [:]
        for label in labels { sizes[label, default: 0] += 1 }
        let isHeld = labels.indices.map { index in
            (sizes[labels[index]] ?? 0) >= 10 && Hash64.unit(Hash64.mix(ranks[index] ^ salt)) < share
        }
        return (
            selecting(labels.indices.filter { isHeld[$0] }), selecting(labels.indices.filter { !isHeld[$0] })
        )
    }

    /// - Parameter location: what the error names.
    /// - Throws: `InputError` naming the first of these classes that has no document.
    package func requireDocuments(of labels: [String], at location: String = "training") throws {
        for (label, name) in labels.enumerated() where !self.labels.contains(label) {
            throw InputError(
                at: location, "a class has no document", expected: "some of each: \(labels.joined(separator: ", "))",
                found: "none of \(name)", remedy: "judge or give some of this class")
        }
    }

    /// Adds all documents of another sample.
    public mutating func add(_ other: DocumentSample) {
        for index in 0..<other.count { add(other.utf8(index), label: other.labels[index], id: other.ids[index]) }
    }

    /// Reads documents into a sample, all of one class.
    /// - Throws: as reading does.
    public mutating func add(
        _ input: DocumentInput, label: Int = -1, _ title: String, _ context: StageContext
    ) throws {
        let problems = try input.forEachBatch(
            title, context, makeWorker: { () }, transform: { batch, _ in batch.documents },
            consume: { documents in
                for document in documents { add(document.utf8, label: label, id: document.id) }
            })
        problems.warnings.forEach(context.warn)
    }

    private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    private mutating func append(_ utf8: ArraySlice<UInt8>, _ label: Int, _ id: String, _ rank: UInt64) {
        bytes += utf8
        ends.append(bytes.count)
        labels.append(label)
        ids.append(id)
        ranks.append(rank)
    }

    /// Halves the ranks that stay.
    private mutating func thin() {
        highestRank /= 2
        var thinner = selecting(labels.indices.filter { ranks[$0] <= highestRank })
        thinner.offered = offered
        thinner.highestRank = highestRank
        self = thinner
    }
}
