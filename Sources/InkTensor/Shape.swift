/// The extents of a row-major tensor, outermost first. The empty shape is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// Extents, outermost first.
    public let dimensions: [Int]

    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
        self.dimensions = dimensions
    }

    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// Number of axes.
    public var rank: Int { dimensions.count }
    /// Number of elements.
    public var count: Int { dimensions.reduce(1, *) }
    /// The last extent: the columns of the tensor seen as a matrix. 1 for a scalar.
    public var columns: Int { dimensions.last ?? 1 }
    /// All extents but the last multiplied: the rows of the tensor seen as a matrix.
    public var rows: Int { dimensions.dropLast().reduce(1, *) }

    /// The extent of an axis.
    public subscript(_ axis: Int) -> Int { dimensions[axis] }
}

extension Shape: CustomStringConvertible {
    public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
