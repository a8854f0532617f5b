import Foundation
import InkSupport

/// One normaliser of a `tokenizer.json`, as Hugging Face `tokenizers` 0.22 carries it out.
enum NormalizationStep: Sendable {
    /// The rules of a SentencePiece model, applied to grapheme clusters, then to single characters.
    case precompiled(CharacterRules)
    case replace(found: [Unicode.Scalar], by: [Unicode.Scalar])
    /// Two spaces or more.
    case replaceSpaces(by: [Unicode.Scalar])
    case strip(left: Bool, right: Bool)
    case prepend([Unicode.Scalar])
    case lowercase
    case stripAccents
    case nfc
    case nfd
    case nfkc
    case nfkd

    static let names = "Precompiled, Replace, Strip, Prepend, Lowercase, StripAccents, NFC, NFD, NFKC or NFKD"

    /// - Throws: `InputError` naming a kind that is not known.
    init(_ component: JSONComponent) throws {
        switch try component.type() {
        case "Precompiled":
            let text = try component.required("precompiled_charsmap", String.self)
            guard let rules = Data(base64Encoded: text) else {
                throw InputError(at: "\(component.place).precompiled_charsmap", "invalid base64")
            }
            self = .precompiled(try CharacterRules(Array(rules), position: 0, location: component.place))
        case "Replace": self = try Self.replacement(component)
        case "Strip":
            self = .strip(
                left: try component.value("strip_left", Bool.self) ?? true,
                right: try component.value("strip_right", Bool.self) ?? true)
        case "Prepend": self = .prepend(Array(try component.required("prepend", String.self).unicodeScalars))
        case "Lowercase": self = .lowercase
        case "StripAccents": self = .stripAccents
        case "NFC": self = .nfc
        case "NFD": self = .nfd
        case "NFKC": self = .nfkc
        case "NFKD": self = .nfkd
        default: throw component.unknown("normalizer", expected: Self.names)
        }
    }

    private static func replacement(_ component: JSONComponent) throws -> NormalizationStep {
        let content = Array(try component.required("content", String.self).unicodeScalars)
        guard let pattern = try component.component("pattern") else {
            throw InputError(at: "\(component.place).pattern", "is missing", expected: "String or Regex")
        }
        if let text = try pattern.value("String", String.self) {
            guard !text.isEmpty else { throw InputError(at: "\(pattern.place).String", "is empty") }
            return .replace(found: Array(text.unicodeScalars), by: content)
        }
        try pattern.refuse("Regex") { $0 == .string(" {2,}") }
        return .replaceSpaces(by: content)
    }

    func apply(to text: inout MappedText) {
        switch self {
        case .precompiled(let rules): Self.apply(rules, to: &text)
        case .replace(let found, let replacement): Self.replace(found, by: replacement, in: &text)
        case .replaceSpaces(let replacement): Self.replaceSpaces(by: replacement, in: &text)
        case .strip(let left, let right):
            if right { while text.symbols.last?.scalar.properties.isWhitespace == true { text.symbols.removeLast() } }
            if left { text.symbols.removeFirst(text.symbols.prefix { $0.scalar.properties.isWhitespace }.count) }
        case .prepend(let scalars): text.prepend(scalars)
        case .lowercase:
            let old = text
            guard old.symbols.contains(where: { $0.scalar.properties.changesWhenLowercased }) else { return }
            text.symbols.removeAll(keepingCapacity: true)
            for index in old.symbols.indices {
                let mapping = old.symbols[index].scalar.properties.lowercaseMapping
                text.append(mapping.unicodeScalars, for: old.symbols[index...index])
            }
        case .stripAccents: text.symbols.removeAll { ScalarFacts.shared[$0.scalar].contains(.accent) }
        case .nfc: Self.mapClusters(of: &text) { $0.precomposedStringWithCanonicalMapping }
        case .nfd: Self.mapClusters(of: &text) { $0.decomposedStringWithCanonicalMapping }
        case .nfkc: Self.mapClusters(of: &text) { $0.precomposedStringWithCompatibilityMapping }
        case .nfkd: Self.mapClusters(of: &text) { $0.decomposedStringWithCompatibilityMapping }
        }
    }

    private static func mapClusters(of text: inout MappedText, _ map: (String) -> String) {
        // Ideographs and ASCII stay as they are in every form.
        guard text.symbols.contains(where: { !$0.scalar.isASCII && !(0x4E00..<0xA000).contains($0.scalar.value) })
        else { return }
        let old = text
        text.symbols.removeAll(keepingCapacity: true)
        old.forEachCluster { cluster in
            let mapped = map(String(String.UnicodeScalarView(cluster.map(\.scalar)))).unicodeScalars
            if mapped.elementsEqual(cluster.map(\.scalar)) {
                text.symbols += cluster
            } else {
                text.append(mapped, for: cluster)
            }
        }
    }

    /// As the reference does it, though it looks odd: a cluster of fewer than six bytes is replaced whole by the shortest
    /// rule that begins it.
    private static func apply(_ rules: CharacterRules, to text: inout MappedText) {
        let old = text
        text.symbols.removeAll(keepingCapacity: true)
        var bytes: [UInt8] = []
        func replaced(_ part: ArraySlice<MappedText.Symbol>) -> Bool {
            bytes.removeAll(keepingCapacity: true)
            for symbol in part { UTF8Text.append(symbol.scalar, to: &bytes) }
            guard bytes.count < 6 || part.count == 1, let match = rules.shortestMatch(bytes) else { return false }
            let replacement = Array(rules.replacement(match))
            text.append(UTF8Text.scalars(replacement, 0..<replacement.count), for: part)
            return true
        }
        old.forEachCluster { cluster in
            if replaced(cluster) { return }
            for index in cluster.indices where cluster.count == 1 || !replaced(cluster[index...index]) {
                text.symbols.append(cluster[index])
            }
        }
    }

    private static func replace(_ found: [Unicode.Scalar], by replacement: [Unicode.Scalar], in text: inout MappedText)
    {
        let old = text
        guard old.symbols.contains(where: { $0.scalar == found[0] }) else { return }
        text.symbols.removeAll(keepingCapacity: true)
        var position = 0
        while position < old.symbols.count {
            let part = old.symbols[position...].prefix(found.count)
            if part.count == found.count, part.lazy.map(\.scalar).elementsEqual(found) {
                text.append(replacement, for: part)
                position += found.count
            } else {
                text.symbols.append(old.symbols[position])
                position += 1
            }
        }
    }

    private static func replaceSpaces(by replacement: [Unicode.Scalar], in text: inout MappedText) {
        let old = text
        text.symbols.removeAll(keepingCapacity: true)
        var position = 0
        while position < old.symbols.count {
            let spaces = old.symbols[position...].prefix { $0.scalar == " " }
            if spaces.count >= 2 {
                text.append(replacement, for: spaces)
            } else {
                text.symbols.append(old.symbols[position])
            }
            position += max(spaces.count, 1)
        }
    }
}
