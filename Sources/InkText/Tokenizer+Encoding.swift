import InkSupport

extension Tokenizer {
    /// Encodes one text or a pair, with the special tokens of `template` around them.
    ///
    /// - Parameters:
    ///   - maxLength: longest result in tokens, special ones included; nil for no bound.
    ///   - truncation: what gives way beyond that.
    ///   - addSpecialTokens: false leaves out those of the template.
    /// - Throws: `InputError` when `maxLength` has no room for the special tokens, or the truncation cannot be done.
    public func encode(
        _ text: String, pair: String? = nil, maxLength: Int? = nil, truncation: Truncation = .longestFirst,
        addSpecialTokens: Bool = true
    ) throws -> Encoding {
        let analyses = [analyze(text)] + (pair.map { [analyze($0)] } ?? [])
        let parts = template.parts(isPair: pair != nil, addSpecialTokens: addSpecialTokens)
        let kept = try truncation.kept(of: analyses.map(\.count), maxLength: maxLength, in: parts)
        var encoding = Encoding()
        encoding.reserveCapacity(kept.reduce(parts.count, +))
        for part in parts {
            switch part {
            case .token(let id, let typeID): encoding.append(id, typeID: typeID, sequence: nil, offset: 0..<0)
            case .text(let sequence, let typeID):
                let analysis = analyses[sequence]
                let count = kept[sequence]
                let first = truncatesLeft ? analysis.count - count : 0
                for index in first..<first + count {
                    encoding.append(
                        analysis.ids[index], typeID: typeID, sequence: sequence, offset: analysis.offsets[index])
                }
            }
        }
        return encoding
    }

    /// Encodes many texts with offsets, with `threads` threads at work (nil: all cores). Order is kept.
    /// - Throws: as `encode(_:pair:maxLength:truncation:addSpecialTokens:)`.
    public func encodeBatch(
        _ texts: [String], maxLength: Int? = nil, truncation: Truncation = .longestFirst,
        addSpecialTokens: Bool = true, threads: Int? = nil
    ) throws -> [Encoding] {
        try ChunkedWork.run(count: texts.count, minimumChunk: 64, threads: threads) { range in
            try range.map {
                try encode(
                    texts[$0], maxLength: maxLength, truncation: truncation, addSpecialTokens: addSpecialTokens)
            }
        }.flatMap { $0 }
    }
}
