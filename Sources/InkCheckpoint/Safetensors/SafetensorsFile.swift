import Foundation
import InkSupport
import InkTensor

/// A weight file in the safetensors format: eight bytes of header length, a JSON header, the tensors' bytes.
///
/// The checks are those of the format's reference implementation: the tensors fill the rest of the file in order,
/// without holes or overlaps. Element types that this project does not know (8-bit floating point) are refused.
struct SafetensorsFile: WeightFile {
    let file: RandomAccessFile
    let tensors: [(name: String, tensor: StoredTensor)]
    /// The header's `__metadata__`.
    let metadata: [String: String]

    init(_ file: RandomAccessFile) throws {
        self.file = file
        var reader = try BoundedReader(file, 0..<file.count, subject: "header")
        let length = try reader.size(UInt64.self)
        guard length <= SafetensorsHeader.longest, length <= reader.remaining else {
            throw InputError(
                at: file.path, "the header is longer than the file or than readers accept",
                expected: "at most \(min(SafetensorsHeader.longest, reader.remaining)) bytes", found: "\(length) bytes",
                remedy: "no safetensors file, or cut off; copy or download it again")
        }
        let header = try JSONValue(parsing: Array(try reader.bytes(length)), location: "\(file.path): header")
        guard case .object(let fields) = header else {
            throw InputError(at: file.path, "the header is no JSON object", found: header.kind)
        }
        let data = reader.offset..<file.count
        metadata = try fields["__metadata__"].map { try Self.metadata($0, in: file) } ?? [:]
        let entries = try fields.names.filter { $0 != "__metadata__" }.map { name in
            try Entry(name, fields[name] ?? .null, in: file)
        }.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }

        var end = 0
        tensors = try entries.map { entry in
            guard entry.begin == end else {
                throw entry.error(
                    entry.begin < end ? "overlaps another tensor" : "follows bytes of no tensor",
                    expected: "a begin at byte \(end)", found: "\(entry.begin)")
            }
            guard entry.end <= data.count else {
                throw entry.error(
                    "ends outside the file", expected: "an end within \(data.count) bytes of data",
                    found: "\(entry.end)")
            }
            end = entry.end
            let range = data.lowerBound + entry.begin..<data.lowerBound + entry.end
            return (entry.name, StoredTensor(entry.type, entry.shape, in: file, at: range))
        }
        guard end == data.count else {
            throw InputError(
                at: file.path, "bytes of no tensor follow the last one", expected: "\(end) bytes of data",
                found: "\(data.count)")
        }
    }

    private static func metadata(_ value: JSONValue, in file: RandomAccessFile) throws -> [String: String] {
        guard case .object(let fields) = value else {
            throw InputError(at: "\(file.path): __metadata__", "not an object", found: value.kind)
        }
        var metadata: [String: String] = [:]
        for name in fields.names {
            guard case .string(let text) = fields[name] else {
                throw InputError(at: "\(file.path): __metadata__.\(name)", "not a string")
            }
            metadata[name] = text
        }
        return metadata
    }
}

/// One tensor's record in the header; type, shape and size agree.
private struct Entry {
    let name: String
    let path: String
    let type: DType
    let shape: Shape
    let begin: Int
    let end: Int

    private static let types: [String: DType] = [
        "F64": .f64, "F32": .f32, "F16": .f16, "BF16": .bf16, "I64": .i64, "I32": .i32, "I16": .i16, "I8": .i8,
        "U8": .u8, "BOOL": .bool,
    ]

    init(_ name: String, _ value: JSONValue, in file: RandomAccessFile) throws {
        self.name = name
        path = file.path
        func error(_ problem: String, expected: String? = nil, found: String? = nil) -> InputError {
            InputError(at: "\(file.path): \(name)", problem, expected: expected, found: found)
        }
        guard case .object(let fields) = value else { throw error("the record is no object", found: value.kind) }
        guard case .string(let typeName) = fields["dtype"] else { throw error("the record has no dtype") }
        guard let type = Self.types[typeName] else {
            throw error("unknown dtype", expected: Self.types.keys.sorted().joined(separator: ", "), found: typeName)
        }
        guard let dimensions = Self.integers(fields["shape"]), let shape = StoredTensor.shape(dimensions) else {
            throw error("the shape is no list of extents, or too large")
        }
        guard let offsets = Self.integers(fields["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
            throw error("data_offsets is no begin and end")
        }
        guard offsets[1] - offsets[0] == shape.count * type.size else {
            throw error(
                "the size differs from shape and dtype", expected: "\(shape.count * type.size) bytes",
                found: "\(offsets[1] - offsets[0])")
        }
        self.type = type
        self.shape = shape
        begin = offsets[0]
        end = offsets[1]
    }

    /// The elements of an array of integers that are not negative.
    private static func integers(_ value: JSONValue?) -> [Int]? {
        guard case .array(let elements) = value else { return nil }
        let integers = elements.compactMap { element -> Int? in
            guard case .number(let text) = element, let integer = Int(text), integer >= 0 else { return nil }
            return integer
        }
        return integers.count == elements.count ? integers : nil
    }

    func error(_ problem: String, expected: String, found: String) -> InputError {
        InputError(at: "\(path): \(name)", "the tensor \(problem)", expected: expected, found: found)
    }
}
