import InkSupport

/// How alike two texts are.
public struct TextSimilarityAnswer: TaskOutput, TaskAnswer {
    /// −1 to 1.
    public let cosine: Float
    /// The texts' vectors, of length 1.
    let first: [Float]
    let second: [Float]
    /// The losses of the task are of batches, not of pairs.
    public var loss: Float? { nil }

    public var summary: String { "\(cosine)" }
    public var confidence: Double? { nil }
    public var columns: [String] { ["\(cosine)"] }
    public var fields: JSONObject { JSONObject(["similarity": .float(cosine)]) }
}
