import InkSupport

/// Finds lines that stand in many documents, and takes them out.
struct RepeatedLines {
    /// Characters from which a line counts, without the space around it.
    let minimumLength: Int
    /// A line that stands in more documents goes.
    let maximumDocuments: Int

    /// The fingerprints of the lines that go.
    func find(_ input: DocumentInput, _ context: StageContext) throws -> Set<Fingerprint> {
        let table = KeyTable(in: context.workFolder, name: "line", memory: context.memoryLimit / 2)
        let minimumLength = minimumLength
        var documents = DuplicateGroups()
        try input.forEachBatch(
            "dedup: lines", context, makeWorker: {},
            transform: { batch, _ in
                batch.documents.map { document in
                    Set(Self.lines(of: document.utf8).compactMap { Self.key($0.content, minimumLength) }).sorted()
                }
            },
            consume: { keys in
                for keys in keys {
                    let document = try documents.addDocument()
                    for key in keys { try table.add(key, document) }
                }
            })
        var repeated: Set<Fingerprint> = []
        var count = 0
        try table.forEachGroup { group in
            count = group.isContinued ? count + group.documents.count - 1 : group.documents.count
            if count > maximumDocuments { repeated.insert(group.key) }
        }
        return repeated
    }

    /// Lines with their ends, and their content without the space around it.
    fileprivate static func lines(
        of utf8: [UInt8]
    ) -> [(whole: Range<Int>, content: ArraySlice<UInt8>)] {
        var lines: [(Range<Int>, ArraySlice<UInt8>)] = []
        var start = 0
        while start < utf8.count {
            let end = utf8[start...].firstIndex(of: 10) ?? utf8.count
            let content = utf8[start..<end].drop { $0 <= 32 }
            let length = (content.lastIndex { $0 > 32 } ?? content.startIndex - 1) + 1 - content.startIndex
            let next = min(end + 1, utf8.count)
            lines.append((start..<next, content.prefix(length)))
            start = next
        }
        return lines
    }

    /// The fingerprint of a line that is long enough.
    fileprivate static func key(_ content: ArraySlice<UInt8>, _ minimumLength: Int) -> Fingerprint? {
        let length = content.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
        return length >= minimumLength ? DocumentFingerprints.exact(content) : nil
    }
}

/// Takes given lines out of documents; a document of which nothing stays goes.
struct RepeatedLineFilter: DocumentStage {
    static let rule = "repeated-line"

    let name = "dedup"
    let repeated: Set<Fingerprint>
    let minimumLength: Int

    func makeWorker() throws -> any DocumentWorker { Worker(self) }

    private final class Worker: DocumentWorker {
        private let filter: RepeatedLineFilter

        init(_ filter: RepeatedLineFilter) { self.filter = filter }

        func process(_ document: inout Document, _ tally: inout StageTally) throws -> Verdict {
            var kept: [UInt8] = []
            var removed: [Range<Int>] = []
            for (whole, content) in RepeatedLines.lines(of: document.utf8) {
                if let key = RepeatedLines.key(content, filter.minimumLength), filter.repeated.contains(key) {
                    removed.append(whole)
                } else {
                    kept += document.utf8[whole]
                }
            }
            guard let first = removed.first else { return .keep }
            if kept.allSatisfy({ $0 <= 32 }) {
                return .remove(rule: RepeatedLineFilter.rule, detail: "nothing but repeated lines")
            }
            // A line end in front of removed lines would be the document's last byte.
            if removed.last?.upperBound == document.utf8.count, document.utf8.last != 10, kept.last == 10 {
                kept.removeLast()
            }
            tally.count(
                RepeatedLineFilter.rule, changes: removed.count, removedBytes: document.utf8.count - kept.count)
            if tally.wantsExample(RepeatedLineFilter.rule, id: document.id) {
                let line = String(decoding: document.utf8[first].prefix(400), as: UTF8.self)
                tally.example(RepeatedLineFilter.rule, id: document.id, before: line, after: "")
            }
            document.utf8 = kept
            return .keep
        }
    }
}
