import Foundation
import InkSupport

/// A `tokenizer.json` of Hugging Face `tokenizers`, of the kinds that encoder models use: WordPiece with BERT's
/// normaliser, Unigram with SentencePiece's, byte-level BPE.
struct TokenizerJSON {
    static let fileName = "tokenizer.json"

    private let root: JSONComponent
    private let model: JSONComponent
    private let config: TokenizerConfig
    private let sources: [TokenizerFile]

    /// Reads the file and the settings beside it.
    /// - Throws: `InputError` naming the part that is damaged.
    init(contentsOf folder: URL) throws {
        let file = folder.appending(path: Self.fileName)
        let location = file.path(percentEncoded: false)
        let value = try JSONValue(contentsOf: file, limit: WholeFile.tableLimit)
        guard let root = try JSONComponent(value, place: location), let model = try root.component("model") else {
            throw InputError(at: location, "wrong content", expected: "an object with the field model")
        }
        self.root = root
        self.model = model
        let added = try Self.addedTokens(root)
        var config = try TokenizerConfig(
            contentsOf: folder, defaults: Self.defaults(root, Set(added.values.map(\.content))), classes: nil)
        config.addedTokens.merge(added) { _, token in token }
        self.config = config
        sources = try TokenizerFile.read(TokenizerFile.settingsNames, in: folder)
    }

    /// The tokenizer that the file describes.
    /// - Throws: `InputError` naming a part of an unknown kind, or one that is damaged.
    func tokenizer() throws -> any Tokenizer {
        switch try model.type() {
        case "WordPiece": return try wordPiece()
        case "BPE": return try byteLevel()
        case "Unigram": return try unigram()
        default: throw model.unknown("kind of model", expected: "WordPiece, Unigram or BPE")
        }
    }

    /// Special tokens are named by their looks where no other file names them.
    private static func defaults(_ root: JSONComponent, _ added: Set<String>) -> TokenizerConfig {
        var config = TokenizerConfig()
        config.lowercases = false
        if added.contains("<s>"), !added.contains("[CLS]") { config.useTokensOfRoberta() }
        if added.contains("[CLS]"), added.contains("<pad>") {
            config.padding = AddedToken("<pad>")
            config.unknown = AddedToken("<unk>")
        }
        return config
    }

    private static func addedTokens(_ root: JSONComponent) throws -> [Int32: AddedToken] {
        var tokens: [Int32: AddedToken] = [:]
        for entry in try root.components("added_tokens") {
            let id = try entry.required("id", Int.self)
            guard id >= 0, id < TokenMap.idLimit else {
                throw InputError(at: "\(entry.place).id", "out of range", expected: "an id from 0", found: "\(id)")
            }
            let isSpecial = try entry.value("special", Bool.self) ?? false
            let content = try entry.required("content", String.self)
            if let other = tokens[Int32(id)]?.content, !other.utf8.elementsEqual(content.utf8) {
                throw InputError(
                    at: "\(entry.place).id", "two tokens have the id \(id)", found: "\"\(other)\" and \"\(content)\"",
                    remedy: "Use the file that was published with the checkpoint.")
            }
            tokens[Int32(id)] = AddedToken(
                content,
                singleWord: try entry.value("single_word", Bool.self) ?? false,
                stripsLeft: try entry.value("lstrip", Bool.self) ?? false,
                stripsRight: try entry.value("rstrip", Bool.self) ?? false,
                isNormalized: try entry.value("normalized", Bool.self) ?? !isSpecial, isSpecial: isSpecial)
        }
        return tokens
    }

    /// Compares the vocabulary of a `tokenizer.json` with that of the `vocab.txt` beside it, which is the one that is read.
    /// Other programs read the other: where they differ, one of them gives wrong ids.
    /// - Throws: `InputError` naming the first token whose ids differ, or when the file is damaged.
    static func checkAgreement(in folder: URL, with vocabulary: Vocabulary) throws {
        let file = folder.appending(path: fileName)
        guard file.exists else { return }
        let location = file.path(percentEncoded: false)
        let value = try JSONValue(contentsOf: file, limit: WholeFile.tableLimit)
        guard let model = try JSONComponent(value, place: location)?.component("model"),
            let table = try model.component("vocab")
        else { return }
        for (id, token) in vocabulary.tokens.enumerated() where !token.isEmpty && vocabulary.id(of: token) == Int32(id)
        {
            let other = table.fields[token].flatMap(Int.init)
            guard other != id else { continue }
            throw InputError(
                at: table.place, "contradicts \(vocabulary.location)", expected: "\"\(token)\" with the id \(id)",
                found: other.map { "the id \($0)" } ?? "no such token",
                remedy: "Keep the file of the two that was published with the weights, and remove the other.")
        }
        let extra = table.fields.names.first { vocabulary.id(of: $0) == nil }
        if let extra {
            throw InputError(
                at: table.place, "holds a token that \(vocabulary.location) lacks", found: "\"\(extra)\"",
                remedy: "Keep the file of the two that was published with the weights, and remove the other.")
        }
    }

