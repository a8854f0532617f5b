import InkLayers
import InkTensor

/// What the layers of a DeBERTa encoder share: a row for every distance, [2 span, H], with an optional LayerNorm.
/// Keys: `encoder.rel_embeddings`, `encoder.LayerNorm`.
struct RelativeEmbeddings: Sendable {
    private let settings: DebertaV2Config.Relative
    private let table: Embedding
    private let norm: LayerNorm?
    private let dropout: Float

    init(_ config: DebertaV2Config, _ settings: DebertaV2Config.Relative, _ scope: ParameterScope) throws {
        let hidden = config.shape.hiddenSize
        self.settings = settings
        table = try scope.embedding("rel_embeddings", 2 * settings.span, hidden)
        norm =
            settings.normalizes
            ? try scope.layerNorm("LayerNorm", hidden, epsilon: config.shape.layerNormEpsilon) : nil
        dropout = config.shape.hiddenDropout
    }

    /// The rows that texts of up to `longest` tokens use, [rows, H], and which of them stands for each distance.
    /// Every layer drops elements of its own.
    func callAsFunction(longest: Int, _ pass: Pass) -> (values: Tensor, bucket: [Int32]) {
        let bucket = RelativeTerms.logarithmicBuckets(
            positionBuckets: settings.bucketCount ?? 0, maxRelativePositions: settings.limit, longest: longest)
        let rows = RelativeTerms.rowsInUse(bucket, longest: longest)
        let values = pass.embeddingSum([table.looking(up: rows.map(Int32.init))])
        return (
            pass.dropout(norm.map { $0(values, pass) } ?? values, dropout),
            bucket.map { $0 - Int32(rows.lowerBound) }
        )
    }
}

/// Disentangled attention (He et al. 2021, eq. 4): the scores get q_i · K_r[δ(i, j)] (content to position) and
/// k_j · Q_r[δ(j, i)] (position to content), where K_r and Q_r are projections of the relative embeddings.
struct DisentangledAttention: AttentionPart {
    private let queryKeyValue: Linear
    private let relative: RelativeEmbeddings
    private let contentToPosition: Projection?
    private let positionToContent: Projection?
    private let options: AttentionOptions

    /// Where the relative keys or queries come from.
    private enum Projection {
        /// These columns of the layer's own projection of tokens (`share_att_key`).
        case shared(Range<Int>)
        case own(Linear)
    }

    init(
        _ config: DebertaV2Config, _ settings: DebertaV2Config.Relative, _ relative: RelativeEmbeddings,
        keys: LayerKeys, _ scope: ParameterScope
    ) throws {
        let hidden = config.shape.hiddenSize
        queryKeyValue = try scope.linear(stacking: [keys.query, keys.key, keys.value], hidden, hidden)
        self.relative = relative
        func projection(_ term: DebertaV2Config.Term, _ name: String, _ columns: Range<Int>) throws -> Projection? {
            guard config.terms.contains(term) else { return nil }
            return settings.sharesProjections
                ? .shared(columns) : .own(try scope.linear("attention.self.\(name)", hidden, hidden))
        }
        contentToPosition = try projection(.contentToPosition, "pos_key_proj", hidden..<2 * hidden)
        positionToContent = try projection(.positionToContent, "pos_query_proj", 0..<hidden)
        options = AttentionOptions(
            heads: config.shape.headCount, scale: config.attentionScale, dropout: config.shape.attentionDropout)
    }

    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass) -> Tensor {
        let qkv = queryKeyValue(x, pass)
        let (embeddings, bucket) = relative(longest: layout.longest, pass)
        lazy var projected = queryKeyValue(embeddings, pass)
        func table(_ projection: Projection?) -> Tensor? {
            switch projection {
            case nil: nil
            case .own(let linear): linear(embeddings, pass)
            case .shared(let columns): pass.columns(projected, columns)
            }
        }
        var options = options
        options.positions = .relative(
            RelativeTerms(bucket: bucket, keyTable: table(contentToPosition), queryTable: table(positionToContent)))
        return pass.selfAttention(qkv: qkv, layout: layout, options: options)
    }
}
