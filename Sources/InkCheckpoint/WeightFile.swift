import InkSupport

/// What the forms of weight files have in common.
protocol WeightFile: Sendable {
    var file: RandomAccessFile { get }
    /// The tensors by the names in the file, in the file's order.
    var tensors: [(name: String, tensor: StoredTensor)] { get }
    /// Notes of the writer, where the form has room for them.
    var metadata: [String: String] { get }
}

extension WeightFile {
    var metadata: [String: String] { [:] }
}
