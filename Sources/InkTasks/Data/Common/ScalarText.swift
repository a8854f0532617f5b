/// A text by Unicode scalars, the unit of all offsets in data files (Python counts the same).
struct ScalarText {
    let scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    var count: Int { scalars.count }

    /// The piece between two offsets, which must lie in the text.
    func piece(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    /// Whether `other` stands at `start`.
    func has(_ other: ScalarText, at start: Int) -> Bool {
        guard start >= 0, start <= count, other.count <= count - start else { return false }
        return scalars[start..<(start + other.count)].elementsEqual(other.scalars)
    }

    /// The first places at which `other` stands, at most `limit`.
    func places(of other: ScalarText, limit: Int = 2) -> [Int] {
        guard other.count > 0, other.count <= count else { return [] }
        var places: [Int] = []
        for start in 0...(count - other.count) where scalars[start] == other.scalars[0] && has(other, at: start) {
            places.append(start)
            if places.count == limit { break }
        }
        return places
    }
}
