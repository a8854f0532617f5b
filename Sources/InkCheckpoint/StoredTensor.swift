import InkTensor

/// A tensor in a file: where its elements are, of which type, and how to make an `f32` tensor of them.
struct StoredTensor: Sendable {
    let type: DType
    let shape: Shape
    private let file: MappedFile
    /// Offset in the file of the first element.
    private let offset: Int
    /// Distance in elements between neighbours along each axis; nil where the elements are contiguous and row-major.
    private let strides: [Int]?

    /// The shape of the extents in `dimensions`, if all its products are small enough to be computed with.
    static func shape(_ dimensions: [Int]) -> Shape? {
        // Zeros count as ones: the parts of a shape are multiplied on their own elsewhere.
        var product = 8
        for dimension in dimensions {
            guard dimension >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: max(dimension, 1))
            guard !overflow else { return nil }
            product = next
        }
        return Shape(dimensions)
    }

    /// A contiguous tensor in `range` of `file`; the caller has checked that its elements fill the range.
    init(_ type: DType, _ shape: Shape, in file: MappedFile, at range: Range<Int>) {
        precondition(range.upperBound <= file.count && range.count == shape.count * type.size)
        self.type = type
        self.shape = shape
        self.file = file
        offset = range.lowerBound
        strides = nil
    }

    /// A view of the stored elements in `storage`: `first` and `strides` are in elements.
    ///
    /// Nil if the view leaves the storage, or repeats elements (stride 0) so often that it has more of them than the
    /// file has bytes: a few bytes must not ask for terabytes.
    init?(_ type: DType, _ shape: Shape, first: Int, strides: [Int], of storage: Range<Int>, in file: MappedFile) {
        precondition(storage.upperBound <= file.count && storage.lowerBound >= 0)
        let stored = storage.count / type.size
        guard strides.count == shape.rank, first >= 0, first <= stored, shape.count <= file.count else {
            return nil
        }
        var last = first
        if shape.count > 0 {
            guard first < stored else { return nil }
            for (dimension, stride) in zip(shape.dimensions, strides) where dimension > 1 {
                guard stride >= 0, stride <= (stored - 1 - last) / (dimension - 1) else { return nil }
                last += stride * (dimension - 1)
            }
        }
        self.type = type
        self.shape = shape
        self.file = file
        offset = storage.lowerBound + first * type.size
        // The stride of an axis with one element is never used and may be anything.
        let used = zip(shape.dimensions, strides).map { $0 > 1 ? $1 : 0 }
        self.strides = Self.isRowMajor(used, shape) ? nil : used
    }

    private static func isRowMajor(_ strides: [Int], _ shape: Shape) -> Bool {
        var expected = 1
        for (dimension, stride) in zip(shape.dimensions, strides).reversed() {
            if dimension != 1 && stride != expected { return shape.count == 0 }
            expected *= dimension
        }
        return true
    }

    /// A copy of some of the bytes of a contiguous tensor.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(strides == nil && range.lowerBound >= 0 && range.upperBound <= shape.count * type.size)
        return Array(file.bytes[offset + range.lowerBound..<offset + range.upperBound])
    }

    /// The elements as `f32`: in place where the file holds them so, else converted. Nil for integer types.
    func floats() -> Tensor? {
        guard type.isFloatingPoint else { return nil }
        let first = file.bytes.baseAddress.map { $0 + offset }
        if let first, type == .f32, strides == nil, Int(bitPattern: first) % 4 == 0 {
            return Tensor(borrowing: first, shape: shape, owner: file)
        }
        switch type {
        case .f32: return Tensor(shape: shape) { read(Float.self, into: $0) { $0 } }
        case .f64: return Tensor(shape: shape) { read(Double.self, into: $0) { Float($0) } }
        default:
            if let first, strides == nil, Int(bitPattern: first) % 2 == 0 {
                return Tensor(converting: first, from: type, shape: shape)
            }
            let halves = elements(UInt16.self) { $0 }
            return halves.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return Tensor([], shape: shape) }
                return Tensor(converting: base, from: type, shape: shape)
            }
        }
    }

    /// The elements of an integer or boolean tensor. Nil for floating-point types.
    func integers() -> [Int64]? {
        switch type {
        case .i64: elements(Int64.self) { $0 }
        case .i32: elements(Int32.self) { Int64($0) }
        case .i16: elements(Int16.self) { Int64($0) }
        case .i8: elements(Int8.self) { Int64($0) }
        case .u8: elements(UInt8.self) { Int64($0) }
        case .bool: elements(UInt8.self) { $0 == 0 ? 0 : 1 }
        case .f64, .f32, .f16, .bf16: nil
        }
    }

    private func elements<Stored: BitwiseCopyable, Value>(_ stored: Stored.Type, _ convert: (Stored) -> Value)
        -> [Value]
    {
        [Value](unsafeUninitializedCapacity: shape.count) { buffer, count in
            read(stored, into: UnsafeMutableBufferPointer(rebasing: buffer.prefix(shape.count)), convert)
            count = shape.count
        }
    }

    /// Reads the elements in row-major order. The stored bytes need no alignment.
    private func read<Stored: BitwiseCopyable, Value>(
        _ stored: Stored.Type, into buffer: UnsafeMutableBufferPointer<Value>, _ convert: (Stored) -> Value
    ) {
        guard let base = file.bytes.baseAddress.map({ $0 + offset }), let output = buffer.baseAddress else { return }
        let size = MemoryLayout<Stored>.size
        func element(_ index: Int) -> Value { convert((base + index * size).loadUnaligned(as: Stored.self)) }
        guard let strides else {
            for index in 0..<shape.count { (output + index).initialize(to: element(index)) }
            return
        }
        // Counts through the axes like an odometer: `place` is the index along each, `source` the element they mean.
        var place = [Int](repeating: 0, count: shape.rank)
        var source = 0
        for index in 0..<shape.count {
            (output + index).initialize(to: element(source))
            var axis = shape.rank - 1
            while axis >= 0 {
                place[axis] += 1
                source += strides[axis]
                if place[axis] < shape[axis] { break }
                source -= strides[axis] * shape[axis]
                place[axis] = 0
                axis -= 1
            }
        }
    }
}
