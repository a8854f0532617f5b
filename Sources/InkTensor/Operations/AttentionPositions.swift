import CInkKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How attention learns where tokens stand, besides what the embeddings say.
public enum AttentionPositions: Sendable {
    /// Not at all: positions are part of the embeddings.
    case none
    /// Queries and keys are rotated by their positions.
    case rotary(RotaryTable)
    /// Scores and values get terms of the distance between query and key.
    case relative(RelativeTerms)
}

/// Angles for rotary position embeddings (Su et al. 2021): the pair of columns (2k, 2k + 1) of a head of D columns at
/// position p of its sequence turns by p / 10000^(2k / D), as in RoFormer.
public struct RotaryTable: Sendable {
    /// Columns of a head, D; even.
    public let headSize: Int
    /// Longest sequence in tokens.
    public let positions: Int
    /// Whether values are rotated as queries and keys are.
    public let rotatesValues: Bool
    /// [positions, D / 2].
    let cosines, sines: Tensor

    public init(headSize: Int, positions: Int, rotatesValues: Bool = false) {
        precondition(headSize > 0 && headSize % 2 == 0, "a head of \(headSize) columns does not divide into pairs")
        precondition(positions > 0, "no positions")
        self.headSize = headSize
        self.positions = positions
        self.rotatesValues = rotatesValues
        let angles = (0..<positions).flatMap { position in
            (0..<headSize / 2).map { pair in
                Double(position) / pow(10_000, Double(2 * pair) / Double(headSize))
            }
        }
        cosines = Tensor(angles.map { Float(cos($0)) }, shape: [positions, headSize / 2])
        sines = Tensor(angles.map { Float(sin($0)) }, shape: [positions, headSize / 2])
    }
}

/// Terms that depend on the distance d = j − i from query i to key j within a sequence, through the row b(d) of tables
/// (Shaw et al. 2018 and after):
///
///     score_ij = scale · (q_i · k_j + q_i · A[b(j − i)] + k_j · B[b(j − i)]) + bias
///     context_i = Σ_j p_ij (v_j + C[b(j − i)])
///
/// A table is [R, H], with own columns for every head, or [R, D], shared by all heads. Tables that a gradient reaches
/// get theirs summed over the sequences in order. Dropout of the weights p holds for both parts of the context.
///
/// NeZha: A and C are the sinusoid table [2 · clip + 1, D] and `bucket` is `clippedBuckets`.
/// DeBERTa-v2: A is `pos_key_proj` of the relative embeddings ("c2p"), B is `pos_query_proj` of them ("p2c"), `bucket`
/// is `logarithmicBuckets` for both: p2c reads row δ(j, i) negated, which is the row that c2p reads. The scale is
/// 1/√(D · (1 + number of the two terms in use)).
public struct RelativeTerms: Sendable {
    /// b(d) at index d + bucket.count / 2; an odd number of them, reaching to the longest sequence's length − 1.
    public var bucket: [Int32]
    /// A, multiplied with queries.
    public var keyTable: Tensor?
    /// B, multiplied with keys.
    public var queryTable: Tensor?
    /// C, multiplied with attention weights.
    public var valueTable: Tensor?

    public init(bucket: [Int32], keyTable: Tensor? = nil, queryTable: Tensor? = nil, valueTable: Tensor? = nil) {
        precondition(bucket.count % 2 == 1, "buckets for distances to both sides and 0: not \(bucket.count)")
        self.bucket = bucket
        self.keyTable = keyTable
        self.queryTable = queryTable
        self.valueTable = valueTable
    }

    /// NeZha's rows (Wei et al. 2019): clip(d, −limit ... limit) + limit, for sequences of up to `longest` tokens.
    public static func clippedBuckets(limit: Int, longest: Int) -> [Int32] {
        distances(longest).map { Int32(min(max($0, -limit), limit) + limit) }
    }

    /// DeBERTa-v2's rows (He et al. 2021) of tables of 2 · span rows, for sequences of up to `longest` tokens:
    /// δ(−d) + span, at most 2 · span − 1. With `positionBuckets` n above 0, span is n and δ keeps distances below
    /// n / 2 and puts the others up to `maxRelativePositions` on n / 2 rows of logarithmic width; without, span is
    /// `maxRelativePositions` and δ changes nothing. Single precision decides the borders, as in the original.
    public static func logarithmicBuckets(
        positionBuckets: Int, maxRelativePositions: Int, longest: Int
    ) -> [Int32] {
        let span = positionBuckets > 0 ? positionBuckets : maxRelativePositions
        precondition(span > 0 && maxRelativePositions > 1, "no relative positions")
        let middle = positionBuckets / 2
        return distances(longest).map { distance in
            var row = -distance
            if middle > 0, abs(row) > middle {
                let farthest = logf(Float(Double(maxRelativePositions - 1) / Double(middle)))
                let share = logf(Float(abs(row)) / Float(middle)) / farthest
                row = (Int((share * Float(middle - 1)).rounded(.up)) + middle) * row.signum()
            }
            return Int32(min(max(row + span, 0), 2 * span - 1))
        }
    }

