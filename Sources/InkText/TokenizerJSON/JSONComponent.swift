import InkSupport

/// One part of a `tokenizer.json`: an object whose field `type` says what it is. Fields are read with errors that name
/// them.
struct JSONComponent {
    let fields: JSONObject
    /// The file and the path of fields to this one.
    let place: String

    /// Nil for `null`.
    /// - Throws: `InputError` when the value is no object.
    init?(_ value: JSONValue?, place: String) throws {
        guard let value, value != .null else { return nil }
        guard case .object(let fields) = value else {
            throw InputError(at: place, "wrong type", expected: "an object", found: value.kind)
        }
        self.fields = fields
        self.place = place
    }

    /// What `type` says; empty where it is not there (old files leave it out in `model`).
    func type() throws -> String { try value("type", String.self) ?? "" }

    func value<Value: JSONDecodable>(_ field: String, _ type: Value.Type) throws -> Value? {
        try fields.value(field, type, at: place)
    }

    func required<Value: JSONDecodable>(_ field: String, _ type: Value.Type) throws -> Value {
        guard let value = try value(field, type) else {
            throw InputError(at: "\(place).\(field)", "is missing", expected: Value.jsonKind)
        }
        return value
    }

    /// The object in a field; nil where it is absent or null.
    func component(_ field: String) throws -> JSONComponent? {
        try JSONComponent(fields[field], place: "\(place).\(field)")
    }

    /// The values of an array field; empty where it is absent or null.
    func array(_ field: String) throws -> [JSONValue] {
        switch fields[field] {
        case nil, .null?: return []
        case .array(let values)?: return values
        case let value?:
            throw InputError(at: "\(place).\(field)", "wrong type", expected: "an array", found: value.kind)
        }
    }

    /// The objects of an array field.
    func components(_ field: String) throws -> [JSONComponent] {
        try array(field).enumerated().map { index, value in
            guard let component = try JSONComponent(value, place: "\(place).\(field)[\(index)]") else {
                throw InputError(at: "\(place).\(field)[\(index)]", "wrong type", expected: "an object", found: "null")
            }
            return component
        }
    }

    /// This component, or the parts of a `Sequence` in a field of that name, nested ones too.
    func flattened(_ field: String) throws -> [JSONComponent] {
        guard try type() == "Sequence" else { return [self] }
        return try components(field).flatMap { try $0.flattened(field) }
    }

    /// A field that must not ask for what is not there.
    func refuse(_ field: String, unless isAllowed: (JSONValue) -> Bool) throws {
        guard let value = fields[field], value != .null, !isAllowed(value) else { return }
        throw InputError(
            at: "\(place).\(field)", "is not supported", found: value.serialized(indented: false),
            remedy: "Use a checkpoint whose tokenizer does without it.")
    }

    /// An error for a component of an unknown kind.
    func unknown(_ kind: String, expected: String) -> InputError {
        let type = (try? type()) ?? ""
        return InputError(
            at: place, "unknown \(kind)", expected: expected, found: type.isEmpty ? "no type" : type,
            remedy: "Only tokenizers of encoder models are read from tokenizer.json.")
    }
}
