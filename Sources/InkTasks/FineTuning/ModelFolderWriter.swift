import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkText

/// Writes a fine-tuned model as a Hugging Face model folder: configuration, weights, tokenizer.
struct ModelFolderWriter {
    private let config: ModelConfigFile
    private let tokenizerFiles: [TokenizerFile]

    init(_ task: TaskName, _ start: FineTuningStart, labels: [String], headDropout: Float?) throws {
        var config = start.configFile
        config.set("architectures", .strings([task.architecture(start.config.family)]))
        var idToLabel = JSONObject()
        var labelToID = JSONObject()
        for (id, name) in labels.enumerated() {
            idToLabel["\(id)"] = .string(name)
            labelToID[name] = .number("\(id)")
        }
        config.set("id2label", labels.isEmpty ? nil : .object(idToLabel))
        config.set("label2id", labels.isEmpty ? nil : .object(labelToID))
        config.set("num_labels", nil)
        // The weights are written in single precision whatever the base folder's were.
        for field in ["dtype", "torch_dtype"] where config.has(field) { config.set(field, .string("float32")) }
        config.set("problem_type", task.problemType.map { .string($0) })
        if let headDropout { config.set("classifier_dropout", .number("\(headDropout)")) }
        self.config = config
        tokenizerFiles = try start.tokenizer.files()
    }

    /// SHA-256 over the tokenizer's files.
    var tokenizerDigest: String {
        SHA256.hexDigest(of: tokenizerFiles.reduce(into: Data()) { $0 += Data($1.name.utf8) + $1.contents })
    }

    /// Tokenizer files that an earlier run left would change how this model reads text.
    private func removeOtherTokenizerFiles(_ folder: URL) throws {
        for name in Tokenizers.fileNames where !tokenizerFiles.contains(where: { $0.name == name }) {
            let file = folder.appending(path: name)
            guard file.exists else { continue }
            do {
                try FileManager.default.removeItem(at: file)
            } catch {
                throw InputError(.run, at: file.path, "cannot be replaced", found: SystemError.reason(error))
            }
        }
    }

    /// Writes all files; each replaces its predecessor in one step, the weights last.
    /// - Throws: `InputError` when a file cannot be written.
    func write(_ parameters: [Parameter], to folder: URL) throws {
        try AtomicFile.write(config.text, to: folder.appending(path: ModelConfigFile.fileName))
        for file in tokenizerFiles { try AtomicFile.write(file.contents, to: folder.appending(path: file.name)) }
        try removeOtherTokenizerFiles(folder)
        let weights = parameters.flatMap { parameter in
            parameter.pieces.map { SafetensorsWriter.Item($0.key, parameter.value(of: $0)) }
        }
        try SafetensorsWriter.write(weights, to: folder.appending(path: "model.safetensors"))
    }
}
