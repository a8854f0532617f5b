import InkTensor

/// A tensor that training changes, with the checkpoint keys of its parts.
///
/// Most parameters are one piece. Matrices that are multiplied with the same input (query, key, value) lie in one
/// tensor, stacked by rows, so that one product serves them all; files and optimizers still see them apart.
public final class Parameter: Sendable {
    public struct Piece: Sendable, Equatable {
        /// Key in a checkpoint, such as `bert.encoder.layer.0.attention.self.query.weight`.
        public let key: String
        public let shape: Shape
        /// The elements of the tensor that belong to this piece.
        public let range: Range<Int>
    }

    public let tensor: Tensor
    public let pieces: [Piece]
    /// Whether weight decay applies: not to biases and LayerNorm (BERT's `no_decay` list).
    public let decays: Bool

    init(_ tensor: Tensor, pieces: [(key: String, shape: Shape)], decays: Bool) {
        self.tensor = tensor
        self.decays = decays
        var start = 0
        self.pieces = pieces.map { piece in
            defer { start += piece.shape.count }
            return Piece(key: piece.key, shape: piece.shape, range: start..<start + piece.shape.count)
        }
        count = start
        precondition(start == tensor.count, "pieces do not cover the parameter \(pieces.map(\.key))")
    }

    /// A parameter that is only counted: its tensor is empty.
    init(counting pieces: [(key: String, shape: Shape)], decays: Bool) {
        tensor = Tensor(repeating: 0, shape: [0])
        self.decays = decays
        self.pieces = pieces.map { Piece(key: $0.key, shape: $0.shape, range: 0..<0) }
        count = pieces.reduce(0) { $0 + $1.shape.count }
    }

    /// Number of elements.
    public let count: Int

    /// One piece in its own shape, for a file. It may share the parameter's memory: copy it to keep it past a step.
    public func value(of piece: Piece) -> Tensor {
        guard pieces.count > 1 else { return tensor.detached }
        return tensor.elements(piece.range, shape: piece.shape)
    }
}
