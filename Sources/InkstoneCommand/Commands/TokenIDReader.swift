import InkCheckpoint
import InkSupport
import InkText

/// Reads lines that each hold one JSON array of token ids.
struct TokenIDReader {
    private let lines: LineReader
    private let vocabularySize: Int
    private let longest: Int

    init(_ lines: LineReader, vocabularySize: Int, longest: Int) {
        self.lines = lines
        self.vocabularySize = vocabularySize
        self.longest = longest
    }

    /// The next lines, at most `limit`; nil at the end.
    /// - Throws: `InputError` naming the line that is no array of ids the model knows.
    func nextBatch(limit: Int) throws -> PackedEncodings? {
        var batch = PackedEncodings()
        while batch.count < limit, let line = try lines.next() {
            batch.ids.append(contentsOf: try ids(line))
            batch.starts.append(batch.ids.count)
        }
        return batch.count == 0 ? nil : batch
    }

    private func ids(_ line: LineReader.Line) throws -> [Int32] {
        func error(_ problem: String, found: String, expected: String = "one JSON array of token ids a line")
            -> InputError
        {
            InputError(at: "\(lines.name):\(line.number)", problem, expected: expected, found: found)
        }
        let parsed: JSON
        do {
            parsed = try JSON(parsing: line.text, location: lines.name)
        } catch let fault as InputError {
            throw error("is no JSON array: \(fault.problem)", found: line.text)
        }
        guard case .array(let elements) = parsed else { throw error("is no JSON array", found: line.text) }
        guard !elements.isEmpty else { throw error("has no token ids", found: "an empty array") }
        guard elements.count <= longest else {
            throw error(
                "more tokens than the model has positions", found: "\(elements.count)", expected: "at most \(longest)")
        }
        return try elements.map { element in
            guard case .number(let text) = element, let id = Int32(text) else {
                throw error("holds something that is no token id", found: element.line)
            }
            guard id >= 0, Int(id) < vocabularySize else {
                throw error(
                    "token id outside the model's vocabulary", found: text, expected: "0 to \(vocabularySize - 1)")
            }
            return id
        }
    }
}
