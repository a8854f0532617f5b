import Foundation
import InkSupport

/// A user's list of words: one a line in UTF-8; empty lines and lines that begin with `#` do not count.
enum WordList {
    /// - Throws: `InputError` for a file that cannot be read, is not UTF-8 or holds no word.
    static func read(_ url: URL) throws -> [String] {
        guard let text = String(validating: try WholeFile.read(url, limit: WholeFile.tableLimit), as: UTF8.self) else {
            throw InputError(at: url.path, "the word list is not valid UTF-8")
        }
        var words: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let word = line.trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "\u{FEFF}")))
            if !word.isEmpty, !word.hasPrefix("#") { words.append(word) }
        }
        guard !words.isEmpty else {
            throw InputError(at: url.path, "the word list holds no word", expected: "one word a line")
        }
        return words
    }
}
