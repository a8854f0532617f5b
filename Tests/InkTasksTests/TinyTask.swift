import Foundation
import InkTasks
import InkText

/// Data for runs of the tiny model on any task, and its answers.
enum TinyTask {
    /// Titles of three classes in turn.
    static let titles = TinyModel.titles(.train, 48).map(\.text)

    /// One JSON object a line.
    static func jsonl(_ records: [[String: Any]]) throws -> String {
        try records.map { record in
            let data = try JSONSerialization.data(withJSONObject: record, options: .sortedKeys)
            return String(decoding: data, as: UTF8.self) + "\n"
        }.joined()
    }

    /// The answers of a folder to lines, as `predict` gets them.
    static func answers(_ folder: URL, _ lines: [String], tab: TabMeaning? = nil) throws -> [any TaskAnswer] {
        try FolderTask.name(of: folder).answerer(folder, tab: tab)
            .answers(to: lines.enumerated().map { QuestionLine($0.element, at: "line \($0.offset + 1)") })
    }

    /// A tokenizer of these characters, and the usual special tokens.
    static func encoder(
        _ characters: String, maxLength: Int, maxPositions: Int? = nil
    ) throws -> InputEncoder {
        let tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + characters.map(String.init)
        return InputEncoder(
            try BertTokenizer(vocabulary: Vocabulary(tokens: tokens)), InputForm(maxLength: maxLength),
            maxPositions: maxPositions)
    }
}

extension InputEncoder {
    /// The tokens of a sequence, one after the other.
    func text(_ sequence: TokenSequence) -> String {
        sequence.ids.map { tokenizer.token(of: $0) ?? "?" }.joined()
    }
}
