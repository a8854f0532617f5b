import InkSupport

/// Takes given lines or paragraphs out of documents; a document of which nothing stays goes.
struct RepeatedLineFilter: DocumentStage {
    let name = DedupStage.stageName
    let lines: RepeatedLines
    /// Keys in ascending order.
    private let repeated: [UInt64]
    /// Where the keys with given first 16 bits begin.
    private let starts: [Int]

    init(_ lines: RepeatedLines, repeated: [UInt64]) {
        self.lines = lines
        self.repeated = repeated
        var starts = [Int](repeating: 0, count: 1 << 16 + 1)
        for key in repeated { starts[Int(key >> 48) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        self.starts = starts
    }

    /// `repeated-line` or `repeated-paragraph`.
    var rule: String { "repeated-\(lines.unit.rawValue)" }

    func makeWorker() throws -> any DocumentWorker { Worker(self) }

    private func contains(_ key: UInt64) -> Bool {
        var (low, high) = (starts[Int(key >> 48)], starts[Int(key >> 48) + 1])
        while low < high {
            let middle = (low + high) / 2
            if repeated[middle] == key { return true }
            if repeated[middle] < key { low = middle + 1 } else { high = middle }
        }
        return false
    }

    private final class Worker: DocumentWorker {
        private let filter: RepeatedLineFilter
        private let rule: String

        init(_ filter: RepeatedLineFilter) {
            self.filter = filter
            rule = filter.rule
        }

        func process(_ document: inout Document, _ tally: inout StageTally) throws -> Verdict {
            let pieces = filter.lines.pieces(of: document.utf8)
            var removed: [Int] = []
            for (index, piece) in pieces.enumerated() {
                if let key = filter.lines.key(document.utf8[piece.content]), filter.contains(key) {
                    removed.append(index)
                }
            }
            guard let first = removed.first else { return .keep }
            var kept: [UInt8] = []
            var start = 0
            for index in removed {
                kept += document.utf8[start..<pieces[index].whole.lowerBound]
                start = pieces[index].whole.upperBound
            }
            kept += document.utf8[start...]
            if kept.allSatisfy({ $0 <= 32 }) {
                return .remove(rule: rule, detail: "nothing but repeated \(filter.lines.unit.rawValue)s")
            }
            // Line ends in front of removed lines would be the document's last bytes.
            if start == document.utf8.count, document.utf8.last != 10 {
                while kept.last == 10 { kept.removeLast() }
            }
            tally.count(rule, changes: removed.count, removedBytes: document.utf8.count - kept.count)
            if tally.wantsExample(rule, id: document.id) {
                let line = String(decoding: document.utf8[pieces[first].whole].prefix(400), as: UTF8.self)
                tally.example(rule, id: document.id, before: line, after: "")
            }
            document.utf8 = kept
            return .keep
        }
    }
}
