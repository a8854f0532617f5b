import Foundation
import InkSupport
import Yams

/// YAML of settings: what a file or a flag says, within bounds that settings never reach.
///
/// An alias stands for a whole value, so a few lines of them, each naming the one before several times, can stand for
/// more than any memory holds; the parser compares such values already while it reads.
enum SettingsText {
    /// The largest file.
    private static let byteLimit = 1 << 20
    /// The most aliases of a text.
    private static let aliasLimit = 16
    /// The most values that a text stands for.
    private static let valueLimit = 200_000

    /// The text of a file.
    /// - Throws: `InputError` (`.usage`) for a file that cannot be read, is too large or is not UTF-8.
    static func read(_ path: String, at location: String) throws -> String {
        let bytes: [UInt8]
        do {
            bytes = try WholeFile.read(URL(filePath: path), limit: byteLimit, kind: .usage)
        } catch var error as InputError {
            error.location = location
            throw error
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputError(.usage, at: location, "is not valid UTF-8")
        }
        return text
    }

    /// The value of a text; nil for an empty one.
    /// - Throws: `InputError` (`.usage`) for text that is no YAML, and for more aliases or values than settings have.
    static func compose(_ text: String, at location: String) throws -> Node? {
        let aliases = aliasCount(text)
        guard aliases <= aliasLimit else {
            throw InputError(
                .usage, at: location, "has too many aliases", expected: "at most \(aliasLimit)", found: "\(aliases)",
                remedy: "write the values out")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw InputError(
                .usage, at: location, "is no valid YAML", found: DisplayWidth.truncate("\(error)", to: 300))
        }
        var rest = valueLimit
        guard node.map({ takes($0, from: &rest) }) ?? true else {
            throw InputError(
                .usage, at: location, "stands for too many values", expected: "at most \(valueLimit)",
                remedy: "write the values out, or check that this is the right file")
        }
        return node
    }

    /// Asterisks that may begin an alias: those in quoted text and comments count too, which errs on the safe side.
    private static func aliasCount(_ text: String) -> Int {
        var (count, last) = (0, UInt8(ascii: " "))
        var wasAsterisk = false
        for byte in text.utf8 {
            if wasAsterisk, byte > UInt8(ascii: " ") { count += 1 }
            wasAsterisk = byte == UInt8(ascii: "*") && (last <= UInt8(ascii: " ") || "[{,:?-".utf8.contains(last))
            last = byte
        }
        return count
    }

    /// Whether a value has no more values in it than are left.
    private static func takes(_ node: Node, from rest: inout Int) -> Bool {
        rest -= 1
        if rest < 0 { return false }
        switch node {
        case .scalar, .alias: return true
        case .sequence(let sequence):
            for element in sequence where !takes(element, from: &rest) { return false }
            return true
        case .mapping(let mapping):
            for (key, value) in mapping where !(takes(key, from: &rest) && takes(value, from: &rest)) { return false }
            return true
        }
    }
}
