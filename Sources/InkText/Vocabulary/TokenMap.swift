import InkSupport

/// Tokens by id and ids by token, from a JSON object: `vocab.json`, `model.vocab` of `tokenizer.json`.
struct TokenMap: TokenTable {
    let location: String
    /// By id; empty where there is none.
    private(set) var tokens: [String] = []
    /// By UTF-8: two spellings that Unicode holds equivalent are two tokens.
    private var ids: [[UInt8]: Int32] = [:]

    /// Ids must be below this.
    static let idLimit = 1 << 20

    /// - Throws: `InputError` naming the token: an id that is no whole number, out of range, or given twice.
    init(_ fields: JSONObject, location: String) throws {
        self.location = location
        guard !fields.names.isEmpty else {
            throw InputError(at: location, "holds no token", expected: "tokens with ids")
        }
        ids.reserveCapacity(fields.names.count)
        for token in fields.names {
            guard let id = fields[token].flatMap(Int.init), id >= 0, id < Self.idLimit else {
                throw InputError(
                    at: "\(location): \(token)", "not an id", expected: "a whole number from 0 to \(Self.idLimit - 1)",
                    found: fields[token]?.serialized(indented: false))
            }
            try add(token, Int32(id))
        }
    }

    /// Tokens whose ids are their places.
    init(_ tokens: [String], location: String) throws {
        self.location = location
        for (id, token) in tokens.enumerated() { try add(token, Int32(id)) }
    }

    private mutating func add(_ token: String, _ id: Int32) throws {
        if tokens.count <= Int(id) { tokens += repeatElement("", count: Int(id) + 1 - tokens.count) }
        guard tokens[Int(id)].isEmpty else {
            throw InputError(
                at: "\(location): \(token)", "id \(id) is given twice", found: "also to \"\(tokens[Int(id)])\"")
        }
        tokens[Int(id)] = token
        ids[Array(token.utf8)] = id
    }

    var count: Int { tokens.count }

    func id(of token: String) -> Int32? { ids[Array(token.utf8)] }

    func token(of id: Int32) -> String? {
        id >= 0 && id < tokens.count && !tokens[Int(id)].isEmpty ? tokens[Int(id)] : nil
    }

    func isRepeated(_ token: String) -> Bool { false }
}
