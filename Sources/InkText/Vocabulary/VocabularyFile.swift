import InkSupport

/// The two text forms of a vocabulary: one token a line, and `token<TAB>id` lines.
enum VocabularyFile {
    /// Splits at LF, CRLF and CR, as the reference does; a byte order mark at the start is skipped.
    static func lines(of bytes: [UInt8], location: String) throws -> [String] {
        var lines: [String] = []
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        func add(_ end: Int) throws {
            guard let line = String(validating: bytes[start..<end], as: UTF8.self) else {
                throw InputError(
                    at: "\(location):\(lines.count + 1)", "invalid UTF-8",
                    remedy: "Save the file as UTF-8, or take the published vocabulary.")
            }
            lines.append(line)
        }
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            try add(index - 1)
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            start = index
        }
        if start < bytes.count { try add(bytes.count) }
        return lines
    }

    /// What may have shifted ids: lines without a token before others, and letters that some programs take for the end
    /// of a line.
    static func notes(on lines: [String], location: String) -> [String] {
        let lines = lines[...((lines.lastIndex { !isBlank($0) }) ?? -1)]
        func note(_ subject: String, _ consequence: String, where isOdd: (String) -> Bool) -> String? {
            guard let first = lines.firstIndex(where: isOdd) else { return nil }
            let count = lines[first...].count(where: isOdd)
            return "\(location):\(first + 1): \(subject)\(count == 1 ? "" : " (\(count) lines in all)"); \(consequence)"
        }
        let blank = note(
            "a line without a token", "every line has an id, so check that the model was trained so", where: isBlank)
        let separator = note(
            "a line or paragraph separator within a line",
            "a program that ended lines there has given the tokens behind it other ids"
        ) { $0.unicodeScalars.contains(where: isSeparator) }
        return [blank, separator].compactMap { $0 }
    }

    private static func isBlank(_ line: String) -> Bool { line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR, vertical tab and form feed.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        [0x85, 0x2028, 0x2029, 0x0B, 0x0C].contains(scalar.value)
    }

    /// The tokens in the order of their ids. The first line decides the form: a tab followed by a number means
    /// `token<TAB>id`.
    static func tokens(of lines: [String], location: String) throws -> [String] {
        guard let first = lines.first, let tab = first.utf8.lastIndex(of: 0x09),
            Int(first[first.index(after: tab)...]) != nil
        else { return lines }
        var tokens = [String?](repeating: nil, count: lines.count)
        for (index, line) in lines.enumerated() {
            let place = "\(location):\(index + 1)"
            guard let tab = line.utf8.lastIndex(of: 0x09) else {
                throw InputError(
                    at: place, "no tab between token and id", expected: "token<TAB>id as in the lines before",
                    found: "\"\(line)\"", remedy: "Repair the line, or give every line one token without an id.")
            }
            let field = line[line.index(after: tab)...]
            guard let id = Int(field), id >= 0 else {
                throw InputError(
                    at: place, "the id is not a number", expected: "an integer from 0", found: "\"\(field)\"")
            }
            guard id < lines.count else {
                throw InputError(
                    at: place, "the ids have a gap", expected: "an id below the number of lines, \(lines.count)",
                    found: "\(id)", remedy: "Give each id from 0 exactly one line.")
            }
            if let other = tokens[id] {
                throw InputError(
                    at: place, "id \(id) is given twice", found: "\"\(other)\" and \"\(line[..<tab])\"",
                    remedy: "Give each id from 0 exactly one line.")
            }
            tokens[id] = String(line[..<tab])
        }
        return tokens.compactMap { $0 }
    }
}
