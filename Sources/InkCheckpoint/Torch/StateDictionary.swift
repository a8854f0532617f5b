import InkSupport

/// Finds the tensors in what a pickle holds.
enum StateDictionary {
    /// Names under which training scripts store the model's own dictionary, in the order in which they are tried.
    private static let wrappers = ["state_dict", "model_state_dict", "model", "module", "net", "weights"]

    /// The tensors of the state dictionary by name.
    ///
    /// The rule: a dictionary that holds tensors under names is the state dictionary, and its other values (version
    /// numbers, settings) are skipped. One that holds none is looked into under the first of the names `state_dict`,
    /// `model_state_dict`, `model`, `module`, `net`, `weights` that it has, up to three levels deep.
    static func tensors(in document: PickleDocument, of file: RandomAccessFile) throws -> [(
        name: String, tensor: PickleTensor
    )] {
        var candidate = document.root
        for _ in 0..<4 {
            guard case .dictionary(let index) = candidate else { break }
            let tensors = namedTensors(document.dictionaries[index], document)
            if !tensors.isEmpty { return tensors }
            guard let inner = wrappers.lazy.compactMap({ document.value($0, in: candidate) }).first else { break }
            candidate = inner
        }
        throw InputError(
            at: file.path, "the file holds no state dictionary",
            expected: "tensors by name, or such a dictionary under "
                + wrappers.map { "`\($0)`" }.joined(separator: ", "),
            remedy: "save `model.state_dict()`, not the model or the trainer")
    }

    private static func namedTensors(
        _ items: [(key: PickleValue, value: PickleValue)], _ document: PickleDocument
    ) -> [(name: String, tensor: PickleTensor)] {
        var tensors: [(name: String, tensor: PickleTensor)] = []
        var positions: [String: Int] = [:]
        for item in items {
            guard case (.string(let name), .tensor(let index)) = item else { continue }
            // A name that is set twice has the last value, as in Python.
            if let position = positions[name] {
                tensors[position].tensor = document.tensors[index]
            } else {
                positions[name] = tensors.count
                tensors.append((name, document.tensors[index]))
            }
        }
        return tensors
    }
}
