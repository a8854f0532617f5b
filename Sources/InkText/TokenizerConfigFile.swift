import Foundation
import InkSupport

/// One JSON file of a tokenizer, read field by field with errors that name file and field.
struct TokenizerConfigFile {
    static let tokenFields = ["unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]

    private let location: String
    private let fields: JSONObject

    /// Nil when the file does not exist.
    init?(_ file: URL) throws {
        location = file.path(percentEncoded: false)
        guard file.exists else { return nil }
        let value = try JSONValue(contentsOf: file, limit: WholeFile.settingsLimit)
        guard case .object(let fields) = value else {
            throw InputError(at: location, "wrong content", expected: "a JSON object", found: value.kind)
        }
        self.fields = fields
    }

    /// `file: field`, for errors.
    func place(_ field: String) -> String { "\(location): \(field)" }

    func has(_ field: String) -> Bool { fields[field] != nil }

    func isNull(_ field: String) -> Bool { fields[field] == .null }

    /// The value of a field; nil where it is absent or null.
    func value<Value: JSONDecodable>(_ field: String, _ type: Value.Type) throws -> Value? {
        try fields.value(field, type, at: location)
    }

    /// A number of tokens; nil for values beyond any model, such as the 1e30 that stands for "no bound".
    func length(_ field: String) throws -> Int? {
        switch fields[field] {
        case nil, .null?: return nil
        case .number(let spelling)?:
            if let number = Double(spelling), number >= 0x1p40 { return nil }
            guard let length = fields[field].flatMap(Int.init), length >= 1 else {
                throw InputError(
                    at: place(field), "out of range", expected: "a whole number of tokens from 1", found: spelling)
            }
            return length
        case let value?: throw wrongType(field, "a number of tokens", value)
        }
    }

    /// A token given as a string or as an object with `content`.
    func token(_ field: String) throws -> AddedToken? {
        guard let value = fields[field], value != .null else { return nil }
        return try token(value, field)
    }

    /// As `token(_:)`, but `null` is an error: BERT cannot do without it.
    func requiredToken(_ field: String) throws -> AddedToken? {
        if let value = fields[field], value == .null { throw wrongType(field, "a token", value) }
        return try token(field)
    }

    /// A list of tokens.
    func tokens(_ field: String) throws -> [AddedToken]? {
        switch fields[field] {
        case nil, .null?: return nil
        case .array(let values)?: return try values.map { try token($0, field) }
        case let value?: throw wrongType(field, "an array of tokens", value)
        }
    }

    /// `added_tokens_decoder`: an object from id to token.
    func tokensByID(_ field: String) throws -> [Int32: AddedToken]? {
        switch fields[field] {
        case nil, .null?: return nil
        case .object(let entries)?:
            var tokens: [Int32: AddedToken] = [:]
            for key in entries.names {
                guard let value = entries[key] else { continue }
                let entry = "\(field).\(key)"
                guard let id = Int32(key), id >= 0, id < 1 << 28 else {
                    throw InputError(at: place(entry), "the key is not an id", expected: "an integer from 0")
                }
                guard case .object(let members) = value else {
                    throw wrongType(entry, "an object with the field content", value)
                }
                tokens[id] = try token(.object(members), entry, isSpecial: members["special"] == .bool(true))
            }
            return tokens
        case let value?: throw wrongType(field, "an object from id to token", value)
        }
    }

    /// `added_tokens.json`: an object from token to id.
    func ids() throws -> [String: Int32] {
        var ids: [String: Int32] = [:]
        var owners: [Int32: String] = [:]
        for token in fields.names {
            guard let value = fields[token] else { continue }
            guard let id = Int(value), id >= 0, id < 1 << 28 else {
                throw wrongType(token, "an id, an integer from 0", value)
            }
            if let other = owners.updateValue(token, forKey: Int32(id)) {
                throw InputError(
                    at: place(token), "two tokens have the id \(id)", found: "\"\(other)\" and \"\(token)\"",
                    remedy: "Use the added tokens that were published with the checkpoint.")
            }
            ids[token] = Int32(id)
        }
        return ids
    }

    func contradiction(_ field: String, _ token: AddedToken, _ stated: AddedToken) -> InputError {
        InputError(
            at: place(field), "contradicts tokenizer_config.json", expected: "\"\(stated.content)\"",
            found: "\"\(token.content)\"", remedy: "Give both files the token the checkpoint was trained with.")
    }

    private func token(_ value: JSONValue, _ field: String, isSpecial: Bool = true) throws -> AddedToken {
        switch value {
        case .string(let content): return AddedToken(content, isSpecial: isSpecial)
        case .object(let members):
            guard case .string(let content)? = members["content"] else {
                throw InputError(at: place(field), "no text for the token", expected: "an object with a string content")
            }
            func flag(_ name: String) throws -> Bool? {
                try members.value(name, at: place(field))
            }
            return AddedToken(
                content, singleWord: try flag("single_word") ?? false, stripsLeft: try flag("lstrip") ?? false,
                stripsRight: try flag("rstrip") ?? false, isNormalized: try flag("normalized") ?? !isSpecial,
                isSpecial: isSpecial)
        default: throw wrongType(field, "a string, or an object with the field content", value)
        }
    }

    private func wrongType(_ field: String, _ expected: String, _ value: JSONValue) -> InputError {
        InputError(at: place(field), "wrong type", expected: expected, found: value.kind)
    }
}
