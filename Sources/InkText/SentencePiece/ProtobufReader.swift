import InkSupport

/// Reads the fields of a protocol buffer message from bytes; every length is checked against what is there.
struct ProtobufReader {
    /// The value of a field by its wire type.
    enum Value {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        /// A range of the file's bytes.
        case bytes(Range<Int>)
    }

    struct Field {
        let number: Int
        let value: Value
        /// The byte at which the field begins.
        let position: Int
    }

    private let bytes: [UInt8]
    private let location: String
    private var position: Int
    private let end: Int

    /// Reads `range` of `bytes`; `location` names the file in errors.
    init(_ bytes: [UInt8], _ range: Range<Int>, location: String) {
        self.bytes = bytes
        self.location = location
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field; nil at the end.
    /// - Throws: `InputError` with the byte position where the message is cut off or is none.
    mutating func next() throws -> Field? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw error("not a field of a message", at: start) }
        let value: Value
        switch tag & 7 {
        case 0: value = .varint(try varint())
        case 1: value = .fixed64(try fixed(8))
        case 2:
            let lengthPosition = position
            let length = try varint()
            guard length <= UInt64(end - position) else {
                throw error(
                    "a field goes beyond the end of the file", at: lengthPosition, expected: "\(length) bytes",
                    found: "\(end - position)")
            }
            let first = position
            position += Int(length)
            value = .bytes(first..<position)
        case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
        default: throw error("not a field of a message", at: start)
        }
        return Field(number: Int(tag >> 3), value: value, position: start)
    }

    private mutating func varint() throws -> UInt64 {
        let start = position
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard position < end else { throw error("the file is cut off", at: start) }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw error("a number has too many bytes", at: start)
    }

    private mutating func fixed(_ width: Int) throws -> UInt64 {
        guard end - position >= width else { throw error("the file is cut off", at: position) }
        var value: UInt64 = 0
        for offset in 0..<width { value |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
        position += width
        return value
    }

    /// An error at a byte of the file.
    func error(
        _ problem: String, at position: Int, expected: String? = nil, found: String? = nil
    ) -> InputError {
        InputError(
            at: "\(location): byte \(position)", problem, expected: expected, found: found,
            remedy: "The file is damaged or no SentencePiece model; fetch it again.")
    }

    /// The text of a field.
    func text(_ field: Field) throws -> String {
        guard case .bytes(let range) = field.value else { throw wrongType(field, "text") }
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw error("invalid UTF-8", at: range.lowerBound)
        }
        return text
    }

    /// The range of the bytes of a field.
    func range(_ field: Field) throws -> Range<Int> {
        guard case .bytes(let range) = field.value else { throw wrongType(field, "bytes") }
        return range
    }

    /// The value of an enumeration or a small whole number.
    func integer(_ field: Field) throws -> Int {
        guard case .varint(let value) = field.value else { throw wrongType(field, "a whole number") }
        return Int(Int32(truncatingIfNeeded: value))
    }

    func bool(_ field: Field) throws -> Bool {
        guard case .varint(let value) = field.value else { throw wrongType(field, "true or false") }
        return value != 0
    }

    func float(_ field: Field) throws -> Float {
        guard case .fixed32(let bits) = field.value else { throw wrongType(field, "a number") }
        return Float(bitPattern: bits)
    }

    private func wrongType(_ field: Field, _ expected: String) -> InputError {
        error("field \(field.number) has the wrong type", at: field.position, expected: expected)
    }
}
