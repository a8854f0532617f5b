extension BertTokenizer {
    /// Analyses a text exactly, with offsets, whatever it holds.
    public func analyze(_ text: String) -> TextAnalysis { analyze(Array(text.utf8)) }

    /// As `analyze(_:)`, for UTF-8 bytes.
    func analyze(_ text: [UInt8]) -> TextAnalysis { analyze(text) { $0.words(in: $1) } }

    /// As `analyze(_:)`, with `words` to split the normalised text between added tokens.
    func analyze(_ text: [UInt8], words: (NormalizedText, Range<Int>) -> [Range<Int>]) -> TextAnalysis {
        var analysis = TextAnalysis()
        var scratch = Scratch()
        var scalarsBefore = 0
        for piece in rawMatcher.split(text, 0..<text.count) {
            let scalars = UTF8Text.scalars(text, piece.range)
            if let id = piece.id {
                analysis.append(id, scalarsBefore..<scalarsBefore + scalars.count)
            } else {
                let normalized = NormalizedText(scalars, firstSource: scalarsBefore, config.normalization)
                append(normalized, words, to: &analysis, &scratch)
            }
            scalarsBefore += scalars.count
        }
        return analysis
    }

    private func append(
        _ text: NormalizedText, _ words: (NormalizedText, Range<Int>) -> [Range<Int>],
        to analysis: inout TextAnalysis, _ scratch: inout Scratch
    ) {
        guard !normalizedMatcher.isEmpty else {
            append(text, words(text, text.scalars.indices), to: &analysis, &scratch)
            return
        }
        var bytes: [UInt8] = []
        for scalar in text.scalars { UTF8Text.append(scalar, to: &bytes) }
        var start = 0
        for piece in normalizedMatcher.split(bytes, 0..<bytes.count) {
            let end = start + UTF8Text.scalars(bytes, piece.range).count
            if let id = piece.id {
                analysis.append(id, text.sources[start]..<text.sources[end - 1] + 1)
            } else {
                append(text, words(text, start..<end), to: &analysis, &scratch)
            }
            start = end
        }
    }

    private func append(
        _ text: NormalizedText, _ words: [Range<Int>], to analysis: inout TextAnalysis, _ scratch: inout Scratch
    ) {
        for word in words {
            scratch.word.removeAll(keepingCapacity: true)
            scratch.ends.removeAll(keepingCapacity: true)
            for index in word { UTF8Text.append(text.scalars[index], to: &scratch.word) }
            scratch.ids.removeAll(keepingCapacity: true)
            vocabulary.trie.appendPieces(
                of: scratch.word, scalarCount: word.count, unknown: unknownID, to: &scratch.ids, ends: &scratch.ends)
            var index = word.lowerBound
            var bytes = 0
            for (id, end) in zip(scratch.ids, scratch.ends) {
                let start = text.sources[index]
                while bytes < end {
                    bytes += UTF8.width(text.scalars[index])
                    index += 1
                }
                analysis.append(id, start..<text.sources[index - 1] + 1)
            }
        }
    }
}
