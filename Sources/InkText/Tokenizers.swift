import Foundation
import InkSupport

/// Opens the tokenizer of a checkpoint folder, whatever its kind.
public enum Tokenizers {
    /// All names that a file of a tokenizer may have in a model folder.
    public static let fileNames = ["vocab.txt"] + TokenizerFile.settingsNames

    /// The tokenizer that the files of the folder describe.
    /// - Throws: `InputError` when no known vocabulary is there, or a file is damaged or contradicts another.
    public static func open(_ folder: URL) throws -> any Tokenizer {
        try BertTokenizer(contentsOf: folder)
    }
}
