import Foundation
import InkSupport

extension WordBoundaryModel {
    /// Reads a model from JSON: an object of `start` (`{"B": …, "S": …}`), `transition` (`{"B": {"E": …, "M": …}, …}`)
    /// and `emission` (`{"B": {"一": …}, …}`), all natural logarithms of probabilities. What is missing never happens.
    ///
    /// Whoever has jieba installed gets the file of its own tables with
    /// ```
    /// python3 -c "import json, jieba.finalseg as f; json.dump({'start': f.start_P, 'transition': f.trans_P,
    ///     'emission': f.emit_P}, open('hmm.json', 'w'))"
    /// ```
    /// - Throws: `InputError` naming file and field: not JSON, a field that is missing or of another kind, a state that
    ///   does not exist, a number above 0, an emission of more than one letter.
    public init(contentsOf file: URL) throws {
        let path = file.path(percentEncoded: false)
        guard case .object(let fields) = try JSONValue(contentsOf: file, limit: WholeFile.tableLimit) else {
            throw InputError(
                at: path, "not a table of word boundaries", expected: "an object of start, transition and emission")
        }
        func table(_ field: String) throws -> [State: JSONValue] {
            guard let json = fields[field] else {
                throw InputError(
                    at: "\(path): \(field)", "is missing",
                    expected: "an object whose fields are of \(Self.stateNames)")
            }
            return try Self.byState(json, at: "\(path): \(field)") { value, _ in value }
        }
        let start = try Self.byState(fields["start"] ?? .null, at: "\(path): start", Self.logProbability)
        let transition = try Dictionary(
            uniqueKeysWithValues: table("transition").map { state, json in
                (state, try Self.byState(json, at: "\(path): transition.\(state.name)", Self.logProbability))
            })
        let emission = try Dictionary(
            uniqueKeysWithValues: table("emission").map { state, json in
                (state, try Self.letters(json, at: "\(path): emission.\(state.name)"))
            })
        self.init(start: start, transition: transition, emission: emission)
    }

    /// Writes the model in the format of `init(contentsOf:)`. Throws `InputError` when the file cannot be written.
    public func write(to file: URL) throws {
        func object<Key>(_ values: [Key: JSONValue], _ name: (Key) -> String) -> JSONValue {
            var object = JSONObject()
            for (name, value) in values.map({ (name($0), $1) }).sorted(by: { $0.0 < $1.0 }) { object[name] = value }
            return .object(object)
        }
        func numbers(_ values: [State: Double]) -> JSONValue {
            object(values.mapValues { .number(String($0)) }, \.name)
        }
        let fields: [String: JSONValue] = [
            "start": numbers(start), "transition": object(transition.mapValues(numbers), \.name),
            "emission": object(
                emission.mapValues { letters in
                    object(letters.mapValues { .number(String($0)) }) { String(Character($0)) }
                }, \.name),
        ]
        try AtomicFile.write(object(fields) { $0 }.serialized(), to: file)
    }

    private static let stateNames = State.allCases.map(\.name).joined(separator: ", ")

    private static func byState<Value>(
        _ json: JSONValue, at path: String, _ value: (JSONValue, String) throws -> Value
    ) throws -> [State: Value] {
        guard case .object(let object) = json else {
            throw InputError(
                at: path, "the field has the wrong type", expected: "an object whose fields are of \(stateNames)",
                found: json.kind)
        }
        var values: [State: Value] = [:]
        for name in object.names {
            guard let state = State.allCases.first(where: { $0.name == name }), let json = object[name] else {
                throw InputError(at: "\(path).\(name)", "no such state", expected: "one of \(stateNames)", found: name)
            }
            values[state] = try value(json, "\(path).\(name)")
        }
        return values
    }

    private static func letters(_ json: JSONValue, at path: String) throws -> [Unicode.Scalar: Double] {
        guard case .object(let object) = json else {
            throw InputError(
                at: path, "the field has the wrong type", expected: "an object of letters", found: json.kind)
        }
        var values: [Unicode.Scalar: Double] = [:]
        for name in object.names {
            guard let letter = name.unicodeScalars.first, name.unicodeScalars.count == 1, let json = object[name] else {
                throw InputError(
                    at: "\(path).\(name)", "cannot be emitted", expected: "one letter",
                    found: "\(name.unicodeScalars.count) letters")
            }
            values[letter] = try logProbability(json, "\(path).\(name)")
        }
        return values
    }

    private static func logProbability(_ json: JSONValue, _ path: String) throws -> Double {
        guard let value = Double(json), value <= 0, value >= never else {
            throw InputError(
                at: path, "not the logarithm of a probability", expected: "a number from \(never) to 0",
                found: String(json.serialized(indented: false).prefix(60)))
        }
        return value
    }
}
