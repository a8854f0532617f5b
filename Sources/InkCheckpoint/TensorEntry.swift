import InkTensor

/// One tensor of a checkpoint, as listed before anything is loaded.
public struct TensorEntry: Sendable, Equatable {
    /// The canonical key; see `CanonicalKey`.
    public let key: String
    /// The key as the file has it.
    public let originalKey: String
    /// The type of the stored elements.
    public let type: DType
    /// Extents, outermost first.
    public let shape: Shape
    /// Name of the weight file.
    public let file: String
}
