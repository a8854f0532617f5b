import Foundation
import InkSupport

/// Any JSON value: the fields of a tokenizer's files are optional, of several types, or unknown.
enum TokenizerJSON: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number without fraction that fits.
    case integer(Int)
    case number(Double)
    case string(String)
    case array([TokenizerJSON])
    case object([String: TokenizerJSON])

    /// Parses `data`; `location` names the file in the error.
    init(parsing data: Data, at location: String) throws {
        do {
            self = try JSONDecoder().decode(TokenizerJSON.self, from: data)
        } catch {
            throw InputError(
                at: location, "not valid JSON", found: data.isEmpty ? "an empty file" : nil,
                remedy: "Replace the file by an intact copy.")
        }
    }

    /// The JSON name of the value's type, for error messages.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension TokenizerJSON: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([TokenizerJSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: TokenizerJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
