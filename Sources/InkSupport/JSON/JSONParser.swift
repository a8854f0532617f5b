/// Reads JSON strictly (RFC 8259): a field that occurs twice, a value nested too deep, anything after the value and
/// invalid UTF-8 are errors.
struct JSONParser {
    private let bytes: [UInt8]
    private let location: String
    private var position = 0
    private var depth = 0
    /// The line of each object in the order in which they open, for `LocatedJSON`.
    private var objectLines: [Int] = []
    private var firstLine = 1
    private var line = 1
    private var countedLines = 0

    /// Deeper values than this are refused; the deepest published configuration has four levels.
    static let depthLimit = 64

    private init(_ bytes: [UInt8], location: String) {
        self.bytes = bytes
        self.location = location
    }

    /// Parses the whole of `bytes`; `location` names them in errors.
    static func parse(_ bytes: [UInt8], location: String) throws -> JSONValue {
        var parser = JSONParser(bytes, location: location)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("text follows the JSON value") }
        return value
    }

    /// Parses one value after another up to the end: a value alone, or a file with one on each line. `body` gets each
    /// value, the line it begins on and the lines of its objects in the order in which they open. The first line has the
    /// number `firstLine`.
    static func parseSequence(
        _ bytes: [UInt8], location: String, firstLine: Int = 1, _ body: (JSONValue, Int, [Int]) throws -> Void
    ) throws {
        var parser = JSONParser(bytes, location: location)
        parser.firstLine = firstLine
        parser.line = firstLine
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        parser.skipSpace()
        while parser.position < bytes.count {
            let line = parser.currentLine()
            parser.objectLines.removeAll(keepingCapacity: true)
            let value = try parser.value(beginningOn: line)
            try body(value, line, parser.objectLines)
            parser.skipSpace()
        }
    }

    /// A value whose errors on a later line say where it begins: there the mistake may be.
    private mutating func value(beginningOn line: Int) throws -> JSONValue {
        do {
            return try value()
        } catch var error as InputError {
            if error.found == nil, currentLine() > line { error.found = "a record that begins on line \(line)" }
            throw error
        }
    }

    /// The line of the position; positions must not go back between calls.
    private mutating func currentLine() -> Int {
        for byte in bytes[countedLines..<position] where byte == 0x0A { line += 1 }
        countedLines = position
        return line
    }

    private func error(_ problem: String, expected: String? = nil, remedy: String? = nil) -> InputError {
        let line = bytes.prefix(position).reduce(into: firstLine) { if $1 == 0x0A { $0 += 1 } }
        let found = position < bytes.count ? nil : "the end of the text"
        return InputError(
            at: "\(location):\(line)", "\(problem) (byte \(position))", expected: expected, found: found, remedy: remedy
        )
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let byte = current, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        skipSpace()
        guard skip(character) else { throw error("invalid JSON", expected: "`\(character)`") }
    }

    private mutating func value() throws -> JSONValue {
        skipSpace()
        switch current.map(Unicode.Scalar.init) {
        case "{":
            objectLines.append(currentLine())
            return .object(try nested { try $0.object() })
        case "[": return .array(try nested { try $0.array() })
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        default:
            try refuseOtherWords()
            return .number(try number())
        }
    }

    /// What other languages write for values that JSON has in another spelling, or not at all.
    private static let otherWords: [(word: String, remedy: String)] = [
        ("NaN", "JSON has no such number: write null, or leave the field out"),
        ("-NaN", "JSON has no such number: write null, or leave the field out"),
        ("Infinity", "JSON has no such number: write a finite one"),
        ("-Infinity", "JSON has no such number: write a finite one"),
        ("nan", "JSON has no such number: write null, or leave the field out"),
        ("inf", "JSON has no such number: write a finite one"),
        ("-inf", "JSON has no such number: write a finite one"),
        ("None", "write null; Python's json.dumps writes JSON, str() does not"),
        ("True", "write true; Python's json.dumps writes JSON, str() does not"),
        ("False", "write false; Python's json.dumps writes JSON, str() does not"),
        ("undefined", "write null, or leave the field out"),
        ("'", "strings stand in double quotes; Python's json.dumps writes JSON, str() does not"),
    ]

    private func refuseOtherWords() throws {
        let rest = bytes[position...]
        guard let other = Self.otherWords.first(where: { rest.starts(with: $0.word.utf8) }) else { return }
        throw error(
            other.word == "'" ? "a string in single quotes" : "`\(other.word)` is no JSON", remedy: other.remedy)
    }

    /// A comma after which nothing follows, as Python and JavaScript allow it.
    private mutating func refuseTrailingComma(before close: Unicode.Scalar) throws {
        skipSpace()
        guard let byte = current, UInt32(byte) == close.value else { return }
        throw error("a comma before `\(close)`", remedy: "remove the comma after the last element")
    }

    private mutating func nested<Value>(_ read: (inout JSONParser) throws -> Value) throws -> Value {
        guard depth < Self.depthLimit else {
            throw error("values are nested too deep", expected: "at most \(Self.depthLimit) levels")
        }
        depth += 1
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws -> JSONObject {
        var object = JSONObject()
        skipSpace()
        if skip("}") { return object }
        repeat {
            try refuseTrailingComma(before: "}")
            let name = try string()
            guard object[name] == nil else {
                throw error("the field `\(name.prefix(60))` occurs twice", remedy: "leave one of them")
            }
            try expect(":")
            object[name] = try value()
            skipSpace()
        } while skip(",")
        try expect("}")
        return object
    }

    private mutating func array() throws -> [JSONValue] {
        var elements: [JSONValue] = []
        skipSpace()
        if skip("]") { return elements }
        repeat {
            try refuseTrailingComma(before: "]")
            elements.append(try value())
            skipSpace()
        } while skip(",")
        try expect("]")
        return elements
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else {
            try refuseOtherWords()
            throw error("invalid JSON", expected: "`\(word)`")
        }
        position += word.utf8.count
        return value
    }

    private mutating func digits() throws {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw error("invalid JSON", expected: "a value") }
    }

    private mutating func number() throws -> String {
        let start = position
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func string() throws -> String {
        guard skip("\"") else {
            try refuseOtherWords()
            throw error("invalid JSON", expected: "a string")
        }
        var text = ""
        var start = position
        while let byte = current {
            switch byte {
            case 0x22:
                text += try plainText(from: start)
                position += 1
                return text
            case 0x5C:
                text += try plainText(from: start)
                position += 1
                text += try escape()
                start = position
            case ..<0x20:
                throw error("a control character stands in a string")
            default:
                position += 1
            }
        }
        throw error("a string does not end")
    }

    /// The bytes from `start` up to the position, which hold no escape.
    private func plainText(from start: Int) throws -> String {
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw error("invalid UTF-8")
        }
        return text
    }

    /// The text of the escape whose backslash has been read.
    private mutating func escape() throws -> String {
        guard let byte = current else { throw error("a string does not end") }
        position += 1
        switch Unicode.Scalar(byte) {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            var units = [try hexadecimal()]
            if UTF16.isLeadSurrogate(units[0]) {
                guard skip("\\"), skip("u") else { throw error("half of a surrogate pair") }
                units.append(try hexadecimal())
            }
            guard let text = String(validating: units, as: UTF16.self) else { throw error("half of a surrogate pair") }
            return text
        default: throw error("unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = current.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw error("invalid escape", expected: "four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}

extension JSONValue {
    /// Parses the whole of `bytes`, UTF-8 with or without a byte order mark.
    ///
    /// Throws `InputError` with the line where they are not one JSON value; `location` names them in it.
    public init(parsing bytes: [UInt8], location: String) throws {
        self = try JSONParser.parse(bytes, location: location)
    }

    /// Parses the whole of `text`, as for bytes.
    public init(parsing text: String, location: String) throws {
        try self.init(parsing: Array(text.utf8), location: location)
    }
}
