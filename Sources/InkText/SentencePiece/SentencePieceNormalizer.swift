/// SentencePiece's normaliser: replacement rules, white space, and the mark `▁` that stands for a space.
///
/// One table look-up per character decides nearly always; the rules' trie is asked only where a rule over several
/// characters may begin. The steps are those of `Normalizer::Normalize` of sentencepiece 0.2.
struct SentencePieceNormalizer: Sendable {
    /// `▁`, U+2581.
    static let spaceMark: Unicode.Scalar = "\u{2581}"

    /// What to do with a scalar; the payload is in the low 24 bits of an entry.
    private enum Kind: UInt32 {
        case keep
        case space
        /// Another scalar; the payload.
        case replace
        /// Several scalars, or none: those of the expansion whose index is the payload.
        case expand
    }
    /// A rule over several scalars begins with this one.
    private static let beginsRule: UInt32 = 1 << 31
    /// A user-defined piece begins with this scalar.
    private static let beginsUserDefined: UInt32 = 1 << 30

    private let rules: CharacterRules?
    private let options: SentencePieceModel.Normalization
    private let space: Unicode.Scalar
    private var actions = ScalarTable(usual: 0)
    private var expansions: [[Unicode.Scalar]] = []
    /// Bytes that may follow the first scalar of a rule.
    private var continuesRule = [Bool](repeating: false, count: 256)
    /// By first scalar, the longest first.
    private var userDefined: [UInt32: [[UInt8]]] = [:]

    /// - Throws: `InputError` when the rules are damaged.
    init(_ model: SentencePieceModel) throws {
        options = model.normalization
        space = options.escapesSpaces ? Self.spaceMark : " "
        rules =
            options.rules.isEmpty
            ? nil : try CharacterRules(options.rules, position: options.rulesPosition, location: model.location)
        actions[" "] = Self.entry(.space)
        addRules()
        for piece in model.pieces where piece.type == .userDefined {
            guard let first = piece.text.unicodeScalars.first else { continue }
            actions[first] |= Self.beginsUserDefined
            userDefined[first.value, default: []].append(Array(piece.text.utf8))
        }
        for key in userDefined.keys { userDefined[key]?.sort { $0.count > $1.count } }
    }

    private static func entry(_ kind: Kind, _ payload: UInt32 = 0) -> UInt32 { kind.rawValue << 24 | payload }

    private mutating func addRules() {
        guard let rules else { return }
        var table = actions
        var expansions: [[Unicode.Scalar]] = []
        var continuesRule = self.continuesRule
        rules.forEachStart { start in
            for byte in start.following { continuesRule[Int(byte)] = true }
            var entry = start.following.isEmpty ? 0 : Self.beginsRule
            if let match = start.match {
                let replacement = Self.scalars(rules.replacement(match))
                if replacement == [" "] {
                    entry |= Self.entry(.space)
                } else if replacement.count == 1 {
                    entry |= Self.entry(.replace, replacement[0].value)
                } else {
                    entry |= Self.entry(.expand, UInt32(expansions.count))
                    expansions.append(replacement)
                }
            } else {
                entry |= table[start.scalar]
            }
            table[start.scalar] = entry
        }
        actions = table
        self.expansions = expansions
        self.continuesRule = continuesRule
    }

    private static func scalars(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
        UTF8Text.scalars(Array(bytes), 0..<bytes.count)
    }

