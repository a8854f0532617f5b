/// A row-major array of `f32` values: a value to its users, a counted reference to a buffer underneath.
///
/// Operations are methods of `Pass`; they return new tensors. A tensor made by a recording pass carries the slot in
/// which its gradient will be gathered; such tensors stay with the task that runs the pass.
public struct Tensor: @unchecked Sendable {
    /// Extents, outermost first; rows are contiguous.
    public let shape: Shape
    let storage: Storage
    /// Where the gradient of this tensor is gathered; nil where none is wanted.
    var slot: GradientSlot?

    /// A tensor with undefined contents, for an operation to fill.
    init(uninitialized shape: Shape) {
        self.init(shape, Storage(byteCount: shape.count * 4))
    }

    init(_ shape: Shape, _ storage: Storage, slot: GradientSlot? = nil) {
        precondition(storage.byteCount >= shape.count * 4, "storage too small for \(shape)")
        self.shape = shape
        self.storage = storage
        self.slot = slot
    }

    /// A tensor holding `values` in row-major order.
    public init(_ values: [Float], shape: Shape) {
        precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
        self.init(uninitialized: shape)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
        }
    }

    /// A tensor of one value everywhere.
    public init(repeating value: Float, shape: Shape) {
        self.init(uninitialized: shape)
        pointer.update(repeating: value, count: count)
    }

    /// Makes a tensor and lets `fill` write its elements; `fill` gets memory with undefined contents.
    package init(shape: Shape, fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
        self.init(uninitialized: shape)
        try fill(UnsafeMutableBufferPointer(start: pointer, count: count))
    }

    /// Number of elements.
    public var count: Int { shape.count }
    /// All extents but the last, multiplied.
    public var rows: Int { shape.rows }
    /// The last extent.
    public var columns: Int { shape.columns }

    /// The elements in row-major order.
    public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// The value of a tensor with one element.
    public var scalar: Float {
        precondition(count == 1, "scalar of a tensor of shape \(shape)")
        return pointer.pointee
    }

    /// The values of row `index` of the tensor seen as a matrix.
    public func row(_ index: Int) -> [Float] {
        precondition(index >= 0 && index < rows, "row \(index) of \(shape)")
        return Array(UnsafeBufferPointer(start: pointer + index * columns, count: columns))
    }

    /// Reads the elements in place.
    package func withUnsafeElements<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try body(UnsafeBufferPointer(start: pointer, count: count))
    }

    /// Whether the elements are equal, each to the one at its place.
    package func hasSameElements(as other: Tensor) -> Bool {
        count == other.count && (0..<count).allSatisfy { pointer[$0] == other.pointer[$0] }
    }

    /// The same elements without a gradient slot.
    public var detached: Tensor { Tensor(shape, storage) }

    /// A copy in its own buffer.
    public func copy() -> Tensor {
        let result = Tensor(uninitialized: shape)
        result.pointer.update(from: pointer, count: count)
        return result
    }

    /// A copy of a stretch of the elements under a shape of its own.
    public func elements(_ range: Range<Int>, shape: Shape) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= count && range.count == shape.count)
        let result = Tensor(uninitialized: shape)
        result.pointer.update(from: pointer + range.lowerBound, count: range.count)
        return result
    }

    /// Copies of tensors one after the other, under a shape for all of their elements.
    public init(joining parts: [Tensor], shape: Shape) {
        precondition(parts.reduce(0) { $0 + $1.count } == shape.count, "parts do not fill \(shape)")
        self.init(uninitialized: shape)
        var start = 0
        for part in parts {
            (pointer + start).update(from: part.pointer, count: part.count)
            start += part.count
        }
    }

    /// The elements' address. Valid while the tensor lives; stays inside this module.
    var pointer: UnsafeMutablePointer<Float> { storage.address.assumingMemoryBound(to: Float.self) }
}

extension Tensor: CustomStringConvertible {
    public var description: String {
        let head = values.prefix(8).map { "\($0)" }.joined(separator: ", ")
        return "Tensor\(shape)[\(head)\(count > 8 ? ", …" : "")]"
    }
}
