import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkText

/// What can be found out about a model folder without running it. Each part is looked at by itself, so that damage in
/// one does not hide the others.
struct Inspection {
    private let folder: URL
    private let configFile: Result<ModelConfigFile, any Error>
    private let checkpoint: Result<Checkpoint, any Error>
    private let model: Result<ModelFolder, any Error>
    private let account: Result<LoadAccount, any Error>
    private let tokenizer: Result<any Tokenizer, any Error>
    private let digests: [String: String]

    init(_ folder: URL) {
        self.folder = folder
        configFile = Result { try ModelConfigFile(contentsOf: folder) }
        checkpoint = Result { try Checkpoint(contentsOf: folder) }
        let model = Result { try ModelFolder(contentsOf: folder) }
        self.model = model
        account = Result { try Self.account(model.get()) }
        tokenizer = Result { try Tokenizers.open(folder) }
        digests = (try? checkpoint.get().digests()) ?? [:]
    }

    /// Loads the folder as a fine-tuning run would: an encoder with a classifier, where head and pooler may be new.
    private static func account(_ model: ModelFolder) throws -> LoadAccount {
        let source = model.parameterSource(
            use: .inference, allowedNew: model.config.headKeys(.sequenceClassification))
        let classes = model.outputCount(.sequenceClassification)
        _ = try SequenceClassifier(model.config, classCount: classes ?? 2, ParameterScope(source))
        return source.account()
    }

    /// The first thing that would stop a run.
    var firstProblem: (any Error)? {
        for result in [failure(configFile), failure(checkpoint), failure(model), failure(account), failure(tokenizer)] {
            if let result { return result }
        }
        return nil
    }

    private func failure<Value>(_ result: Result<Value, any Error>) -> (any Error)? {
        if case .failure(let error) = result { return error }
        return nil
    }

    // MARK: - For people

    var text: String {
        [headText, tensorText, accountText, vocabularyText, digestText].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var headText: String {
        var table = TextTable()
        table.append(["folder", folder.path])
        for (name, value) in configuration { table.append([name, value]) }
        if let checkpoint = try? checkpoint.get() {
            table.append(["parameters", "\(checkpoint.parameterCount)"])
            table.append(["weight files", checkpoint.fileNames.joined(separator: ", ")])
        }
        return table.text
    }

    /// Name and value of what the configuration says.
    private var configuration: [(String, String)] {
        guard let config = try? model.get().config else {
            guard let type = try? configFile.get().value("model_type", String.self) else { return [] }
            return [("architecture", "\(type) (cannot be loaded)")]
        }
        let rows = [
            ("architecture", config.modelType),
            ("layers", "\(config.layerCount)"),
            ("hidden size", "\(config.hiddenSize)"),
            ("attention heads", "\(config.headCount)"),
            ("feed-forward size", "\(config.intermediateSize), \(config.shape.activation.rawValue)"),
            ("positions", "\(config.maxPositions)"),
            ("token types", "\(config.typeVocabularySize)"),
            ("LayerNorm epsilon", "\(config.shape.layerNormEpsilon)"),
            ("vocabulary size", "\(config.vocabularySize)"),
        ]
        return rows + config.ownFields.names.map { ($0, config.ownFields[$0]?.serialized() ?? "") }
    }

    private var tensorText: String {
        guard let checkpoint = try? checkpoint.get() else { return "" }
        var table = TextTable(header: ["tensor", "type", "shape", "key in the file"])
        for entry in checkpoint.entries {
            let original = entry.originalKey == entry.key ? "" : entry.originalKey
            table.append([entry.key, entry.type.rawValue, entry.shape.description, original])
        }
        return "\(checkpoint.entries.count) tensors\n" + table.text
    }

    private var accountText: String {
        guard let account = try? account.get() else { return "" }
        return "as an encoder with a classifier: \(account.details)\n"
    }

    private var vocabularyText: String {
        guard let tokenizer = try? tokenizer.get() else { return "" }
        var text = "vocabulary: \(tokenizer.idCount) tokens"
        if let rows = try? model.get().config.vocabularySize, rows != tokenizer.idCount {
            text += " for \(rows) rows of the embedding"
        }
        text += "\n"
        text += "  " + specialTokens(tokenizer).map { "\($0.token) \($0.id)" }.joined(separator: ", ") + "\n"
        return text + tokenizer.warnings.map { "  warning: \($0)\n" }.joined()
    }

    private func specialTokens(_ tokenizer: any Tokenizer) -> [(token: String, id: Int32)] {
        let ids = [
            tokenizer.paddingID, tokenizer.unknownID, tokenizer.classificationID, tokenizer.separatorID,
        ]
        return (ids + (tokenizer.maskID.map { [$0] } ?? [])).map { (tokenizer.tokens(of: [$0])[0], $0) }
    }

    private var digestText: String {
        digests.sorted { $0.key < $1.key }.map { "sha256 \($0.value)  \($0.key)\n" }.joined()
    }

    // MARK: - For machines

    var json: JSON {
        .record([
            "folder": .string(folder.path),
            "config": (try? configFile.get().fields).map(JSON.object),
            "parameters": (try? checkpoint.get().parameterCount).map { .integer($0) },
            "tensors": (try? checkpoint.get().entries).map { .array($0.map(Self.tensor)) },
            "classifier": (try? account.get()).map(Self.account),
            "vocabulary": (try? tokenizer.get()).map(vocabulary),
            "sha256": .record(digests),
            "error": firstProblem.map { .string("\($0)") },
        ])
    }

    private static func tensor(_ entry: TensorEntry) -> JSON {
        .record([
            "key": .string(entry.key), "originalKey": .string(entry.originalKey), "type": .string(entry.type.rawValue),
            "shape": .integers(entry.shape.dimensions), "file": .string(entry.file),
        ])
    }

    private static func account(_ account: LoadAccount) -> JSON {
        func keys(_ items: [LoadAccount.Item]) -> JSON { .strings(items.map(\.key)) }
        return .record([
            "loaded": keys(account.loaded), "new": keys(account.new), "tied": keys(account.tied),
            "ignored": keys(account.ignored), "unexpected": keys(account.unexpected),
        ])
    }

    private func vocabulary(_ tokenizer: any Tokenizer) -> JSON {
        let special = Dictionary(specialTokens(tokenizer).map { ($0.token, "\($0.id)") }) { first, _ in first }
        return .record([
            "tokens": .integer(tokenizer.idCount),
            "special": .object(
                special.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = .number($1.value) }),
            "warnings": .strings(tokenizer.warnings),
        ])
    }
}

extension JSON {
    /// An object of texts by name, sorted.
    fileprivate static func record(_ texts: [String: String]) -> JSON {
        .object(texts.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) })
    }
}
