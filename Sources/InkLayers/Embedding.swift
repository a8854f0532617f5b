import InkTensor

/// A table of [rows, H] looked up by id. Key: `<name>.weight`.
public struct Embedding: Sendable {
    let table: Parameter

    /// Number of ids.
    public var rows: Int { table.pieces[0].shape.rows }
    /// Values of one row.
    var columns: Int { table.pieces[0].shape.columns }

    /// The table and the ids of a batch, one summand of `Pass.embeddingSum`.
    public func looking(up ids: [Int32]) -> (table: Tensor, ids: [Int32]) {
        (table.tensor, ids)
    }
}
