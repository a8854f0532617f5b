import Foundation
import InkSupport

/// The titles in file order, again from the start when they run out.
final class BenchmarkTitles {
    private let texts: [String]
    private let labels: [Int32]
    private var position = 0
    /// Different labels in the file.
    let labelCount: Int

    /// Reads `title<TAB>label` lines; the label may be missing.
    /// - Throws: `InputError` when the file cannot be read or has no titles.
    init(contentsOf path: String) throws {
        let reader = try LineReader(contentsOf: URL(filePath: path))
        var texts: [String] = []
        var names: [String] = []
        while let line = try reader.next() {
            if line.text.allSatisfy(\.isWhitespace) { continue }
            let parts = line.text.split(separator: "\t", omittingEmptySubsequences: false)
            texts.append(String(parts[0]))
            names.append(parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        guard !texts.isEmpty else { throw InputError(at: path, "no titles") }
        let known = Set(names).sorted()
        let ids = Dictionary(uniqueKeysWithValues: zip(known, Int32(0)...))
        self.texts = texts
        labels = names.map { ids[$0] ?? 0 }
        labelCount = known.count
    }

    func take(_ count: Int) -> (texts: [String], labels: [Int32]) {
        let places = (0..<count).map { (position + $0) % texts.count }
        position = (position + count) % texts.count
        return (places.map { texts[$0] }, places.map { labels[$0] })
    }
}
