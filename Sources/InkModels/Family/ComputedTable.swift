import InkCheckpoint
import InkSupport
import InkTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A table that a model computes and that a weight file may hold as well. One that differs from what is computed
/// belongs to another model, and is refused: ignoring it would give wrong answers.
public struct ComputedTable: Sendable {
    /// What the keys of such tensors end with.
    let keySuffix: String
    /// The values of row `row` (of the first axis) for a tensor of this shape; nil where the shape is not possible.
    let row: @Sendable (_ row: Int, Shape) -> [Float]?

    /// How far 16-bit elements may be from the values.
    private static let tolerance: Float = 5e-3

    /// 0, 1, 2, … as BERT and its descendants have beside their embeddings.
    static let positionIDs = ComputedTable(keySuffix: "embeddings.position_ids") { row, shape in
        let columns = shape.rank == 1 ? 1 : shape.columns
        return (0..<columns).map { Float(shape.rank == 1 ? row : $0) }
    }

    /// RoFormer's: the sines of all angles of a position, then their cosines.
    static let sinesThenCosines = ComputedTable(keySuffix: "encoder.embed_positions.weight") { row, shape in
        guard shape.rank == 2 else { return nil }
        let half = (shape.columns + 1) / 2
        let angles = (0..<shape.columns).map { column in
            let pair = column < half ? column : column - half
            return Double(row) / pow(10_000, Double(2 * pair) / Double(shape.columns))
        }
        return angles.enumerated().map { Float($0.offset < half ? sin($0.element) : cos($0.element)) }
    }

    /// - Throws: `InputError` naming the tensor that differs, and the row.
    func check(_ checkpoint: Checkpoint) throws {
        for entry in checkpoint.entries where entry.key.hasSuffix(keySuffix) && entry.shape.count > 0 {
            let values =
                entry.type.isFloatingPoint
                ? try checkpoint.tensor(entry.key).values : try checkpoint.integers(entry.key).map { Float($0) }
            let rows = entry.shape[0]
            let width = values.count / rows
            for index in 0..<rows {
                guard let expected = row(index, entry.shape), expected.count == width else {
                    throw error(entry, "has an impossible shape", found: entry.shape.description)
                }
                let found = values[index * width..<(index + 1) * width]
                // A value that is no number is far from every other.
                let differs = zip(expected, found).first { !(abs($0 - $1) <= Self.tolerance) }
                if let (expected, found) = differs {
                    throw error(
                        entry, "is not the table of this architecture", expected: "\(expected) in row \(index)",
                        found: "\(found)")
                }
            }
        }
    }

    private func error(
        _ entry: TensorEntry, _ problem: String, expected: String? = nil, found: String
    ) -> InputError {
        InputError(
            at: "\(entry.file): \(entry.originalKey)", problem, expected: expected, found: found,
            remedy: "the weights are those of another model, or damaged; get them again, with their config.json")
    }
}
