import InkLayers
import InkTensor

/// LayerNorm(word [+ position] [+ token type] [+ task type]), then dropout; key prefix `embeddings`.
struct TokenEmbeddings: Sendable {
    /// Where a token's position comes from.
    enum Positions: Sendable {
        /// No table: the attention sees the positions.
        case none
        /// A row of `position_embeddings` by the token's place: 0, 1, 2 …
        case absolute
        /// RoBERTa: counted from the row after the padding id; padding tokens have that row itself.
        case afterPadding(Int32)
    }

    let word: Embedding
    let position: Embedding?
    let tokenType: Embedding?
    /// ERNIE 2.0 and later: which pre-training task a text belongs to; fine-tuning uses task 0.
    let taskType: Embedding?
    let norm: LayerNorm?
    let dropout: Float
    let positions: Positions
    /// Whether the input's token types are looked up, or every token has type 0.
    let separatesTypes: Bool
    /// From the width of the tables to H before the LayerNorm, where they differ and the family has it there.
    let innerProjection: Linear?
    /// From the width of the tables to H at the end, where they differ and the family has it there.
    var projection: Linear?

    /// - Parameters:
    ///   - width: columns of the tables; H where nil.
    ///   - separatesTypes: false where every token has type 0.
    ///   - innerProjection: to H, before the LayerNorm.
    ///   - normalizes: whether there is a LayerNorm.
    init(
        _ shape: EncoderShape, width: Int? = nil, positions: Positions = .absolute, taskTypes: Int? = nil,
        separatesTypes: Bool = true, innerProjection: Linear? = nil, normalizes: Bool = true, _ scope: ParameterScope
    ) throws {
        let width = width ?? shape.hiddenSize
        word = try scope.embedding("word_embeddings", shape.vocabularySize, width)
        if case .none = positions {
            position = nil
        } else {
            position = try scope.embedding("position_embeddings", shape.positionCount, width)
        }
        tokenType =
            shape.typeVocabularySize == 0
            ? nil : try scope.embedding("token_type_embeddings", shape.typeVocabularySize, width)
        taskType = try taskTypes.map { try scope.embedding("task_type_embeddings", $0, width) }
        let normWidth = innerProjection == nil ? width : shape.hiddenSize
        norm = normalizes ? try scope.layerNorm("LayerNorm", normWidth, epsilon: shape.layerNormEpsilon) : nil
        self.separatesTypes = separatesTypes
        self.innerProjection = innerProjection
        dropout = shape.hiddenDropout
        self.positions = positions
    }

    /// [T, H]
    func callAsFunction(_ input: EncoderInput, _ pass: Pass) -> Tensor {
        var parts = [word.looking(up: input.ids)]
        if let position { parts.append(position.looking(up: positionIDs(input))) }
        let zeros = [Int32](repeating: 0, count: input.tokens)
        if let tokenType { parts.append(tokenType.looking(up: separatesTypes ? input.tokenTypeIDs : zeros)) }
        if let taskType { parts.append(taskType.looking(up: zeros)) }
        let tables = pass.embeddingSum(parts)
        let sum = innerProjection.map { $0(tables, pass) } ?? tables
        let embedded = pass.dropout(norm.map { $0(sum, pass) } ?? sum, dropout)
        return projection.map { $0(embedded, pass) } ?? embedded
    }

    private func positionIDs(_ input: EncoderInput) -> [Int32] {
        guard case .afterPadding(let padding) = positions else { return input.layout.positions }
        var ids: [Int32] = []
        ids.reserveCapacity(input.tokens)
        for sequence in 0..<input.layout.count {
            var next = padding
            for id in input.ids[input.layout.rows(of: sequence)] {
                if id != padding { next += 1 }
                ids.append(id == padding ? padding : next)
            }
        }
        return ids
    }
}