    /// The rows that sequences of up to `longest` tokens use: projecting only these makes short texts cheap.
    public static func rowsInUse(_ bucket: [Int32], longest: Int) -> Range<Int> {
        let reach = min(max(longest, 1) - 1, bucket.count / 2)
        let used = bucket[(bucket.count / 2 - reach)...(bucket.count / 2 + reach)]
        return Int(used.min() ?? 0)..<Int(used.max() ?? -1) + 1
    }

    private static func distances(_ longest: Int) -> ClosedRange<Int> {
        let reach = max(longest, 1) - 1
        return -reach...reach
    }

    var tables: [Tensor?] { [keyTable, queryTable, valueTable] }
}

extension AttentionPositions {
    /// Tables whose gradients may be wanted: A, B, C.
    var tables: [Tensor?] {
        if case .relative(let terms) = self { terms.tables } else { [nil, nil, nil] }
    }

    /// Stops where tables do not fit heads of `headWidth` columns or the sequences.
    func check(heads: Int, headWidth: Int, queries: SequenceLayout, keys: SequenceLayout) {
        let longest = max(queries.longest, keys.longest)
        switch self {
        case .none: break
        case .rotary(let table):
            precondition(table.headSize == headWidth, "rotary table for heads of \(table.headSize), not \(headWidth)")
            precondition(longest <= table.positions, "\(longest) tokens, rotary table for \(table.positions)")
        case .relative(let terms):
            precondition(longest <= terms.bucket.count / 2 + 1, "\(longest) tokens, \(terms.bucket.count) distances")
            let rows = RelativeTerms.rowsInUse(terms.bucket, longest: longest)
            for table in terms.tables.compactMap({ $0 }) {
                precondition(
                    table.columns == headWidth || table.columns == heads * headWidth,
                    "relative table \(table.shape) for \(heads) heads of \(headWidth)")
                precondition(rows.lowerBound >= 0 && rows.upperBound <= table.rows, "rows \(rows) of \(table.shape)")
            }
        }
    }

    /// Calls `body` with what the kernel wants to know.
    func withArguments(
        headWidth: Int, _ body: (UnsafePointer<ink_relative>?, UnsafePointer<ink_rotary>?) -> Void
    ) {
        switch self {
        case .none: body(nil, nil)
        case .rotary(let table):
            let rotary = ink_rotary(
                cosines: table.cosines.pointer, sines: table.sines.pointer, rotates_values: table.rotatesValues)
            withUnsafePointer(to: rotary) { body(nil, $0) }
        case .relative(let terms):
            func argument(_ table: Tensor?) -> ink_relative_table {
                guard let table else { return ink_relative_table(rows: nil, stride: 0, head_step: 0) }
                return ink_relative_table(
                    rows: table.pointer, stride: Int64(table.columns),
                    head_step: Int64(table.columns == headWidth ? 0 : headWidth))
            }
            terms.bucket.withUnsafeBufferPointer { bucket in
                let relative = ink_relative(
                    key: argument(terms.keyTable), query: argument(terms.queryTable),
                    value: argument(terms.valueTable), buckets: bucket.baseAddress,
                    reach: Int64(terms.bucket.count / 2))
                withUnsafePointer(to: relative) { body($0, nil) }
            }
        }
    }
}

/// The gradient of one table of `RelativeTerms` while the kernel adds to it.
struct RelativeTableGradient {
    private let slot: GradientSlot
    private let table: Tensor
    /// [R, H], also where heads share the table.
    private let gradient: Tensor

    /// nil where no gradient is wanted.
    init?(_ table: Tensor?, width: Int) {
        guard let table, let slot = table.slot else { return nil }
        self.slot = slot
        self.table = table
        gradient = Tensor(repeating: 0, shape: [table.rows, width])
    }

    var pointer: UnsafeMutablePointer<Float> { gradient.pointer }

    /// Gives the gradient to the table, heads that share it added up in order.
    func handOn() {
        guard table.columns != gradient.columns else { return slot.add(Tensor(table.shape, gradient.storage)) }
        let (rows, columns) = (Int64(table.rows), Int64(table.columns))
        slot.contributeByAdding(shape: table.shape) { buffer in
            for offset in stride(from: 0, to: gradient.columns, by: table.columns) {
                ink_copy_matrix(
                    gradient.pointer + offset, Int64(gradient.columns), buffer, columns, rows, columns, true)
            }
        }
    }
}
