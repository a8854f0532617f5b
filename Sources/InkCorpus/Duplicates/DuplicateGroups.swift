import InkSupport

/// Which documents belong together, four bytes a document. The first document of a group stands for it.
struct DuplicateGroups {
    /// A document of the same group that comes earlier, or itself.
    private var earlier: [UInt32] = []

    /// The number of documents.
    var count: Int { earlier.count }

    /// Adds the next documents, each alone, and gives the number of the first.
    /// - Throws: `InputError` (`.run`) past 2³² documents.
    mutating func addDocuments(_ count: Int) throws -> UInt32 {
        guard earlier.count + count <= Int(UInt32.max) + 1 else {
            throw InputError(
                .run, at: "dedup", "the corpus has more than 4294967296 documents",
                remedy: "de-duplicate it in parts, or join the signatures in another engine")
        }
        let first = UInt32(truncatingIfNeeded: earlier.count)
        for index in 0..<count { earlier.append(first &+ UInt32(truncatingIfNeeded: index)) }
        return first
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

    /// The groups of two documents or more.
    struct Summary {
        /// The first document of each.
        var firsts: DocumentSet
        var groups = 0
        /// Documents that are not the first of their group.
        var duplicates = 0
        /// The first documents and sizes of the largest groups, the largest first, of equal ones the earlier.
        var largest: [(first: UInt32, size: Int)] = []
    }

    /// - Parameter shown: how many of the largest groups are named.
    mutating func summary(shown: Int) -> Summary {
        var summary = Summary(firsts: DocumentSet(capacity: count))
        for index in earlier.indices {
            let first = first(of: UInt32(truncatingIfNeeded: index))
            earlier[index] = first
            if first == index { continue }
            summary.duplicates += 1
            summary.firsts.insert(first)
        }
        summary.groups = summary.firsts.count()
        var sizes = [UInt32](repeating: 1, count: summary.groups)
        for (index, first) in earlier.enumerated() where first != index { sizes[summary.firsts.rank(of: first)] += 1 }
        for (index, first) in earlier.enumerated() where first == index {
            let first = UInt32(truncatingIfNeeded: index)
            guard summary.firsts.contains(first) else { continue }
            let size = Int(sizes[summary.firsts.rank(of: first)])
            if summary.largest.count == shown, let least = summary.largest.last, least.size >= size { continue }
            let place = summary.largest.firstIndex { $0.size < size } ?? summary.largest.count
            summary.largest.insert((first, size), at: place)
            if summary.largest.count > shown { summary.largest.removeLast() }
        }
        return summary
    }
}
