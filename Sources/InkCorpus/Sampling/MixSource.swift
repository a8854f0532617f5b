import InkSupport

/// What a mixture takes of one source.
struct MixSource {
    let name: String
    private let weight: Double
    private let epochs: Double
    private let seed: UInt64
    private var documents = 0
    private var bytes = 0
    /// Bytes of the documents by the leading 16 bits of their numbers' hash.
    private var bucketBytes = [Int](repeating: 0, count: 1 << 16)
    private var wanted = 0
    /// How often every document is taken, and which are taken once more.
    private var wholeEpochs = 0
    private var partial = HashThreshold(below: 0, seed: 0)
    private var seen = 0
    private var takenDocuments = 0
    private var takenBytes = 0

    init(name: String, weight: Double, epochs: Double, seed: UInt64) {
        self.name = name
        self.weight = weight
        self.epochs = epochs
        self.seed = Hash64.of(Array(name.utf8), seed: seed)
    }

    /// Takes note of the next document.
    mutating func add(bytes count: Int) {
        bucketBytes[Int(Hash64.of(UInt64(documents), seed: seed) >> 48)] += count
        documents += 1
        bytes += count
    }

    /// Decides what is taken of each source.
    /// - Parameter others: sources of the input that have no weight, for a message.
    /// - Returns: what people should know.
    /// - Throws: `InputError` for a source that has no documents.
    static func plan(_ sources: inout [MixSource], _ total: MixStage.Total, _ stage: String, others: String) throws
        -> [String]
    {
        for source in sources where source.documents == 0 {
            throw InputError(
                at: "\(stage): weights: \(source.name)", "no document of the input has this source",
                expected: others.isEmpty ? "a source of the input" : "a source of the input, such as \(others)",
                remedy: "leave the weight out, or check the documents' source")
        }
        let (amount, inBytes): (Int, Bool) =
            switch total {
            case .documents(let count): (count, false)
            case .bytes(let count): (count, true)
            }
        let ideal = MixAllocation.shares(of: amount, sources.map(\.weight))
        let given = MixAllocation.divide(
            amount,
            among: sources.map { source in
                let held = Double(inBytes ? source.bytes : source.documents)
                return .init(weight: source.weight, capacity: Int(min(held * source.epochs, 1e15)))
            })
        var warnings: [String] = []
        for index in sources.indices {
            sources[index].wanted = ideal[index]
            if inBytes {
                sources[index].take(bytes: given[index])
            } else {
                sources[index].take(documents: given[index])
            }
            if given[index] < ideal[index] {
                warnings.append(
                    "\(sources[index].name): holds less than its weight asks for, \(given[index]) of \(ideal[index])")
            }
        }
        let sum = given.reduce(0, +)
        if sum < amount { warnings.append("the sources hold \(sum) of the \(amount) asked for") }
        return warnings
    }

    private mutating func take(documents count: Int) {
        wholeEpochs = count / documents
        partial = HashThreshold(taking: count % documents, of: documents, seed: seed)
    }

    private mutating func take(bytes count: Int) {
        wholeEpochs = bytes == 0 ? 0 : count / bytes
        let rest = bytes == 0 ? 0 : count % bytes
        var (sum, bucket) = (0, 0)
        while bucket < bucketBytes.count, sum + bucketBytes[bucket] <= rest {
            sum += bucketBytes[bucket]
            bucket += 1
        }
        // Nothing is starved: at least one document.
        if sum == 0, wholeEpochs == 0, rest > 0 {
            while bucket < bucketBytes.count, bucketBytes[bucket] == 0 { bucket += 1 }
            bucket += 1
        }
        partial = HashThreshold(below: bucket >= bucketBytes.count ? nil : UInt64(bucket) << 48, seed: seed)
        if sum == 0, rest == 0 { partial = HashThreshold(below: 0, seed: seed) }
    }

    /// About the bytes of text that will be taken.
    var plannedBytes: Int { (wholeEpochs + 1) * bytes }

    /// How often the next document is taken.
    mutating func next(bytes count: Int) -> Int {
        let copies = wholeEpochs + (partial.takes(seen) ? 1 : 0)
        seen += 1
        takenDocuments += copies
        takenBytes += copies * count
        return copies
    }

    /// Where a copy of the document that `next(bytes:)` told of stands in the shuffled order.
    func key(copy: Int) -> UInt64 { Hash64.of(UInt64(seen), seed: Hash64.of(UInt64(copy), seed: ~seed)) }

    /// For the report.
    var facts: JSONValue {
        .record([
            "source": .string(name), "weight": .float(weight), "documents": .integer(documents),
            "bytes": .integer(bytes), "wanted": .integer(wanted), "takenDocuments": .integer(takenDocuments),
            "takenBytes": .integer(takenBytes), "epochs": .float(Double(takenDocuments) / Double(max(1, documents))),
            "maximumEpochs": .float(epochs),
        ])
    }
}
