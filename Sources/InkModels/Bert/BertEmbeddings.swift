import InkLayers
import InkTensor

/// LayerNorm(word + position + token type [+ task type]), then dropout. Key prefix: `embeddings`.
struct BertEmbeddings: Sendable {
    let word: Embedding
    let position: Embedding
    let tokenType: Embedding
    /// ERNIE 2.0 and later: which pre-training task a text belongs to; fine-tuning uses task 0.
    let taskType: Embedding?
    let norm: LayerNorm
    let dropout: Float

    init(_ config: BertConfig, _ scope: ParameterScope) throws {
        word = try scope.embedding("word_embeddings", config.vocabularySize, config.hiddenSize)
        position = try scope.embedding("position_embeddings", config.maxPositions, config.hiddenSize)
        tokenType = try scope.embedding("token_type_embeddings", config.typeVocabularySize, config.hiddenSize)
        taskType = try config.taskTypeVocabularySize.map {
            try scope.embedding("task_type_embeddings", $0, config.hiddenSize)
        }
        norm = try scope.layerNorm("LayerNorm", config.hiddenSize, epsilon: config.layerNormEpsilon)
        dropout = config.hiddenDropout
    }

    /// [T, H]
    func callAsFunction(_ input: EncoderInput, _ pass: Pass) -> Tensor {
        var parts = [
            word.looking(up: input.ids),
            position.looking(up: input.layout.positions),
            tokenType.looking(up: input.tokenTypeIDs),
        ]
        if let taskType {
            parts.append(taskType.looking(up: [Int32](repeating: 0, count: input.tokens)))
        }
        return pass.dropout(norm(pass.embeddingSum(parts), pass), dropout)
    }
}