    /// Normalises `range` of `text`; its first scalar is number `firstSource` of the whole text. `codes` gives the codes
    /// of the symbols.
    func normalize(
        _ text: [UInt8], _ range: Range<Int>, firstSource: Int, codes: ScalarTable,
        to output: inout NormalizedPieces
    ) {
        output.symbols.removeAll(keepingCapacity: true)
        var source = Int32(truncatingIfNeeded: firstSource)
        output.end = source
        defer { output.setCodes(codes) }
        let (blocks, values) = (actions.blocks.span, actions.values.span)
        var position = range.lowerBound
        if options.removesExtraSpaces {
            skipSpaces(text, range, &position, &source)
            output.end = source
        }
        guard position < range.upperBound else { return }
        let hasPrefix = options.addsDummyPrefix && !options.spaceIsSuffix
        if hasPrefix { append(space, source, to: &output) }
        var isAfterSpace = options.removesExtraSpaces
        while position < range.upperBound {
            let start = position
            let scalar = UTF8Text.scalar(text, at: &position, limit: range.upperBound)
            let entry = ScalarTable.value(of: scalar, blocks, values)
            var width: Int32 = 1
            if entry < 1 << 24 {
                append(scalar, source, to: &output)
                isAfterSpace = false
            } else if entry >= Self.beginsUserDefined,
                let (length, replacement) = special(text, start, next: position, limit: range.upperBound, entry)
            {
                position = start + length
                width = Int32(truncatingIfNeeded: text[start..<position].count { $0 & 0xC0 != 0x80 })
                append(replacement, source, to: &output, &isAfterSpace)
            } else {
                switch Kind(rawValue: entry >> 24 & 0x1F) {
                case .space:
                    if !isAfterSpace { append(space, source, to: &output) }
                    isAfterSpace = options.removesExtraSpaces
                case .replace:
                    append(Unicode.Scalar(entry & 0xFF_FFFF) ?? scalar, source, to: &output)
                    isAfterSpace = false
                case .expand:
                    append(expansions[Int(entry & 0xFF_FFFF)], source, to: &output, &isAfterSpace)
                case .keep, nil:
                    append(scalar, source, to: &output)
                    isAfterSpace = false
                }
            }
            source += width
        }
        output.end = source
        if options.removesExtraSpaces {
            while let last = output.symbols.last, last.scalar == space {
                output.end = last.source
                output.symbols.removeLast()
            }
        }
        if options.addsDummyPrefix, options.spaceIsSuffix { append(space, output.end, to: &output) }
    }

    /// Moves behind white space at the beginning of the text.
    private func skipSpaces(_ text: [UInt8], _ range: Range<Int>, _ position: inout Int, _ source: inout Int32) {
        while position < range.upperBound {
            var next = position
            let entry = actions[UTF8Text.scalar(text, at: &next, limit: range.upperBound)]
            var count: Int32 = 1
            if entry >= Self.beginsUserDefined,
                let (length, replacement) = special(text, position, next: next, limit: range.upperBound, entry)
            {
                guard replacement == [" "] else { return }
                next = position + length
                count = Int32(truncatingIfNeeded: text[position..<next].count { $0 & 0xC0 != 0x80 })
            } else if entry >> 24 & 0x1F != Kind.space.rawValue {
                return
            }
            position = next
            source += count
        }
    }

    /// A user-defined piece, or a rule over several scalars, that begins at `start`: its bytes and what it becomes.
    private func special(
        _ text: [UInt8], _ start: Int, next: Int, limit: Int, _ entry: UInt32
    ) -> (length: Int, replacement: [Unicode.Scalar])? {
        if entry & Self.beginsUserDefined != 0 {
            var position = start
            let first = UTF8Text.scalar(text, at: &position, limit: limit)
            let piece = userDefined[first.value]?.first {
                start + $0.count <= limit && $0.elementsEqual(text[start..<start + $0.count])
            }
            if let piece { return (piece.count, UTF8Text.scalars(piece, 0..<piece.count)) }
        }
        guard entry & Self.beginsRule != 0, next < limit, continuesRule[Int(text[next])], let rules,
            let match = rules.longestMatch(text, at: start, limit: limit), match.length > next - start
        else { return nil }
        return (match.length, Self.scalars(rules.replacement(match)))
    }

    @inline(__always)
    private func append(_ scalar: Unicode.Scalar, _ source: Int32, to output: inout NormalizedPieces) {
        output.symbols.append(.init(code: 0, scalar: scalar, source: source))
    }

    /// Appends what a rule gives. Spaces at its beginning vanish behind a space.
    private func append(
        _ scalars: [Unicode.Scalar], _ source: Int32, to output: inout NormalizedPieces, _ isAfterSpace: inout Bool
    ) {
        let shown = isAfterSpace ? scalars.drop { $0 == " " } : scalars[...]
        guard let last = shown.last else { return }
        for scalar in shown { append(scalar == " " ? space : scalar, source, to: &output) }
        isAfterSpace = last == " " && options.removesExtraSpaces
    }
}
