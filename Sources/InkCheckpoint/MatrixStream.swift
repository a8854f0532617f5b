import Foundation
import InkSupport
import InkTensor

/// Writes one matrix of f32 row by row, when nobody knows beforehand how many rows there will be.
///
/// The header at the beginning, which says it, gets its room first and its contents last. The file appears under its
/// name with `commit()`; one that goes away before leaves the old file as it was.
public final class MatrixStream {
    /// The form of the file.
    public enum Form: Sendable {
        /// A safetensors file with one tensor.
        case safetensors(name: String)
        /// NumPy's `.npy`, version 1.0, little-endian.
        case npy
    }

    /// Rows written so far.
    public private(set) var rows = 0
    private let form: Form
    private let columns: Int
    private let writer: AtomicFileWriter

    /// Room for the header, its length included: a multiple of 64, as both forms like their data aligned.
    private static let headerRoom = 256

    /// Opens the file. Throws `InputError` (`.run`) where writing fails.
    /// - Parameter columns: elements of a row.
    public init(_ form: Form, columns: Int, to url: URL) throws {
        self.form = form
        self.columns = columns
        writer = try AtomicFileWriter(url)
        try writer.append([UInt8](repeating: 0, count: Self.headerRoom))
    }

    /// Adds a row: a tensor of as many elements as the matrix has columns. Throws `InputError` (`.run`), as for a full
    /// disk.
    public func append(_ row: Tensor) throws {
        precondition(row.shape.count == columns, "\(row.shape) where a row has \(columns) elements")
        try writer.append(elementsOf: row)
        rows += 1
    }

    /// Adds a row of NaN, for a text that has no vector. Throws as `append(_:)`.
    public func appendMissing() throws {
        try append(Tensor([Float](repeating: .nan, count: columns), shape: [columns]))
    }

    /// Writes the header and gives the file its name. Throws `InputError` (`.run`).
    public func commit() throws {
        try writer.replace(at: 0, header)
        try writer.commit()
    }

    private var header: [UInt8] {
        switch form {
        case .safetensors(let name):
            let entry = SafetensorsStream.Entry(name: name, shape: [rows, columns])
            let bytes = SafetensorsHeader.bytes([entry], room: Self.headerRoom)
            precondition(bytes.count == Self.headerRoom, "the name \(name) is too long")
            return bytes
        case .npy:
            let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
            let length = Self.headerRoom - 10
            let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
            return start + text.utf8 + repeatElement(UInt8(ascii: " "), count: length - 1 - text.utf8.count) + [0x0A]
        }
    }
}
