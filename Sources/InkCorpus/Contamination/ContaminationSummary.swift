import InkSupport

/// What was found of each evaluation file.
struct ContaminationSummary {
    /// A document in which evaluation texts occur.
    struct Finding: Sendable {
        var document: String
        /// Ascending.
        var items: [Int]
        /// The first place.
        var text: String
    }

    /// Examples to show of each file.
    private static let exampleLimit = 10

    private let index: EvaluationIndex
    private let minimumOverlap: Double
    private var isFound: [Bool]
    private var documents: [Int]
    private var examples: [[JSONValue]]
    private var shownItems: Set<Int> = []

    init(_ index: EvaluationIndex, minimumOverlap: Double) {
        self.index = index
        self.minimumOverlap = minimumOverlap
        isFound = [Bool](repeating: false, count: index.slotCount)
        documents = index.files.map { _ in 0 }
        examples = index.files.map { _ in [] }
    }

    /// Takes note of what stood in the next documents.
    mutating func add(slots: [Int], findings: [Finding]) {
        for slot in slots { isFound[slot] = true }
        for finding in findings {
            var last = -1
            for item in finding.items {
                // Items come file by file.
                let file = Int(index.items[item].file)
                if file == last { continue }
                last = file
                documents[file] += 1
                guard examples[file].count < Self.exampleLimit, shownItems.insert(item).inserted else { continue }
                examples[file].append(
                    .record([
                        "item": .string(index.location(item)), "document": .string(finding.document),
                        "text": .string(finding.text),
                    ]))
            }
        }
    }

    /// Reads the evaluation files again and says how much of each occurs.
    /// - Throws: `InputError` for a file that cannot be read any more.
    func report(_ warnings: inout [String]) throws -> JSONValue {
        var units = TextUnits()
        var files: [JSONValue] = []
        for (file, evaluation) in index.files.enumerated() {
            var (items, overlapping, complete, short) = (0, 0, 0, 0)
            try evaluation.forEachText { _, text in
                units.take(text)
                guard units.hashes.count >= index.gramLength else {
                    short += 1
                    return
                }
                var (grams, found) = (0, 0)
                units.forEachGram(index.gramLength) { hash, _ in
                    grams += 1
                    if let slot = index.slot(hash), isFound[slot] { found += 1 }
                }
                items += 1
                if found > 0, Double(found) >= minimumOverlap * Double(grams) { overlapping += 1 }
                if found == grams { complete += 1 }
            }
            if items == 0 {
                warnings.append("\(evaluation.path) has no text of \(index.gramLength) units: nothing was compared")
            } else if short > 0 {
                warnings.append(
                    "\(evaluation.path): \(short) of \(items + short) texts have fewer than \(index.gramLength) units and were "
                        + "not compared")
            }
            files.append(
                .record([
                    "file": .string(evaluation.path), "items": .integer(items),
                    "itemsWithOverlap": .integer(overlapping), "itemsFoundWhole": .integer(complete),
                    "share": .float(items == 0 ? 0 : Double(overlapping) / Double(items)),
                    "documents": .integer(documents[file]), "examples": .array(examples[file]),
                ]))
        }
        return .array(files)
    }
}
