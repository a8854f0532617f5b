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
        _ model: BertConfig, labels: LabelSet, headDropout: Float?, base: ModelFolder?, tokenizer: any Tokenizer
    ) throws {
        var config = base?.configFile ?? Self.newConfiguration(model)
        let architecture = model.modelType == "ernie" ? "Ernie" : "Bert"
        config.set("architectures", .array([.string("\(architecture)ForSequenceClassification")]))
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

    private static func newConfiguration(_ model: BertConfig) -> ModelConfigFile {
        var fields = JSONObject()
        fields["model_type"] = .string(model.modelType)
        let numbers: [(String, any CustomStringConvertible)] = [
            ("vocab_size", model.vocabularySize), ("hidden_size", model.hiddenSize),
            ("num_hidden_layers", model.layerCount), ("num_attention_heads", model.headCount),
            ("intermediate_size", model.intermediateSize), ("max_position_embeddings", model.maxPositions),
            ("type_vocab_size", model.typeVocabularySize), ("layer_norm_eps", model.layerNormEpsilon),
            ("hidden_dropout_prob", model.hiddenDropout), ("attention_probs_dropout_prob", model.attentionDropout),
            ("initializer_range", model.initializerRange), ("pad_token_id", model.padTokenID),
        ]
        for (name, value) in numbers { fields[name] = .number(value.description) }
        fields["hidden_act"] = .string(model.activation.rawValue)
        fields["position_embedding_type"] = .string("absolute")
        return ModelConfigFile(fields, path: ModelConfigFile.fileName)
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
