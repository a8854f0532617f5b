import Foundation
import InkSupport

extension WordDictionary {
    /// Reads a dictionary: a line for each word, `word frequency` or `word frequency tag`, with one space between, as
    /// jieba's dict.txt. Empty lines and a byte-order mark are passed over. Words that a search can never meet are told in
    /// `warnings`.
    ///
    /// - Parameter ideographs: those of the segmenter that will search by the dictionary.
    /// - Throws: `InputError` naming file and line: no frequency, one that is no whole number, bytes that are not
    ///   UTF-8; also when there is no word at all.
    public init(contentsOf file: URL, ideographs: WordSegmenter.Ideographs = .common) throws {
        try self.init(contentsOf: file, unreachable: UnreachableWords(ideographs))
    }

    /// As above, for a search in text that `unreachable` knows.
    init(contentsOf file: URL, unreachable: UnreachableWords) throws {
        var unreachable = unreachable
        let location = file.path(percentEncoded: false)
        let bytes = try WholeFile.read(file, limit: WholeFile.tableLimit)
        var words = WordList(location: location)
        for (number, line) in DictionaryLines(bytes) {
            let place = { "\(location):\(number)" }
            let wordEnd = line.firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
            let numberStart = min(wordEnd + 1, line.endIndex)
            let numberEnd = line[numberStart...].firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
            guard let frequency = Self.frequency(line[numberStart..<numberEnd]) else {
                throw InputError(
                    at: place(), "not an entry of a dictionary",
                    expected: "word, a space, a whole number from 0, and maybe a space and a tag",
                    found: "\"\(String(decoding: line.prefix(60), as: UTF8.self))\"",
                    remedy: "Words without a frequency can stand in a user dictionary.")
            }
            let word = try Self.text(line[..<wordEnd], place())
            let tag = numberEnd < line.endIndex ? try Self.text(line[(numberEnd + 1)...], place()) : nil
            try words.append(Entry(word, frequency: frequency, tag: tag), at: place())
            unreachable.look(at: word, line: number)
        }
        try self.init(words)
        warnings = unreachable.warnings(location: location)
    }

    /// Adds the words of a user dictionary: a line for each, `word`, `word frequency`, `word tag` or
    /// `word frequency tag`, tags in small Latin letters. A word without a frequency gets the suggested one, which
    /// depends on the lines before, as in jieba. Words that a search can never meet are told in `warnings`.
    ///
    /// - Parameter ideographs: those of the segmenter that will search by the dictionary.
    /// - Throws: `InputError` naming file and line: bytes that are not UTF-8, a frequency that is too high. The
    ///   dictionary is then as it was.
    public mutating func addUserWords(
        contentsOf file: URL, ideographs: WordSegmenter.Ideographs = .common
    ) throws {
        let location = file.path(percentEncoded: false)
        let bytes = try WholeFile.read(file, limit: WholeFile.tableLimit)
        var result = self
        var unreachable = UnreachableWords(ideographs)
        for (number, line) in DictionaryLines(bytes) {
            let place = "\(location):\(number)"
            let entry = Self.userEntry(try Self.text(line, place))
            unreachable.look(at: entry.word, line: number)
            var frequency: Int?
            if let digits = entry.frequency {
                guard let value = Int(digits) else {
                    throw InputError(
                        at: place, "the frequency cannot be used", expected: "at most 2^53", found: String(digits))
                }
                frequency = value
            }
            do {
                try result.add(entry.word, frequency: frequency, tag: entry.tag)
            } catch var error as InputError {
                error.location = place
                throw error
            }
        }
        result.warnings += unreachable.warnings(location: location)
        self = result
    }

    /// Writes the dictionary in the format of `init(contentsOf:)`, words in their order.
    /// - Throws: `InputError` when a word or tag holds white space, or the file cannot be written.
    public func write(to file: URL) throws {
        try AtomicFile.write(text(), to: file)
    }

    /// The text that `write(to:)` writes. Throws `InputError` when a word or tag holds white space.
    public func text() throws -> String {
        var text = ""
        for entry in entries {
            for part in [entry.word, entry.tag ?? ""]
            where part.unicodeScalars.contains(where: \.properties.isWhitespace) {
                throw InputError(
                    at: "\(location): \"\(entry.word)\"", "white space cannot be written to a dictionary file",
                    found: "\"\(part)\"", remedy: "Remove the word.")
            }
            text += "\(entry.word) \(entry.frequency)"
            if let tag = entry.tag { text += " \(tag)" }
            text += "\n"
        }
        return text
    }

    /// A number of decimal digits; nil for anything else and for what an `Int` cannot hold.
    private static func frequency(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>, _ place: @autoclosure () -> String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputError(
                at: place(), "the line is not valid UTF-8", expected: "UTF-8 text",
                remedy: "convert the file: iconv -f GB18030 -t UTF-8 OLD > NEW")
        }
        return text
    }

    /// The fields of a user dictionary's line. Whatever is not a frequency or a tag at its end is the word.
    private static func userEntry(_ line: String) -> (word: String, frequency: Substring?, tag: String?) {
        var rest = line[...]
        func takeLast(_ isAllowed: (UInt8) -> Bool) -> Substring? {
            guard let space = rest.utf8.lastIndex(of: UInt8(ascii: " ")), space > rest.startIndex else { return nil }
            let field = rest[rest.utf8.index(after: space)...]
            guard !field.isEmpty, field.utf8.allSatisfy(isAllowed) else { return nil }
            rest = rest[..<space]
            return field
        }
        let tag = takeLast { (0x61...0x7A).contains($0) }
        let frequency = takeLast { (0x30...0x39).contains($0) }
        return (String(rest), frequency, tag.map(String.init))
    }
}

/// The lines of a dictionary file that hold something, trimmed of ASCII white space, with their numbers from 1.
private struct DictionaryLines: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position: Int
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> (number: Int, line: ArraySlice<UInt8>)? {
        while position < bytes.count {
            number += 1
            var (start, end) = (position, position)
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            position = end + 1
            while start < end, Self.isSpace(bytes[start]) { start += 1 }
            while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
            if start < end { return (number, bytes[start..<end]) }
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
