/// Names that a user may have meant.
package enum CloseMatches {
    /// Up to `limit` of `candidates`, nearest first, at an edit distance of at most a third of the name's length.
    package static func of(_ name: String, among candidates: [String], limit: Int = 3) -> [String] {
        let distances = candidates.map { (name: $0, distance: distance(Array(name.utf8), Array($0.utf8))) }
        return distances.filter { $0.distance <= name.utf8.count / 3 }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(limit).map(\.name)
    }

    /// Levenshtein distance, row by row.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let substituted = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
