import InkSupport
import InkTensor

/// A tensor in a file: where its elements are, of which type, and how to make an `f32` tensor of them.
struct StoredTensor: Sendable {
    let type: DType
    let shape: Shape
    private let file: RandomAccessFile
    /// Offset in the file of the first element.
    private let offset: Int
    /// Bytes from the first element to the end of the last.
    private let extent: Int
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
    init(_ type: DType, _ shape: Shape, in file: RandomAccessFile, at range: Range<Int>) {
        precondition(range.upperBound <= file.count && range.count == shape.count * type.size)
        self.type = type
        self.shape = shape
        self.file = file
        offset = range.lowerBound
        extent = range.count
        strides = nil
    }

    /// A view of the stored elements in `storage`: `first` and `strides` are in elements.
    ///
    /// Nil if the view leaves the storage, or repeats elements (stride 0) so often that it has more of them than the
    /// file has bytes: a few bytes must not ask for terabytes.
    init?(_ type: DType, _ shape: Shape, first: Int, strides: [Int], of storage: Range<Int>, in file: RandomAccessFile)
    {
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
        extent = shape.count == 0 ? 0 : (last - first + 1) * type.size
        // The stride of an axis with one element is never used and may be anything.
        let used = zip(shape.dimensions, strides).map { $0 > 1 ? $1 : 0 }
        self.strides = Self.isRowMajor(used, shape) ? nil : used
    }

    /// Whether both are the same elements of the same file.
    func isSamePlace(as other: StoredTensor) -> Bool {
        file === other.file && offset == other.offset && type == other.type && strides == other.strides
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
    /// - Throws: `InputError` when the file was changed or cannot be read.
    func bytes(_ range: Range<Int>) throws -> [UInt8] {
        precondition(strides == nil && range.lowerBound >= 0 && range.upperBound <= shape.count * type.size)
        return try stored(UInt8.self, at: offset + range.lowerBound, count: range.count)
    }

    /// An element that is NaN or infinite.
    struct OddElement: Error {
        /// Its place in row-major order.
        let index: Int
        let value: Float
    }

    /// Elements that are read, converted and looked at together: few enough to stay in the cache meanwhile.
    private static let elementsPerPiece = 1 << 17

    /// The elements as `f32`, in memory of its own. Nil for integer types.
    /// - Throws: `OddElement`, and `InputError` when the file was changed or cannot be read.
    func floats() throws -> Tensor? {
        guard type.isFloatingPoint else { return nil }
        return try Tensor(shape: shape) { output in
            if strides != nil { try readStrided(into: output) }
            for start in stride(from: 0, to: output.count, by: Self.elementsPerPiece) {
                let end = min(start + Self.elementsPerPiece, output.count)
                let piece = UnsafeMutableBufferPointer(rebasing: output[start..<end])
                if strides == nil { try readPiece(from: start, into: piece) }
                guard !Tensor.allFinite(UnsafeBufferPointer(piece)) else { continue }
                if let index = piece.firstIndex(where: { !$0.isFinite }) {
                    throw OddElement(index: start + index, value: piece[index])
                }
            }
        }
    }

    /// Reads contiguous elements from `first` on.
    private func readPiece(from first: Int, into output: UnsafeMutableBufferPointer<Float>) throws {
        let place = offset + first * type.size
        switch type {
        case .f32: try file.read(at: place, into: UnsafeMutableRawBufferPointer(output))
        case .f64:
            let stored = try stored(Double.self, at: place, count: output.count)
            for (index, value) in stored.enumerated() { output[index] = Float(value) }
        default:
            let stored = try stored(UInt16.self, at: place, count: output.count)
            stored.withUnsafeBufferPointer { Tensor.convert($0, from: type, into: output) }
        }
    }

    private func readStrided(into output: UnsafeMutableBufferPointer<Float>) throws {
        switch type {
        case .f32: try read(Float.self, into: output) { $0 }
        case .f64: try read(Double.self, into: output) { Float($0) }
        default:
            let halves = try elements(UInt16.self) { $0 }
            halves.withUnsafeBufferPointer { Tensor.convert($0, from: type, into: output) }
        }
    }

    private func stored<Stored: BitwiseCopyable>(_ type: Stored.Type, at place: Int, count: Int) throws -> [Stored] {
        try [Stored](unsafeUninitializedCapacity: count) { buffer, initialized in
            try file.read(
                at: place, into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])))
            initialized = count
        }
    }

    /// The elements of an integer or boolean tensor. Nil for floating-point types.
    /// - Throws: `InputError` when the file was changed or cannot be read.
    func integers() throws -> [Int64]? {
        switch type {
        case .i64: try elements(Int64.self) { $0 }
        case .i32: try elements(Int32.self) { Int64($0) }
        case .i16: try elements(Int16.self) { Int64($0) }
        case .i8: try elements(Int8.self) { Int64($0) }
        case .u8: try elements(UInt8.self) { Int64($0) }
        case .bool: try elements(UInt8.self) { $0 == 0 ? 0 : 1 }
        case .f64, .f32, .f16, .bf16: nil
        }
    }

    private func elements<Stored: BitwiseCopyable, Value>(_ stored: Stored.Type, _ convert: (Stored) -> Value) throws
        -> [Value]
    {
        try [Value](unsafeUninitializedCapacity: shape.count) { buffer, count in
            try read(stored, into: UnsafeMutableBufferPointer(rebasing: buffer.prefix(shape.count)), convert)
            count = shape.count
        }
    }

    /// Reads the elements in row-major order. The stored bytes need no alignment.
    private func read<Stored: BitwiseCopyable, Value>(
        _ stored: Stored.Type, into buffer: UnsafeMutableBufferPointer<Value>, _ convert: (Stored) -> Value
    ) throws {
        let bytes = try file.bytes(offset..<offset + extent)
        bytes.withUnsafeBytes { copy($0, stored, into: buffer, convert) }
    }

    private func copy<Stored: BitwiseCopyable, Value>(
        _ bytes: UnsafeRawBufferPointer, _ stored: Stored.Type, into buffer: UnsafeMutableBufferPointer<Value>,
        _ convert: (Stored) -> Value
    ) {
        guard let base = bytes.baseAddress, let output = buffer.baseAddress else { return }
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
