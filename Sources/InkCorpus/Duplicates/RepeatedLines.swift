import Foundation
import InkSupport

/// Finds lines, or paragraphs, that stand in many documents.
struct RepeatedLines {
    /// What is told apart in a document.
    enum Unit: String, CaseIterable {
        case line
        /// Lines up to an empty one.
        case paragraph
    }

    /// A line or paragraph: with the line ends behind it, and without the space around it.
    typealias Piece = (whole: Range<Int>, content: Range<Int>)

    let unit: Unit
    /// Characters from which a piece counts, without the space around it.
    let minimumLength: Int
    /// A piece that stands in more documents goes.
    let maximumDocuments: Int

    /// The keys of the pieces that go, in ascending order: eight bytes for each.
    func find(_ input: DocumentInput, _ context: StageContext) throws -> [UInt64] {
        let table = KeyTable(in: context.workFolder, name: unit.rawValue, .bits64, memory: context.memoryLimit / 2)
        let search = self
        try input.forEachBatch(
            "dedup: \(unit.rawValue)s", context, makeWorker: {},
            transform: { batch, _ in
                // Which documents they are does not matter, only how many.
                var entries = KeyEntries(.bits64)
                for document in batch.documents {
                    var keys = search.pieces(of: document.utf8).compactMap { search.key(document.utf8[$0.content]) }
                    if keys.count > 1 { keys.sort() }
                    for place in keys.indices where place == 0 || keys[place] != keys[place - 1] {
                        entries.append(keys[place], 0)
                    }
                }
                return entries.partitioned(level: 0)
            },
            consume: { try table.add($0) })
        var repeated: [UInt64] = []
        var count = 0
        try table.forEachGroup(threads: context.threads) { group in
            count = group.isContinued ? count + group.others.count : group.documents.count
            if count > maximumDocuments, repeated.last != group.key { repeated.append(group.key) }
        }
        return repeated.sorted()
    }

    /// The pieces of a text in order; together they are the whole text.
    func pieces(of utf8: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var start = 0
        while start < utf8.count {
            let end = unit == .line ? Self.lineEnd(utf8, start) : Self.paragraphEnd(utf8, start)
            var content = start..<end
            while let first = content.first, utf8[first] <= 32 { content.removeFirst() }
            while let last = content.last, utf8[last] <= 32 { content.removeLast() }
            pieces.append((start..<end, content))
            start = end
        }
        return pieces
    }

    /// The key of a piece that is long enough. Of two pieces the keys are equal with a probability of 2⁻⁶⁴.
    func key(_ content: ArraySlice<UInt8>) -> UInt64? {
        if content.count < minimumLength { return nil }
        return Scalars.count(in: content) >= minimumLength ? Hash64.of(content, seed: 1) : nil
    }

    /// Behind the end of the line at a place.
    private static func lineEnd(_ utf8: [UInt8], _ start: Int) -> Int {
        var position = start
        while position < utf8.count, utf8[position] != 10 { position += 1 }
        return min(position + 1, utf8.count)
    }

    /// Behind the empty lines after the paragraph at a place.
    private static func paragraphEnd(_ utf8: [UInt8], _ start: Int) -> Int {
        var position = start
        var hasText = false
        var isEnding = false
        while position < utf8.count {
            let end = lineEnd(utf8, position)
            let isEmpty = utf8[position..<end].allSatisfy { $0 <= 32 }
            if isEnding, !isEmpty { return position }
            hasText = hasText || !isEmpty
            isEnding = hasText && isEmpty
            position = end
        }
        return utf8.count
    }
}
