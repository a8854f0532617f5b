import InkSupport

extension BertTokenizer {
    /// Buffers that a loop over many texts uses again and again. One for each thread.
    public struct Scratch: Sendable {
        /// The UTF-8 of the word being collected.
        var word: [UInt8] = []
        /// Scalars in `word`.
        var scalarCount = 0
        /// Ends of the pieces of the last word.
        var ends: [Int] = []
        /// The UTF-8 of the text.
        var text: [UInt8] = []

        public init() {}
    }

    /// Appends `[CLS] text [SEP]` to `ids`: the fast way, without offsets, for training and prediction.
    ///
    /// - Parameters:
    ///   - maxLength: most tokens to append, special ones included; nil for no bound.
    ///   - addSpecialTokens: false leaves out `[CLS]` and `[SEP]`.
    /// - Throws: `InputError` when `maxLength` has no room for the special tokens.
    public func appendIDs(
        of text: String, maxLength: Int? = nil, addSpecialTokens: Bool = true, to ids: inout [Int32],
        _ scratch: inout Scratch
    ) throws {
        let room = try maxLength.map { try roomForText($0, added: addSpecialTokens ? 2 : 0) }
        if addSpecialTokens { ids.append(classificationID) }
        scratch.text.removeAll(keepingCapacity: true)
        scratch.text.append(contentsOf: text.utf8)
        appendTextIDs(room: room, to: &ids, &scratch)
        if addSpecialTokens { ids.append(separatorID) }
    }

    /// Encodes many texts into one row of ids, with `threads` threads at work (nil: all cores).
    ///
    /// The result does not depend on the number of threads.
    /// - Throws: as `appendIDs(of:maxLength:addSpecialTokens:to:_:)`.
    public func encodePacked(
        _ texts: [String], maxLength: Int? = nil, addSpecialTokens: Bool = true, threads: Int? = nil
    ) throws -> PackedEncodings {
        let parts = try ChunkedWork.run(count: texts.count, minimumChunk: 256, threads: threads) { range in
            var part = PackedEncodings()
            var scratch = Scratch()
            part.ids.reserveCapacity(range.count * 24)
            part.starts.reserveCapacity(range.count + 1)
            for index in range {
                try appendIDs(
                    of: texts[index], maxLength: maxLength, addSpecialTokens: addSpecialTokens, to: &part.ids,
                    &scratch)
                part.starts.append(part.ids.count)
            }
            return part
        }
        var packed = PackedEncodings()
        packed.ids.reserveCapacity(parts.reduce(0) { $0 + $1.ids.count })
        for part in parts { packed.append(part) }
        return packed
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

    /// Appends the ids of `scratch.text`, at most `room`.
    private func appendTextIDs(room: Int?, to ids: inout [Int32], _ scratch: inout Scratch) {
        let first = ids.count
        // Truncation on the left needs the whole text first.
        let limit = config.truncatesLeft ? Int.max : room.map { first + $0 } ?? Int.max
        if !normalizedMatcher.isEmpty || !appendByTable(limit: limit, to: &ids, &scratch) {
            ids.removeSubrange(first...)
            ids.append(contentsOf: analyze(scratch.text).ids)
        }
        guard let room, ids.count - first > room else { return }
        if config.truncatesLeft {
            ids.removeSubrange(first..<ids.count - room)
        } else {
            ids.removeSubrange((first + room)...)
        }
    }

    /// The table-driven loop. Stops early once `limit` ids are there; false when the text needs the exact path.
    private func appendByTable(limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) -> Bool {
        let end = scratch.text.count
        var position = 0
        var unmatchedBefore = 0
        scratch.word.removeAll(keepingCapacity: true)
        scratch.scalarCount = 0
        while position < end, ids.count < limit {
            if rawMatcher.mayBegin(scratch.text[position]), position >= unmatchedBefore,
                let match = rawMatcher.match(scratch.text, at: position, limit: end)
            {
                if let id = match.id {
                    flushWord(to: &ids, &scratch)
                    ids.append(id)
                    position = match.end
                    continue
                }
                unmatchedBefore = match.end
            }
            let scalar = UTF8Text.scalar(scratch.text, at: &position, limit: end)
            let action = actions.actions[Int(scalar.value)]
            switch ScalarActions.kind(action) {
            case .keep: push(scalar, &scratch)
            case .exact: return false
            case .expand:
                for part in actions.expansions[Int(ScalarActions.payload(action))] { apply(part, to: &ids, &scratch) }
            case .jamo: ScalarFacts.shared.decompose(scalar) { push($0, &scratch) }
            default: apply(action, to: &ids, &scratch)
            }
        }
        flushWord(to: &ids, &scratch)
        return true
    }

    /// Carries out an action that needs no more than its payload.
    @inline(__always)
    private func apply(_ action: ScalarActions.Action, to ids: inout [Int32], _ scratch: inout Scratch) {
        switch ScalarActions.kind(action) {
        case .isolated:
            flushWord(to: &ids, &scratch)
            ids.append(Int32(truncatingIfNeeded: ScalarActions.payload(action)))
        case .space: flushWord(to: &ids, &scratch)
        case .replace:
            if let scalar = Unicode.Scalar(ScalarActions.payload(action)) { push(scalar, &scratch) }
        case .keep, .drop, .expand, .jamo, .exact: break
        }
    }

    @inline(__always)
    private func push(_ scalar: Unicode.Scalar, _ scratch: inout Scratch) {
        UTF8Text.append(scalar, to: &scratch.word)
        scratch.scalarCount += 1
    }

    @inline(__always)
    private func flushWord(to ids: inout [Int32], _ scratch: inout Scratch) {
        if scratch.scalarCount > 0 { emitWord(to: &ids, &scratch) }
    }

    @inline(never)
    private func emitWord(to ids: inout [Int32], _ scratch: inout Scratch) {
        scratch.ends.removeAll(keepingCapacity: true)
        vocabulary.trie.appendPieces(
            of: scratch.word, scalarCount: scratch.scalarCount, unknown: unknownID, to: &ids, ends: &scratch.ends)
        scratch.word.removeAll(keepingCapacity: true)
        scratch.scalarCount = 0
    }
}