    // MARK: Kinds of models

    private func wordPiece() throws -> BertTokenizer {
        try model.refuse("continuing_subword_prefix") { $0 == .string("##") }
        try model.refuse("max_input_chars_per_word") { $0 == .number("\(WordPieceTrie.longestWord)") }
        guard let normalizer = try root.component("normalizer"), try normalizer.type() == "BertNormalizer" else {
            throw try unknown("normalizer", expected: "BertNormalizer with WordPiece")
        }
        guard try root.component("pre_tokenizer")?.type() == "BertPreTokenizer" else {
            throw try unknown("pre_tokenizer", expected: "BertPreTokenizer with WordPiece")
        }
        try normalizer.refuse("clean_text") { $0 == .bool(true) }
        var config = config
        config.lowercases = try normalizer.value("lowercase", Bool.self) ?? true
        config.stripsAccents = try normalizer.value("strip_accents", Bool.self)
        config.separatesIdeographs = try normalizer.value("handle_chinese_chars", Bool.self) ?? true
        if let unknown = try model.value("unk_token", String.self) { config.unknown = AddedToken(unknown) }
        let map = try vocabulary()
        let tokenizer = try BertTokenizer(
            vocabulary: Vocabulary(tokens: map.tokens, location: map.location), config: config, settings: sources,
            holdsVocabulary: true)
        guard try template()(tokenizer.classificationID, tokenizer.separatorID) == tokenizer.template else {
            throw try unknown("post_processor", expected: "[CLS] A [SEP] B [SEP] with WordPiece")
        }
        return tokenizer
    }

    private func byteLevel() throws -> ByteLevelTokenizer {
        for field in ["continuing_subword_prefix", "end_of_word_suffix"] {
            try model.refuse(field) { $0 == .string("") }
        }
        for field in ["byte_fallback", "ignore_merges"] { try model.refuse(field) { $0 == .bool(false) } }
        try model.refuse("dropout") { _ in false }
        if try root.component("normalizer") != nil { throw try unknown("normalizer", expected: "none with BPE") }
        guard let splitter = try root.component("pre_tokenizer"), try splitter.type() == "ByteLevel" else {
            throw try unknown("pre_tokenizer", expected: "ByteLevel with BPE")
        }
        try splitter.refuse("use_regex") { $0 == .bool(true) }
        var config = config
        config.addsPrefixSpace = try splitter.value("add_prefix_space", Bool.self) ?? true
        let merges = try model.array("merges").enumerated().map { index, value in
            let place = "\(model.place).merges[\(index)]"
            switch value {
            case .string(let line): return try ByteMerges.merge(line, place: place)
            case .array(let pair):
                guard pair.count == 2, case .string(let left) = pair[0], case .string(let right) = pair[1] else {
                    fallthrough
                }
                return (left, right, place)
            default:
                throw InputError(at: place, "not a merge", expected: "two tokens", found: value.kind)
            }
        }
        return try ByteLevelTokenizer(
            vocabulary(), merges: merges, config: config, template: template(), sources: sources)
    }

    private func unigram() throws -> UnigramTokenizer {
        let pieces = try model.array("vocab").enumerated().map { index, value in
            guard case .array(let pair) = value, pair.count == 2, let text = String(pair[0]),
                let score = Double(pair[1])
            else {
                throw InputError(
                    at: "\(model.place).vocab[\(index)]", "not a piece", expected: "[text, score]", found: value.kind)
            }
            return (text: text, score: score)
        }
        let unknown = try model.required("unk_id", Int.self)
        guard pieces.indices.contains(unknown) else {
            throw InputError(
                at: "\(model.place).unk_id", "out of range", expected: "a place in vocab, below \(pieces.count)",
                found: "\(unknown)")
        }
        let normalizers = try root.component("normalizer")?.flattened("normalizers") ?? []
        let splitters = try root.component("pre_tokenizer")?.flattened("pretokenizers") ?? []
        return try UnigramTokenizer(
            pieces, unknown: unknown, hasByteFallback: model.value("byte_fallback", Bool.self) ?? false,
            normalization: normalizers.map { try NormalizationStep($0) },
            splitting: splitters.map { try SplittingStep($0) }, location: "\(model.place).vocab", config: config,
            template: template(), sources: sources)
    }

