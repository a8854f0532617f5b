import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTasks
import InkText

/// A model folder with random weights, small enough to fine-tune in a test, and titles to do it with.
enum TinyModel {
    /// Classes the tests use, by their ids in the sample titles.
    static let classes = [0, 7, 8]
    static let labels = classes.map { SampleTitles.labels[$0] }

    private static let vocabulary = Result {
        try VocabularyBuilder(size: 300).build(from: titles(.train, 60).map(\.text))
    }

    /// The first `count` titles of the three classes, in turn; labels are 0, 1, 2.
    static func titles(_ split: SampleTitles.Split, _ count: Int) -> [(text: String, label: Int)] {
        SampleTitles.rows(split).lazy.compactMap { row in
            classes.firstIndex(of: row.label).map { (row.text, $0) }
        }.prefix(count).map { $0 }
    }

    static func tsv(_ split: SampleTitles.Split, _ count: Int) -> String {
        titles(split, count).map { "\($0.text)\t\(labels[$0.label])\n" }.joined()
    }

    /// An encoder of 2 layers of 24 without a head; `fields` are set in its `config.json`, null removes.
    static func write(
        to folder: URL, modelType: String = "bert", _ fields: [String: JSONValue?] = [:]
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let vocabulary = try vocabulary.get()
        try vocabulary.write(to: folder.appending(path: "vocab.txt"))
        let numbers = [
            "vocab_size": "\(vocabulary.count + 3)", "hidden_size": "24", "num_hidden_layers": "2",
            "num_attention_heads": "3", "intermediate_size": "40", "max_position_embeddings": "48",
            "type_vocab_size": "2", "layer_norm_eps": "1e-12", "pad_token_id": "0",
        ]
        var config = ModelConfigFile(JSONObject(), path: ModelConfigFile.fileName)
        config.set("model_type", .string(modelType))
        for (name, value) in numbers { config.set(name, .number(value)) }
        config.set("hidden_act", .string("gelu"))
        for (name, value) in fields { config.set(name, value) }
        try Data(config.text.utf8).write(to: folder.appending(path: "config.json"))
        try Data(#"{"do_lower_case": true, "model_max_length": 40}"#.utf8)
            .write(to: folder.appending(path: "tokenizer_config.json"))
        let source = ParameterSource(nil, use: .training, basePrefix: modelType, initializerRange: 0.1, seed: 5)
        let shape = BertConfig(
            modelType: modelType, vocabularySize: vocabulary.count + 3, hiddenSize: 24, layerCount: 2, headCount: 3,
            intermediateSize: 40, maxPositions: 48)
        _ = try shape.makeEncoder(ParameterScope(source), withPooler: true)
        let items = source.parameters.flatMap { parameter in
            parameter.pieces.map { SafetensorsWriter.Item($0.key, parameter.value(of: $0)) }
        }
        try SafetensorsWriter.write(items, to: folder.appending(path: "model.safetensors"))
    }

    /// Settings of a short run in `folder`: its model in `base`, its output in `run`. The data files are written.
    static func settings(
        in folder: URL, train: Int = 48, dev: Int = 15, _ fields: [String: JSONValue?] = [:]
    ) throws -> FineTuningSettings {
        try write(to: folder.appending(path: "base"), fields)
        func file(_ name: String, _ text: String) throws -> URL {
            let file = folder.appending(path: name)
            try Data(text.utf8).write(to: file)
            return file
        }
        var settings = FineTuningSettings(
            model: .folder(folder.appending(path: "base")), train: try file("train.txt", tsv(.train, train)),
            dev: try file("dev.txt", tsv(.dev, dev)), output: folder.appending(path: "run"))
        settings.labels = try file("class.txt", labels.joined(separator: "\n") + "\n")
        settings.epochs = 2
        settings.batchSize = 8
        settings.learningRate = 2e-3
        settings.evaluateEvery = 4
        return settings
    }
}
