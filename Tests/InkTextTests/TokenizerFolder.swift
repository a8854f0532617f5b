import Foundation
import InkTestSupport
import InkText

/// Folders of tokenizer files.
enum TokenizerFolder {
    /// The tokenizer as a run folder gives it back.
    static func reopened(_ tokenizer: any Tokenizer) throws -> any Tokenizer {
        try withTemporaryFolder { folder in
            for file in try tokenizer.files() { try file.contents.write(to: folder.appending(path: file.name)) }
            return try Tokenizers.open(folder)
        }
    }
}
