/// Letters, numbers and white space: what the pattern of GPT-2's pre-tokenizer tells apart.
enum WordClass: UInt32 {
    case other
    /// General categories L*.
    case letter
    /// General categories N*.
    case number
    /// The White_Space property.
    case space

    /// The class of every scalar, as its raw value. Made once, in a few milliseconds.
    static let table: ScalarTable = {
        var table = ScalarTable(usual: other.rawValue)
        // Scripts of single characters are looked up one by one; in ideographs and beyond, 16 scalars whose ends agree
        // are alike.
        for range: Range<UInt32> in [0..<0x3400, 0xA000..<0xAC00, 0xD7A0..<0xD800, 0xF900..<0x20000] {
            for scalar in range.lazy.compactMap(Unicode.Scalar.init) { table.set(scalar, of(scalar)) }
        }
        for range: Range<UInt32> in [0x3400..<0xA000, 0xAC00..<0xD7A0, 0x20000..<0x40000] {
            for start in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
                let scalars = (start..<start + 16).compactMap(Unicode.Scalar.init)
                guard let first = scalars.first, let last = scalars.last else { continue }
                let isUniform = of(first) == of(last)
                for scalar in scalars { table.set(scalar, isUniform ? of(first) : of(scalar)) }
            }
        }
        return table
    }()

    private static func of(_ scalar: Unicode.Scalar) -> WordClass {
        let properties = scalar.properties
        if properties.isWhitespace { return .space }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return .other
        }
    }
}

extension ScalarTable {
    fileprivate mutating func set(_ scalar: Unicode.Scalar, _ value: WordClass) {
        if value != .other { self[scalar] = value.rawValue }
    }
}
