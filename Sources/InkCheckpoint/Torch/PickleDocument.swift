import InkTensor

/// A value in a pickle. Containers are positions in the document's lists, so that no value holds another: a pickle that
/// nests a million levels or contains itself is harmless.
enum PickleValue: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    /// An integer too long for an `Int`: its bytes, two's complement, little-endian.
    case longInteger([UInt8])
    case double(Double)
    case string(String)
    case bytes
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case storage(Int)
    case tensor(Int)
    case global(PickleGlobal)
}

/// The names that a file may refer to. None of them runs anything: calling one makes a plain value.
enum PickleGlobal: Sendable {
    case orderedDictionary
    case size
    case rebuildTensor
    case rebuildParameter
    case storageType(DType)
    /// `torch.float32` and the like, which training settings may hold.
    case elementType

    private static let storageTypes: [String: DType] = [
        "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16,
        "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8,
        "BoolStorage": .bool,
    ]
    private static let elementTypes: Set = [
        "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
    ]

    /// Nil for every name that is not on the list.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch", "Size"): self = .size
        case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
            self = .rebuildParameter
        case ("torch", _) where Self.elementTypes.contains(name): self = .elementType
        case ("torch", _):
            guard let type = Self.storageTypes[name] else { return nil }
            self = .storageType(type)
        default: return nil
        }
    }
}

/// A run of elements that a pickle refers to and that is stored outside of it.
struct PickleStorage: Sendable {
    let type: DType
    let key: String
    /// Number of elements.
    let count: Int
    /// A part of the storage that older files name: its first element and its length.
    let part: (first: Int, count: Int)?
}

/// A tensor in a pickle: a view of a storage, in elements. The numbers are as the file has them, unchecked.
struct PickleTensor: Sendable {
    let storage: Int
    let first: Int
    let size: [Int]
    let strides: [Int]
}

/// What a pickle holds.
struct PickleDocument: Sendable {
    var root = PickleValue.none
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [PickleStorage] = []
    var tensors: [PickleTensor] = []

    /// The integers of a tuple or list of nothing else.
    func integers(_ value: PickleValue) -> [Int]? {
        let elements: [PickleValue]
        switch value {
        case .tuple(let index): elements = tuples[index]
        case .list(let index): elements = lists[index]
        default: return nil
        }
        let integers = elements.compactMap { if case .integer(let integer) = $0 { integer } else { Int?.none } }
        return integers.count == elements.count ? integers : nil
    }

    /// The value of the text key `name` in a dictionary; the last one where there are several, as in Python.
    func value(_ name: String, in dictionary: PickleValue) -> PickleValue? {
        guard case .dictionary(let index) = dictionary else { return nil }
        return dictionaries[index].last { if case .string(name) = $0.key { true } else { false } }?.value
    }
}
