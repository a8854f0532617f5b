import InkSupport

/// Reads delimited records with quotes as in RFC 4180: a quoted field may hold separators, doubled quotes and ends of
/// lines.
struct CSVParser {
    let lines: LineReader
    let separator: Character

    /// The fields of the next record that is not an empty line and the line it starts on; nil at the end.
    /// Throws `InputError` naming file and line for a quote that is not closed or stands inside a bare field.
    func next() throws -> (line: Int, fields: [String])? {
        while let first = try lines.next() {
            if first.text.isEmpty { continue }
            var scanner = Scanner(separator: separator)
            let location = "\(lines.name):\(first.number)"
            try scanner.take(first.text, location: location)
            while scanner.isInsideQuotes {
                guard let more = try lines.next() else {
                    throw InputError(
                        at: location, "a quoted field is never closed", found: "the end of the file",
                        remedy: "close the quote, or double quotes that belong to the text")
                }
                try scanner.take("\n" + more.text, location: "\(lines.name):\(more.number)")
            }
            return (first.number, scanner.finish())
        }
        return nil
    }

    /// The fields of one line. Throws `InputError` as `next()`.
    static func fields(of line: String, separator: Character, location: String) throws -> [String] {
        var scanner = Scanner(separator: separator)
        try scanner.take(line, location: location)
        if scanner.isInsideQuotes { throw InputError(at: location, "a quoted field is never closed") }
        return scanner.finish()
    }

    /// The state between characters, kept over the ends of lines.
    private struct Scanner {
        let separator: UInt8
        var isInsideQuotes = false
        private var wasQuoted = false
        private var field: [UInt8] = []
        private var fields: [String] = []

        init(separator: Character) { self.separator = separator.asciiValue ?? UInt8(ascii: ",") }

        mutating func take(_ text: String, location: String) throws {
            let quote = UInt8(ascii: "\"")
            let bytes = Array(text.utf8)
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if isInsideQuotes {
                    if byte != quote {
                        field.append(byte)
                    } else if index < bytes.count, bytes[index] == quote {
                        field.append(quote)
                        index += 1
                    } else {
                        isInsideQuotes = false
                    }
                } else if byte == separator {
                    endField()
                } else if byte == quote, field.isEmpty, !wasQuoted {
                    isInsideQuotes = true
                    wasQuoted = true
                } else if byte == quote || wasQuoted {
                    throw InputError(
                        at: location, "a quote inside a field that is not quoted as a whole",
                        expected: "\"…\" around the field, quotes of the text doubled",
                        found: "field \(fields.count + 1): \(String(decoding: field.prefix(60), as: UTF8.self))…")
                } else {
                    field.append(byte)
                }
            }
        }

        private mutating func endField() {
            fields.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
            wasQuoted = false
        }

        mutating func finish() -> [String] {
            endField()
            return fields
        }
    }
}
