/// What the families call the parts of a layer.
struct LayerKeys: Sendable {
    var query = "attention.self.query"
    var key = "attention.self.key"
    var value = "attention.self.value"
    /// From the heads' outputs back to the states.
    var attentionOutput = "attention.output.dense"
    /// The LayerNorm of the attention: after it, or before it in a pre-norm layer.
    var attentionNorm = "attention.output.LayerNorm"
    /// The widening half of the feed-forward part.
    var inner = "intermediate.dense"
    var outer = "output.dense"
    /// The LayerNorm of the feed-forward part.
    var outputNorm = "output.LayerNorm"

    /// BERT, and all who kept its names.
    static let bert = LayerKeys()
    /// MegatronBERT: LayerNorms of their own, before the parts.
    static let megatron = LayerKeys(attentionNorm: "attention.ln", outputNorm: "ln")
    static let albert = LayerKeys(
        query: "attention.query", key: "attention.key", value: "attention.value", attentionOutput: "attention.dense",
        attentionNorm: "attention.LayerNorm", inner: "ffn", outer: "ffn_output", outputNorm: "full_layer_layer_norm")
}
