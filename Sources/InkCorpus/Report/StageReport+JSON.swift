import InkSupport

extension StageReport {
    /// The whole report, from which `init(json:at:)` makes an equal one.
    public var json: JSONValue {
        .record([
            "stage": .string(stage), "documentsIn": .integer(documentsIn), "documentsOut": .integer(documentsOut),
            "bytesIn": .integer(bytesIn), "bytesOut": .integer(bytesOut), "seconds": .float(seconds),
            "tally": tally.json, "facts": .object(facts), "warnings": .strings(warnings),
        ])
    }

    /// Reads what `json` wrote.
    /// - Parameter location: the file, for messages.
    /// - Throws: `InputError` naming the field that is missing, of another type or impossible.
    public init(json: JSONValue, at location: String) throws {
        let object = try JSONObject.required(json, at: location)
        self.init(stage: try object.required("stage", at: location))
        let here = "\(location): \(stage)"
        documentsIn = try object.count("documentsIn", at: here)
        documentsOut = try object.count("documentsOut", at: here)
        bytesIn = try object.count("bytesIn", at: here)
        bytesOut = try object.count("bytesOut", at: here)
        seconds = try object.required("seconds", at: here)
        tally = try StageTally(json: .object(try object.required("tally", at: here)), at: "\(here): tally")
        facts = try object.required("facts", at: here)
        warnings = try object.required("warnings", at: here)
    }
}

extension StageTally {
    /// Rules and histograms, each sorted by name, so that equal tallies have the same text.
    public var json: JSONValue {
        var rules = JSONObject()
        for (name, rule) in self.rules.sorted(by: { $0.key < $1.key }) { rules[name] = rule.json }
        var histograms = JSONObject()
        for (name, buckets) in self.histograms.sorted(by: { $0.key < $1.key }) {
            histograms[name] = .array(buckets.sorted { $0.key < $1.key }.map { .integers([$0.key, $0.value]) })
        }
        return .record([
            "rules": .object(rules), "histograms": .object(histograms), "kept": .array(kept.map(\.json)),
        ])
    }

    /// Reads what `json` wrote. The order of examples follows from their documents' names and is not stored.
    /// - Throws: `InputError` naming the field that is missing, of another type or impossible.
    public init(json: JSONValue, at location: String) throws {
        self.init()
        let object = try JSONObject.required(json, at: location)
        let rules: JSONObject = try object.required("rules", at: location)
        for name in rules.names {
            let here = "\(location): \(name)"
            let rule: JSONObject = try rules.required(name, at: location)
            count(
                name, documents: try rule.count("documents", at: here), changes: try rule.count("changes", at: here),
                removedBytes: try rule.count("removedBytes", at: here))
            let examples: [JSONObject] = try rule.required("examples", at: here)
            if let first = try rule.value("first", JSONObject.self, at: here) {
                note(name, try StageTally.Place(first, at: "\(here): first"))
            }
            for shown in examples {
                example(
                    name, id: try shown.required("id", at: here), before: try shown.required("before", at: here),
                    after: try shown.value("after", at: here))
            }
        }
        for shown in try object.value("kept", [JSONObject].self, at: location) ?? [] {
            keep(
                id: try shown.required("id", at: location), beginning: try shown.required("before", at: location))
        }
        let histograms: JSONObject = try object.required("histograms", at: location)
        for name in histograms.names {
            let here = "\(location): \(name)"
            var last: Int?
            for pair in try histograms.required(name, as: [[Int]].self, at: location) {
                guard pair.count == 2, pair[1] >= 0, last.map({ $0 < pair[0] }) ?? true else {
                    throw InputError(
                        at: here, "not a histogram", expected: "pairs of a rising bucket and a count from 0",
                        found: "\(pair)")
                }
                last = pair[0]
                record(bucket: pair[0], in: name, count: pair[1])
            }
        }
    }
}

extension StageTally.Rule {
    fileprivate var json: JSONValue {
        .record([
            "documents": .integer(documents), "changes": .integer(changes), "removedBytes": .integer(removedBytes),
            "examples": .array(examples.map(\.json)), "first": first?.json,
        ])
    }
}

extension StageTally.Place {
    fileprivate init(_ json: JSONObject, at location: String) throws {
        self.init(
            file: try json.count("file", at: location), line: try json.count("line", at: location),
            name: try json.required("name", at: location), reason: try json.required("reason", at: location),
            remedy: try json.value("remedy", at: location))
    }

    fileprivate var json: JSONValue {
        .record([
            "file": .integer(file), "line": .integer(line), "name": .string(name), "reason": .string(reason),
            "remedy": remedy.map { .string($0) },
        ])
    }
}

extension StageTally.Example {
    fileprivate var json: JSONValue {
        .record(["id": .string(id), "before": .string(before), "after": after.map { .string($0) }])
    }
}

extension JSONObject {
    fileprivate static func required(_ json: JSONValue, at location: String) throws -> JSONObject {
        guard case .object(let object) = json else {
            throw InputError(at: location, "not a stage's report", expected: "an object", found: json.kind)
        }
        return object
    }

    fileprivate func required<Value: JSONDecodable>(
        _ name: String, as type: Value.Type = Value.self, at location: String
    ) throws -> Value {
        guard let value = try value(name, type, at: location) else {
            throw InputError(at: "\(location): \(name)", "the field is missing", expected: Value.jsonKind)
        }
        return value
    }

    fileprivate func count(_ name: String, at location: String) throws -> Int {
        let value: Int = try required(name, at: location)
        guard value >= 0 else {
            throw InputError(
                at: "\(location): \(name)", "the number is out of range", expected: "from 0", found: "\(value)")
        }
        return value
    }
}
