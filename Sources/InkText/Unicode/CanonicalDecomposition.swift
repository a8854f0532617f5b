import Foundation

/// Canonical decompositions (NFD) of single scalars, as of Unicode 9.0.
struct CanonicalDecomposition: Sendable {
    /// Scalars with a listed decomposition; Hangul syllables are computed instead.
    let scalars: [Unicode.Scalar]
    private let spans: [UInt32: Range<Int>]
    private let pool: [Unicode.Scalar]

    static let hangulSyllables: ClosedRange<UInt32> = 0xAC00...0xD7A3

    /// The ranges that hold every listed decomposition of Unicode 9.0.
    private static let ranges: [ClosedRange<UInt32>] = [
        0xC0...0x233, 0x340...0x4F9, 0x622...0x626, 0x6C0...0x6D3, 0x929...0xA5E, 0xB48...0xD4C, 0xDDA...0xDDE,
        0xF43...0x1026, 0x1B06...0x1B43, 0x1E00...0x2001, 0x2126...0x232A, 0x2ADC...0x2ADC, 0x304C...0x30FE,
        0xF900...0xFB4E, 0x1109A...0x110AB, 0x1112E...0x1112F, 0x1134B...0x1134C, 0x114BB...0x114BE,
        0x115BA...0x115BB, 0x1D15E...0x1D1C0, 0x2F800...0x2FA1D,
    ]

    /// Decomposes the ranges in one pass: the candidates joined by line feeds, which no decomposition holds or crosses.
    init() {
        var joined = String.UnicodeScalarView()
        var candidates: [Unicode.Scalar] = []
        for range in Self.ranges {
            for scalar in range.lazy.compactMap(Unicode.Scalar.init) {
                candidates.append(scalar)
                joined.append(scalar)
                joined.append("\n")
            }
        }
        var scalars: [Unicode.Scalar] = []
        var spans: [UInt32: Range<Int>] = [:]
        var pool: [Unicode.Scalar] = []
        var next = 0
        var start = 0
        for scalar in String(joined).decomposedStringWithCanonicalMapping.unicodeScalars {
            guard scalar == "\n" else {
                pool.append(scalar)
                continue
            }
            let candidate = candidates[next]
            next += 1
            if pool.count == start + 1, pool[start] == candidate {
                pool.removeLast()
            } else {
                scalars.append(candidate)
                spans[candidate.value] = start..<pool.count
                start = pool.count
            }
        }
        self.scalars = scalars
        self.spans = spans
        self.pool = pool
    }

    /// Calls `body` with each scalar of the decomposition of `scalar`.
    func forEach(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
        if Self.hangulSyllables.contains(scalar.value) {
            Self.decomposeHangul(scalar, body)
        } else if let span = spans[scalar.value] {
            for index in span { body(pool[index]) }
        } else {
            body(scalar)
        }
    }

    /// The arithmetic decomposition of a Hangul syllable: The Unicode Standard, section 3.12.
    private static func decomposeHangul(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
        let index = scalar.value - hangulSyllables.lowerBound
        let jamo = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
        for value in jamo where value != 0x11A7 {
            if let part = Unicode.Scalar(value) { body(part) }
        }
    }
}
