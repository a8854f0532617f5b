import InkSupport

/// What a tagger says of one text.
public struct TaggedText: TaskAnswer, Codable, Equatable {
    /// A span found.
    public struct Entity: Codable, Equatable, Sendable {
        public let type: String
        /// The span as it stands in the text.
        public let text: String
        /// Unicode scalars of the text before the span.
        public let start: Int
        /// Where it ends, exclusive.
        public let end: Int
        /// The probability of the span's least certain token.
        public let probability: Float

        var span: TypedSpan { TypedSpan(type: type, start: start, end: end) }
    }

    /// How far the tags agree with those of the data, token by token.
    struct Agreement: Codable, Equatable, Sendable {
        var right = 0
        var known = 0
        /// Spans of the data that begin or end inside a token, so that no tags can give them.
        var cut = 0
    }

    /// The spans by place.
    public let entities: [Entity]
    let agreement: Agreement

    public var summary: String { TypedSpan.summary(entities.map { ($0.type, $0.text) }) }
    /// Of the least certain span.
    public var confidence: Double? { entities.map { Double($0.probability) }.min() }
    public var columns: [String] {
        entities.flatMap { entity in
            [
                entity.type, entity.text.inOneColumn, "\(entity.start)",
                "\(entity.end)", "\(entity.probability)",
            ]
        }
    }

    public var fields: JSONObject {
        JSONObject([
            "entities": .array(
                entities.map {
                    .record([
                        "type": .string($0.type), "text": .string($0.text), "start": .integer($0.start),
                        "end": .integer($0.end), "probability": .float($0.probability),
                    ])
                })
        ])
    }
}
