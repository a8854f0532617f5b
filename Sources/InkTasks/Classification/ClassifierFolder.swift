import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkText

/// Writes a classifier as a Hugging Face model folder: configuration, weights, tokenizer.
struct ClassifierFolder {
    private let config: ModelConfigFile
    private let tokenizerFiles: [TokenizerFile]

    /// - Parameters:
    ///   - base: the folder the model came from, whose other settings are kept; nil for a new model.
    init(
        _ model: any EncoderConfig, labels: LabelSet, headDropout: Float?, base: ModelFolder?,
        tokenizer: any Tokenizer
    ) throws {
        var config = base?.configFile ?? ModelConfigFile(model.fields, path: ModelConfigFile.fileName)
        config.set("architectures", .array([.string(model.family.architecture(.sequenceClassification))]))
        var idToLabel = JSONObject()
        var labelToID = JSONObject()
        for (id, name) in labels.names.enumerated() {
            idToLabel["\(id)"] = .string(name)
            labelToID[name] = .number("\(id)")
        }
        config.set("id2label", .object(idToLabel))
        config.set("label2id", .object(labelToID))
        config.set("num_labels", nil)
        // The weights are written in single precision whatever the base folder's were.
        for field in ["dtype", "torch_dtype"] where config.has(field) { config.set(field, .string("float32")) }
        config.set("problem_type", .string("single_label_classification"))
        if let headDropout { config.set("classifier_dropout", .number("\(headDropout)")) }
        self.config = config
        tokenizerFiles = try tokenizer.files()
    }

    /// Tokenizer files that an earlier run left would change how this model reads text.
    private func removeOtherTokenizerFiles(_ folder: URL) throws {
        for name in Tokenizers.fileNames where !tokenizerFiles.contains(where: { $0.name == name }) {
            let file = folder.appending(path: name)
            guard file.exists else { continue }
            do {
                try FileManager.default.removeItem(at: file)
            } catch {
                throw InputError(.run, at: file.path, "cannot be replaced", found: error.localizedDescription)
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
