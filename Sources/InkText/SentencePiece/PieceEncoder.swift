/// Text to pieces: SentencePiece's normaliser, then segmentation by a unigram model or by merges.
struct PieceEncoder: Sendable {
    private enum Segmentation: Sendable {
        case unigram(UnigramModel<Float>)
        case merges(PieceMerges)
    }

    private let normalizer: SentencePieceNormalizer
    private let segmentation: Segmentation
    private let unknownID: Int32
    private let byteIDs: [Int32]

    /// - Throws: `InputError` when the normalisation rules are damaged.
    init(_ model: SentencePieceModel, _ vocabulary: PieceVocabulary) throws {
        normalizer = try SentencePieceNormalizer(model)
        unknownID = vocabulary.unknownID
        byteIDs = vocabulary.byteIDs
        switch model.algorithm {
        case .unigram:
            segmentation = .unigram(try UnigramModel<Float>(model, ids: vocabulary.ids, unknownID: unknownID))
        case .bpe: segmentation = .merges(try PieceMerges(model, ids: vocabulary.ids, unknownID: unknownID))
        }
    }

    /// Normalises and cuts a range of `scratch.text`; at least `limit` tokens, or all.
    private func cut(_ range: Range<Int>, firstSource: Int, limit: Int, _ scratch: inout SentencePieceScratch) {
        scratch.segments.removeAll()
        switch segmentation {
        case .unigram(let model):
            normalizer.normalize(
                scratch.text, range, firstSource: firstSource, codes: model.trie.codes, to: &scratch.normalized)
            model.segment(
                scratch.normalized.symbols, limit: limit, path: &scratch.path, probes: &scratch.probes,
                to: &scratch.segments)
        case .merges(let merges):
            normalizer.normalize(
                scratch.text, range, firstSource: firstSource, codes: merges.trie.codes, to: &scratch.normalized)
            merges.segment(scratch.normalized.symbols, merging: &scratch.merging, to: &scratch.segments)
        }
    }

    /// Appends the ids of a range of `scratch.text`; at least `limit`, or all.
    func appendIDs(_ range: Range<Int>, limit: Int, to ids: inout [Int32], _ scratch: inout SentencePieceScratch) {
        cut(range, firstSource: 0, limit: limit, &scratch)
        guard scratch.segments.knownCount < scratch.segments.ids.count else {
            ids.append(contentsOf: scratch.segments.ids)
            return
        }
        var isAfterUnknown = false
        for (index, id) in scratch.segments.ids.enumerated() {
            if id != unknownID {
                ids.append(id)
            } else if !byteIDs.isEmpty {
                forEachByte(index, scratch) { ids.append($0) }
            } else if !isAfterUnknown {
                ids.append(id)
            }
            isAfterUnknown = id == unknownID
        }
    }

    /// Appends the tokens of a range of `scratch.text` with offsets.
    ///
    /// An offset begins at the first character and ends behind the last one, white space around the others left out;
    /// all bytes of an unknown character, and all pieces of a character that was replaced, have the whole of it.
    func append(
        _ range: Range<Int>, firstSource: Int, to analysis: inout TextAnalysis, _ scratch: inout SentencePieceScratch
    ) {
        cut(range, firstSource: firstSource, limit: .max, &scratch)
        var start = 0
        var isAfterUnknown = false
        for (index, id) in scratch.segments.ids.enumerated() {
            let end = scratch.segments.ends[index]
            let offset = offset(start..<end, scratch.normalized)
            if id != unknownID {
                analysis.append(id, offset)
            } else if !byteIDs.isEmpty {
                forEachByte(index, scratch) { analysis.append($0, offset) }
            } else if isAfterUnknown {
                analysis.extendLast(to: offset.upperBound)
            } else {
                analysis.append(id, offset)
            }
            isAfterUnknown = id == unknownID
            start = end
        }
    }

    private func forEachByte(_ segment: Int, _ scratch: SentencePieceScratch, _ body: (Int32) -> Void) {
        let start = segment == 0 ? 0 : scratch.segments.ends[segment - 1]
        for symbol in scratch.normalized.symbols[start..<scratch.segments.ends[segment]] {
            for byte in UTF8.encode(symbol.scalar) ?? UTF8.encodedReplacementCharacter { body(byteIDs[Int(byte)]) }
        }
    }

    private func offset(_ range: Range<Int>, _ text: NormalizedPieces) -> Range<Int> {
        let shown = text.symbols[range]
        let isSpace = { (symbol: NormalizedPieces.Symbol) in symbol.scalar == SentencePieceNormalizer.spaceMark }
        guard let first = shown.firstIndex(where: { !isSpace($0) }), let last = shown.lastIndex(where: { !isSpace($0) })
        else { return text.source(range.lowerBound)..<text.source(range.upperBound) }
        // The character may have given several symbols.
        var next = last + 1
        while next < text.symbols.count, text.symbols[next].source == text.symbols[last].source { next += 1 }
        return text.source(first)..<text.source(next)
    }
}
