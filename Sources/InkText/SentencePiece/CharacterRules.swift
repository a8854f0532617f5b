import InkSupport

/// The replacement rules of a SentencePiece normaliser, `precompiled_charsmap`.
///
/// Four bytes give the size of a double-array trie (the layout of darts-clone: units of 32 bits), then come the trie and
/// the replacements, each ended by a zero byte; the value of a key is where its replacement begins. The longest rule
/// that matches wins.
struct CharacterRules: Sendable {
    /// A rule that matched.
    struct Match {
        /// Bytes of the text it covers.
        let length: Int
        /// Where its replacement begins.
        let value: Int
    }

    private let units: [UInt32]
    private let replacements: [UInt8]

    /// - Throws: `InputError` when the parts do not fit the bytes; `position` is that of the first byte in the file.
    init(_ bytes: [UInt8], position: Int, location: String) throws {
        func word(_ index: Int) -> UInt32 {
            UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
                | UInt32(bytes[index + 3]) << 24
        }
        guard bytes.count > 4, word(0) < bytes.count - 4, word(0) % 4 == 0, word(0) > 0 else {
            throw InputError(
                at: "\(location): byte \(position)", "the normalisation rules are damaged",
                expected: "a trie whose size is a multiple of four, and replacements",
                found: bytes.count > 4 ? "size \(word(0)) in \(bytes.count) bytes" : "\(bytes.count) bytes",
                remedy: "The file is damaged; fetch it again.")
        }
        let end = 4 + Int(word(0))
        units = stride(from: 4, to: end, by: 4).map(word)
        replacements = Array(bytes[end...])
        guard let last = replacements.last, last == 0 else {
            throw InputError(
                at: "\(location): byte \(position)", "the normalisation rules are damaged",
                expected: "replacements that end with a zero byte", remedy: "The file is damaged; fetch it again.")
        }
        guard allValuesAreInside() else {
            throw InputError(
                at: "\(location): byte \(position)", "the normalisation rules are damaged",
                expected: "rules that point to replacements", remedy: "The file is damaged; fetch it again.")
        }
    }

    /// The bytes of a replacement.
    func replacement(_ match: Match) -> ArraySlice<UInt8> {
        let end = replacements[match.value...].firstIndex(of: 0) ?? replacements.count
        return replacements[match.value..<end]
    }

    /// The longest rule that matches `text` at `start`.
    func longestMatch(_ text: [UInt8], at start: Int, limit: Int) -> Match? {
        var match: Match?
        var base = Self.offset(units[0])
        for index in start..<limit {
            guard let node = child(of: base, text[index]) else { break }
            base = node ^ Self.offset(units[node])
            if Self.hasValue(units[node]), let value = value(base) {
                match = Match(length: index + 1 - start, value: value)
            }
        }
        return match
    }

    /// The shortest rule that begins `text`.
    func shortestMatch(_ text: [UInt8]) -> Match? {
        var base = Self.offset(units[0])
        for index in text.indices {
            guard let node = child(of: base, text[index]) else { return nil }
            base = node ^ Self.offset(units[node])
            if Self.hasValue(units[node]), let value = value(base) { return Match(length: index + 1, value: value) }
        }
        return nil
    }

    private func child(of base: Int, _ byte: UInt8) -> Int? {
        let node = base ^ Int(byte)
        return node < units.count && units[node] & 0x8000_00FF == UInt32(byte) ? node : nil
    }

    private func value(_ base: Int) -> Int? {
        base < units.count ? Int(units[base] & 0x7FFF_FFFF) : nil
    }

    private static func hasValue(_ unit: UInt32) -> Bool { unit >> 8 & 1 == 1 }
    private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & 0x200) >> 6)) }

    /// The rules that begin with one scalar.
    struct Start {
        let scalar: Unicode.Scalar
        /// The rule for the scalar alone.
        let match: Match?
        /// The bytes that may follow in longer rules.
        let following: [UInt8]
    }

    /// Calls `body` with every scalar at which rules begin.
    func forEachStart(_ body: (Start) -> Void) {
        // A unit's parent follows from its place and label, so one pass gives the children of every node.
        var children: [Int: [UInt8]] = [:]
        for (index, unit) in units.enumerated() where unit & 0x8000_0000 == 0 && unit & 0xFF != 0 {
            children[index ^ Int(unit & 0xFF), default: []].append(UInt8(unit & 0xFF))
        }
        func visit(_ base: Int, _ value: UInt32, remaining: Int) {
            for byte in children[base] ?? [] where byte & 0xC0 == 0x80 {
                guard let node = child(of: base, byte) else { continue }
                finish(node, value << 6 | UInt32(byte & 0x3F), remaining: remaining - 1)
            }
        }
        func finish(_ node: Int, _ value: UInt32, remaining: Int) {
            let base = node ^ Self.offset(units[node])
            guard remaining == 0 else { return visit(base, value, remaining: remaining) }
            guard let scalar = Unicode.Scalar(value) else { return }
            let match = Self.hasValue(units[node]) ? self.value(base) : nil
            body(
                Start(
                    scalar: scalar, match: match.map { Match(length: UTF8.width(scalar), value: $0) },
                    following: children[base] ?? []))
        }
        let root = Self.offset(units[0])
        for byte in children[root] ?? [] {
            guard let node = child(of: root, byte) else { continue }
            switch byte {
            case 0..<0x80: finish(node, UInt32(byte), remaining: 0)
            case 0xC2...0xDF: finish(node, UInt32(byte & 0x1F), remaining: 1)
            case 0xE0...0xEF: finish(node, UInt32(byte & 0x0F), remaining: 2)
            case 0xF0...0xF4: finish(node, UInt32(byte & 0x07), remaining: 3)
            default: continue
            }
        }
    }

    /// Every unit that could be reached as a value points to a replacement.
    private func allValuesAreInside() -> Bool {
        units.indices.allSatisfy { index in
            guard Self.hasValue(units[index]), units[index] & 0x8000_0000 == 0 else { return true }
            let base = index ^ Self.offset(units[index])
            return base >= units.count || Int(units[base] & 0x7FFF_FFFF) < replacements.count
        }
    }
}
