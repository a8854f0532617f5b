extension BertTokenizer {
    /// Buffers that a loop over many texts uses again and again. One for each thread.
    public struct Scratch: TokenizerScratch, Sendable {
        /// The UTF-8 of the word being collected.
        var word: [UInt8] = []
        /// Scalars in `word`.
        var scalarCount = 0
        /// The pieces of the last word, for the exact path.
        var ids: [Int32] = []
        /// Their ends.
        var ends: [Int] = []
        /// The UTF-8 of the text.
        var text: [UInt8] = []

        public init() {}
    }

    public func appendTextIDs(of text: String, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) {
        scratch.text.removeAll(keepingCapacity: true)
        scratch.text.append(contentsOf: text.utf8)
        let first = ids.count
        let (end, isBeyond) = first.addingReportingOverflow(limit)
        guard normalizedMatcher.isEmpty, appendByTable(limit: isBeyond ? .max : end, to: &ids, &scratch) else {
            ids.removeSubrange(first...)
            ids.append(contentsOf: analyze(scratch.text).ids)
            return
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
