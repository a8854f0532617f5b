import InkSupport
import InkTasks
import InkText

/// The lines of `encode` as token ids, some at a time, with notes on what the vectors do not show.
final class EncodeSource {
    private let lines: LineReader
    private let encoder: TextEncoder
    private let maxLength: Int?
    /// A batch ends behind the line that brings it here, so that a few long lines do not add up.
    private static let batchBytes = 1 << 20

    private var tabbed = TabbedTexts()
    private var blank = (count: 0, first: 0)
    private var cut = CutTexts()
    private var specialTokens = SpecialTokensFound()
    private var unknown = (count: 0, first: 0, tokens: 0, all: 0)
    private var unseen = (count: 0, first: 0)

    /// - Parameter maxLength: as of `TextEncoder.tokenize(_:maxLength:)`.
    init(_ lines: LineReader, _ encoder: TextEncoder, maxLength: Int?) {
        self.lines = lines
        self.encoder = encoder
        self.maxLength = maxLength
    }

    /// The next texts, at most `limit`; a blank line gives an empty sequence. Nil at the end.
    /// - Throws: `InputError` naming the line that is no UTF-8, or for a length that is not possible.
    func nextBatch(limit: Int) throws -> PackedEncodings? {
        var texts: [String] = []
        var numbers: [Int] = []
        var (count, bytes) = (0, 0)
        var isBlank: [Bool] = []
        while count < limit, bytes < Self.batchBytes, let line = try lines.next() {
            tabbed.look(at: line.text, place: "\(lines.name):\(line.number)")
            isBlank.append(line.text.allSatisfy(\.isWhitespace))
            if isBlank[count] {
                if blank.count == 0 { blank.first = line.number }
                blank.count += 1
            } else {
                texts.append(line.text)
                numbers.append(line.number)
            }
            count += 1
            bytes += line.text.utf8.count
        }
        guard count > 0 else { return nil }
        let encoded = try encoder.tokenize(texts, maxLength: maxLength)
        cut.add(encoded) { "\(lines.name):\(numbers[$0])" }
        for index in texts.indices { look(at: texts[index], encoded[index], line: numbers[index]) }
        var batch = PackedEncodings()
        batch.ids = encoded.ids
        var next = 0
        for blank in isBlank {
            if !blank { next += 1 }
            batch.starts.append(encoded.starts[next])
        }
        return batch
    }

    private func look(at text: String, _ ids: ArraySlice<Int32>, line: Int) {
        guard let tokenizer = encoder.tokenizer else { return }
        specialTokens.look(at: text, tokenizer, place: "\(lines.name):\(line)")
        let known = ids.count { !tokenizer.specialIDs.contains($0) && $0 != tokenizer.unknownID }
        let missing = ids.count { $0 == tokenizer.unknownID }
        unknown.all += known + missing
        guard missing > 0 else { return }
        if unknown.count == 0 { unknown.first = line }
        unknown.count += 1
        unknown.tokens += missing
        if known == 0 {
            if unseen.count == 0 { unseen.first = line }
            unseen.count += 1
        }
    }

    /// What was not encoded as it stands, one line for each kind.
    /// - Parameter missing: what blank lines have in the output.
    func notes(missing: String) -> [String] {
        func first(_ line: Int) -> String { "the first at \(lines.name):\(line)" }
        var notes = tabbed.note.map { [$0] } ?? []
        if blank.count > 0 {
            notes.append(
                "\(blank.count) blank \(blank.count == 1 ? "line has" : "lines have") no vector: \(missing), "
                    + first(blank.first))
        }
        notes += [
            cut.note(limit: maxLength ?? encoder.longestInput, maxPositions: encoder.config.maxPositions),
            specialTokens.note(encoder.specialTokensInText),
        ].compactMap { $0 }
        if unknown.tokens > 0 {
            let share = Double(unknown.tokens) / Double(max(unknown.all, 1)) * 100
            notes.append(
                "\(unknown.tokens) of \(unknown.all) tokens (\(String(format: "%.2g", share)) %) are unknown to the "
                    + "vocabulary, in \(unknown.count) \(unknown.count == 1 ? "text" : "texts"), \(first(unknown.first))"
            )
        }
        if unseen.count > 0 {
            notes.append(
                "\(unseen.count) \(unseen.count == 1 ? "text has" : "texts have") nothing but unknown tokens, so that "
                    + "their vectors say nothing of them, \(first(unseen.first)); use a model with another vocabulary, "
                    + "or leave them out")
        }
        return notes
    }
}
