import InkSupport

/// Which documents belong together, four bytes a document. The first document of a group stands for it.
struct DuplicateGroups {
    /// A document of the same group that comes earlier, or itself.
    private var earlier: [UInt32] = []

    /// The number of documents.
    var count: Int { earlier.count }

    /// Adds the next document, alone, and gives its number.
    /// - Throws: `InputError` (`.run`) past 2³² documents.
    mutating func addDocument() throws -> UInt32 {
        guard let number = UInt32(exactly: earlier.count) else {
            throw InputError(
                .run, at: "dedup", "the corpus has more than 4294967296 documents",
                remedy: "de-duplicate it in parts, or join the signatures in another engine")
        }
        earlier.append(number)
        return number
    }

    /// The first document of a document's group.
    mutating func first(of document: UInt32) -> UInt32 {
        var document = document
        while earlier[Int(document)] != document {
            let next = earlier[Int(document)]
            earlier[Int(document)] = earlier[Int(next)]
            document = next
        }
        return document
    }

    /// Makes one group of the groups of two documents.
    mutating func unite(_ one: UInt32, _ other: UInt32) {
        let (one, other) = (first(of: one), first(of: other))
        earlier[Int(max(one, other))] = min(one, other)
    }

    /// The sizes of the groups of two documents or more, by their first document.
    mutating func sizes() -> [UInt32: Int] {
        var sizes: [UInt32: Int] = [:]
        for index in earlier.indices {
            let first = first(of: UInt32(index))
            if first != index { sizes[first, default: 1] += 1 }
        }
        return sizes
    }
}
