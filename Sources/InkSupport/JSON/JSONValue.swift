/// A JSON value that can be written back as it was: fields keep their order and numbers their spelling.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number as written: `768`, `1e-12`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// What kind of value this is, for messages.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number(let text): Int(text) == nil ? "a number" : "an integer"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// The fields of a JSON object in the order of the text; no name occurs twice.
///
/// Names are told apart by their code points: two spellings that Unicode holds equivalent are two names.
public struct JSONObject: Hashable, Sendable {
    private struct Name: Hashable, Sendable {
        let text: String

        static func == (left: Name, right: Name) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }

    private var orderedNames: [Name] = []
    private var values: [Name: JSONValue] = [:]

    public init() {}

    public var names: [String] { orderedNames.map(\.text) }

    public subscript(name: String) -> JSONValue? {
        get { values[Name(text: name)] }
        set {
            let name = Name(text: name)
            if let newValue {
                if values.updateValue(newValue, forKey: name) == nil { orderedNames.append(name) }
            } else if values.removeValue(forKey: name) != nil {
                orderedNames.removeAll { $0 == name }
            }
        }
    }
}

extension JSONValue {
    /// The value as JSON text: indented by two spaces a level, or on one line. Text outside ASCII is kept as it is.
    public func serialized(indented: Bool = true) -> String {
        var text = ""
        write(to: &text, indentation: indented ? 0 : nil)
        return text
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let spelling): text += spelling
        case .string(let value): Self.write(value, to: &text)
        case .array(let elements):
            Self.write("[", "]", elements, to: &text, indentation: indentation) { element, text, inner in
                element.write(to: &text, indentation: inner)
            }
        case .object(let object):
            Self.write("{", "}", object.names, to: &text, indentation: indentation) { name, text, inner in
                Self.write(name, to: &text)
                text += inner == nil ? ":" : ": "
                object[name]?.write(to: &text, indentation: inner)
            }
        }
    }

    private static func write<Element>(
        _ open: String, _ close: String, _ elements: [Element], to text: inout String, indentation: Int?,
        element: (Element, inout String, Int?) -> Void
    ) {
        let inner = indentation.map { $0 + 1 }
        text += open
        for (index, value) in elements.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            element(value, &text, inner)
        }
        if let indentation, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indentation) }
        text += close
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