    private func vocabulary() throws -> TokenMap {
        guard let vocabulary = try model.component("vocab") else {
            throw InputError(at: "\(model.place).vocab", "is missing", expected: "an object from token to id")
        }
        return try TokenMap(vocabulary.fields, location: vocabulary.place)
    }

    private func unknown(_ field: String, expected: String) throws -> InputError {
        try root.component(field)?.unknown(field, expected: expected)
            ?? InputError(at: "\(root.place).\(field)", "is missing", expected: expected)
    }

    // MARK: Special tokens around texts

    private typealias Template = (_ classificationID: Int32, _ separatorID: Int32) throws -> SpecialTokenTemplate

    private func template() throws -> Template {
        let parts = try root.component("post_processor")?.flattened("processors") ?? []
        var template: Template = { _, _ in .none }
        for part in parts {
            switch try part.type() {
            case "ByteLevel": continue
            case "BertProcessing":
                let (first, last) = (try Self.tokenID(part, "cls"), try Self.tokenID(part, "sep"))
                template = { _, _ in .bert(classificationID: first, separatorID: last) }
            case "RobertaProcessing":
                let (first, last) = (try Self.tokenID(part, "cls"), try Self.tokenID(part, "sep"))
                template = { _, _ in .roberta(classificationID: first, separatorID: last) }
            case "TemplateProcessing":
                let whole = try Self.template(part)
                template = { _, _ in whole }
            default:
                throw part.unknown(
                    "post-processor",
                    expected: "TemplateProcessing, BertProcessing, RobertaProcessing or ByteLevel")
            }
        }
        return template
    }

    /// The id in a pair of token and id.
    private static func tokenID(_ part: JSONComponent, _ field: String) throws -> Int32 {
        let pair = try part.array(field)
        guard pair.count == 2, let id = Int(pair[1]), id >= 0, id < TokenMap.idLimit else {
            throw InputError(at: "\(part.place).\(field)", "not a token", expected: "[token, id]")
        }
        return Int32(id)
    }

    private static func template(_ part: JSONComponent) throws -> SpecialTokenTemplate {
        let tokens = try part.component("special_tokens")
        func parts(_ field: String, texts: [Int]) throws -> [SpecialTokenTemplate.Part] {
            var parts: [SpecialTokenTemplate.Part] = []
            for entry in try part.components(field) {
                if let text = try entry.component("Sequence") {
                    let name = try text.required("id", String.self)
                    parts.append(.text(index: name == "A" ? 0 : 1, typeID: try typeID(text)))
                } else if let token = try entry.component("SpecialToken") {
                    let name = try token.required("id", String.self)
                    guard let ids = try tokens?.component(name)?.required("ids", [Int].self),
                        ids.allSatisfy({ $0 >= 0 && $0 < TokenMap.idLimit })
                    else {
                        throw InputError(at: entry.place, "unknown special token", found: name)
                    }
                    let type = try typeID(token)
                    parts += ids.map { .token(id: Int32($0), typeID: type) }
                } else {
                    throw InputError(at: entry.place, "not a part of a template", expected: "Sequence or SpecialToken")
                }
            }
            guard SpecialTokenTemplate.texts(parts).sorted() == texts else {
                throw InputError(
                    at: "\(part.place).\(field)", "does not hold each text once",
                    expected: texts.count == 1 ? "the text A" : "the texts A and B")
            }
            return parts
        }
        return SpecialTokenTemplate(single: try parts("single", texts: [0]), pair: try parts("pair", texts: [0, 1]))
    }

    private static func typeID(_ part: JSONComponent) throws -> Int32 {
        let type = try part.value("type_id", Int.self) ?? 0
        guard type >= 0, type < 1 << 16 else {
            throw InputError(at: "\(part.place).type_id", "out of range", expected: "0 or 1", found: "\(type)")
        }
        return Int32(type)
    }
}
