import InkSupport

/// Reads the usual JSONL record at the speed of its bytes: an object whose `text`, `id` and `source` are strings. What
/// is unusual in any way is left to the JSON parser, which also has the words for what is wrong.
struct RecordScanner {
    private let bytes: [UInt8]
    private var position = 0

    /// The fields of a record.
    struct Record {
        var text: [UInt8]?
        var id: [UInt8]?
        var source: [UInt8]?
        var meta: JSONObject?
        /// Fields of other names.
        var others: [(name: String, value: JSONValue)] = []
    }

    /// The name of the field that holds the text.
    private let textField: String

    private init(_ bytes: [UInt8], textField: String) {
        self.bytes = bytes
        self.textField = textField
    }

    /// The record; nil when it takes the JSON parser to tell what this is.
    /// - Parameter line: valid UTF-8.
    static func scan(_ line: [UInt8], textField: String = "text") -> Record? {
        var scanner = RecordScanner(line, textField: textField)
        return scanner.record()
    }

    private mutating func record() -> Record? {
        var record = Record()
        skipSpace()
        guard take(UInt8(ascii: "{")) else { return nil }
        while true {
            skipSpace()
            guard let name = string() else { return nil }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { return nil }
            skipSpace()
            guard field(String(decoding: name, as: UTF8.self), of: &record) else { return nil }
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { return nil }
            skipSpace()
            return position == bytes.count && record.text != nil ? record : nil
        }
    }

    private mutating func field(_ name: String, of record: inout Record) -> Bool {
        switch name {
        case textField where record.text == nil:
            record.text = string()
            return record.text != nil
        case "id" where record.id == nil:
            record.id = string()
            return record.id != nil
        case "source" where record.source == nil:
            record.source = string()
            return record.source != nil
        case textField, "id", "source": return false
        default:
            guard let value = value() else { return false }
            guard name == "meta" else {
                if record.others.contains(where: { $0.name == name }) { return false }
                record.others.append((name, value))
                return true
            }
            guard record.meta == nil, case .object(let object) = value else { return false }
            record.meta = object
            return true
        }
    }

    /// Any value, by the JSON parser, whose end is found by counting brackets outside strings.
    private mutating func value() -> JSONValue? {
        let start = position
        var depth = 0
        scan: while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return nil }
                continue scan
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { break scan }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { break scan }
            default: break
            }
            position += 1
        }
        return try? JSONValue(parsing: Array(bytes[start..<position]), location: "")
    }

    /// A string without its quotes and escapes; nil for what only the parser may judge.
    private mutating func string() -> [UInt8]? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var content: [UInt8] = []
        var start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                content.append(contentsOf: bytes[start..<position])
                position += 1
                return content
            }
            if byte == UInt8(ascii: "\\") {
                content.append(contentsOf: bytes[start..<position])
                guard escape(into: &content) else { return nil }
                start = position
                continue
            }
            if byte < 0x20 { return nil }
            position += 1
        }
        return nil
    }

    private mutating func escape(into content: inout [UInt8]) -> Bool {
        guard position + 1 < bytes.count else { return false }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "n"): content.append(10)
        case UInt8(ascii: "t"): content.append(9)
        case UInt8(ascii: "r"): content.append(13)
        case UInt8(ascii: "b"): content.append(8)
        case UInt8(ascii: "f"): content.append(12)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "u"): return unicodeEscape(into: &content)
        default: return false
        }
        return true
    }

    /// `\uXXXX`, with the second half of a pair where it is one.
    private mutating func unicodeEscape(into content: inout [UInt8]) -> Bool {
        guard var code = hexadecimal() else { return false }
        if (0xD800..<0xDC00).contains(code) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = hexadecimal(),
                (0xDC00..<0xE000).contains(low)
            else { return false }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { return false }
        content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return true
    }

    private mutating func hexadecimal() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var code: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            code = code << 4 | UInt32(digit)
        }
        position += 4
        return code
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 32 || byte == 9 || byte == 10 || byte == 13 else { return }
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}
