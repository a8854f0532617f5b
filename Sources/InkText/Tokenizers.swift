import Foundation
import InkSupport

/// Opens the tokenizer of a checkpoint folder, whatever its kind.
public enum Tokenizers {
    /// All names that a file of a tokenizer may have in a model folder.
    public static let fileNames =
        ["vocab.txt"] + SentencePieceStyle.fileNames + TokenizerFile.settingsNames + RoFormerTokenizer.dictionaryNames

    /// The tokenizer that the files of the folder describe: by `tokenizer_class` of `tokenizer_config.json` or
    /// `config.json`, or else by the names of its files.
    /// - Throws: `InputError` when no known vocabulary is there, or a file is damaged or contradicts another.
    public static func open(_ folder: URL) throws -> any Tokenizer {
        let name = try tokenizerClass(folder)
        if let style = name.flatMap(SentencePieceStyle.style) {
            return try SentencePieceTokenizer(contentsOf: folder, style: style)
        }
        if name == nil, !folder.appending(path: "vocab.txt").exists {
            for style in SentencePieceStyle.allCases where folder.appending(path: style.fileName).exists {
                return try SentencePieceTokenizer(contentsOf: folder, style: style)
            }
        }
        if try isRoFormer(folder, name) { return try RoFormerTokenizer(contentsOf: folder) }
        return try BertTokenizer(contentsOf: folder)
    }

    /// What the folder calls its tokenizer.
    private static func tokenizerClass(_ folder: URL) throws -> String? {
        for name in ["tokenizer_config.json", "config.json"] {
            let file = try TokenizerConfigFile(folder.appending(path: name))
            if let name = try file?.value("tokenizer_class", String.self) { return name }
        }
        return nil
    }

    /// By the tokenizer's name, or without one by `model_type` of `config.json`. Some models of this type were trained
    /// on BERT's characters: their vocabulary holds no words.
    private static func isRoFormer(_ folder: URL, _ name: String?) throws -> Bool {
        if let name { return RoFormerTokenizer.classes.contains(name) }
        let config = try TokenizerConfigFile(folder.appending(path: "config.json"))
        guard try config?.value("model_type", String.self) == "roformer" else { return false }
        return RoFormerTokenizer.holdsWords(try Vocabulary(contentsOf: folder.appending(path: "vocab.txt")))
    }
}
