import Foundation
import InkSupport

/// One file of a tokenizer, as it stands in a model folder.
public struct TokenizerFile: Hashable, Sendable {
    /// The name in the folder: `vocab.txt`, `tokenizer_config.json`.
    public let name: String
    public let contents: Data

    public init(name: String, contents: Data) {
        self.name = name
        self.contents = contents
    }

    /// Settings that may stand beside any vocabulary.
    static let settingsNames = [
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.json",
    ]

    /// Those of `names` that the folder holds.
    /// - Throws: `InputError` when one cannot be read.
    static func read(_ names: [String], in folder: URL) throws -> [TokenizerFile] {
        try names.compactMap { name in
            let file = folder.appending(path: name)
            return file.exists
                ? TokenizerFile(name: name, contents: Data(try WholeFile.read(file, limit: WholeFile.tableLimit))) : nil
        }
    }
}
