import Foundation
import InkSupport

/// Opens the tokenizer of a checkpoint folder, whatever its kind.
public enum Tokenizers {
    /// All names that a file of a tokenizer may have in a model folder.
    public static let fileNames =
        ["vocab.txt", "vocab.json", "merges.txt"] + SentencePieceStyle.fileNames + TokenizerFile.settingsNames
        + RoFormerTokenizer.dictionaryNames

    /// The tokenizer that the files of the folder describe.
    ///
    /// `tokenizer_class` of `tokenizer_config.json` or `config.json` decides where its files are there, or else the names
    /// of the files; `tokenizer.json` is read where there is no other vocabulary.
    /// - Parameter dictionary: words for a tokenizer that cuts text into words first (RoFormer's); nil for the file that
    ///   the folder has.
    /// - Throws: `InputError` when no known vocabulary is there, a file is damaged or contradicts another, the vocabulary
    ///   has more ids than a `config.json` beside it says that the model has rows, or a dictionary is given to a
    ///   tokenizer that has no use for it.
    public static func open(_ folder: URL, dictionary: URL? = nil) throws -> any Tokenizer {
        guard folder.exists else { throw MissingModel.error(folder) }
        guard folder.isFolder else {
            throw InputError(
                .usage, at: folder.path(percentEncoded: false), "is a file", expected: "the folder of a tokenizer",
                remedy: "Give the folder that holds it; a vocabulary of BERT's kind is called vocab.txt there.")
        }
        for file in fileNames.map({ folder.appending(path: $0) }) where file.exists { try Placeholder.check(file) }
        let tokenizer = try open(of: folder, dictionary)
        try checkSize(tokenizer, folder)
        return tokenizer
    }

    /// A vocabulary with a line too many shifts every id behind it, which only a text with the last token would show.
    private static func checkSize(_ tokenizer: any Tokenizer, _ folder: URL) throws {
        let file = try TokenizerConfigFile(folder.appending(path: "config.json"))
        guard let file, let rows = try file.value("vocab_size", Int.self), tokenizer.idCount > rows else { return }
        throw InputError(
            at: file.place("vocab_size"), "is smaller than the vocabulary",
            expected: "at least \(tokenizer.idCount), the ids of its tokens", found: "\(rows)",
            remedy: (tokenizer.warnings.first.map { "look at \($0); " } ?? "")
                + "use the vocabulary that was published with the weights")
    }

    private static func open(of folder: URL, _ dictionary: URL?) throws -> any Tokenizer {
        guard let dictionary else { return try open(of: folder) }
        guard try isRoFormer(folder, tokenizerClass(folder)) else {
            throw InputError(
                .usage, at: "--dictionary", "the model's tokenizer does not cut text into words",
                expected: RoFormerTokenizer.classes.sorted().joined(separator: ", "),
                remedy: "leave --dictionary out")
        }
        return try RoFormerTokenizer(contentsOf: folder, dictionary: dictionary)
    }

    private static func open(of folder: URL) throws -> any Tokenizer {
        func has(_ name: String) -> Bool { folder.appending(path: name).exists }
        let name = try tokenizerClass(folder)
        if let name {
            if let style = SentencePieceStyle.style(of: name), SentencePieceStyle.fileNames.contains(where: has) {
                return try SentencePieceTokenizer(contentsOf: folder, style: style)
            }
            if let style = ByteLevelStyle.style(of: name), has("vocab.json"), has("merges.txt") {
                return try ByteLevelTokenizer(contentsOf: folder, style: style)
            }
        }
        if try isRoFormer(folder, name) { return try RoFormerTokenizer(contentsOf: folder) }
        if has("vocab.txt") {
            let tokenizer = try BertTokenizer(contentsOf: folder)
            try TokenizerJSON.checkAgreement(in: folder, with: tokenizer.vocabulary)
            return tokenizer
        }
        if has("tokenizer.json") { return try TokenizerJSON(contentsOf: folder).tokenizer() }
        guard name == nil else { throw missing(folder, name) }
        for style in SentencePieceStyle.allCases where has(style.fileName) {
            return try SentencePieceTokenizer(contentsOf: folder, style: style)
        }
        if has("vocab.json"), has("merges.txt") {
            return try ByteLevelTokenizer(contentsOf: folder, style: .roberta)
        }
        throw missing(folder, name)
    }

    private static func missing(_ folder: URL, _ name: String?) -> InputError {
        InputError(
            at: folder.path(percentEncoded: false),
            name.map { "holds no vocabulary for \($0)" } ?? "holds no vocabulary",
            expected: "vocab.txt, a SentencePiece model, vocab.json with merges.txt, or tokenizer.json",
            remedy: "Put the tokenizer files of the checkpoint into the folder.")
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
