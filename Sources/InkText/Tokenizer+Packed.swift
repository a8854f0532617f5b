import InkSupport

extension Tokenizer {
    /// Encodes many texts into one row of ids, with `threads` threads at work (nil: all cores).
    ///
    /// The result does not depend on the number of threads.
    /// - Parameters:
    ///   - maxLength: most tokens of a text, special ones included; nil for no bound.
    ///   - addSpecialTokens: false leaves out those of the template.
    /// - Throws: `InputError` when `maxLength` has no room for the special tokens.
    public func encodePacked(
        _ texts: [String], maxLength: Int? = nil, addSpecialTokens: Bool = true, threads: Int? = nil
    ) throws -> PackedEncodings {
        try packed(count: texts.count, threads: threads) { index, packed, scratch in
            try append(texts[index], maxLength: maxLength, addSpecialTokens: addSpecialTokens, to: &packed, &scratch)
        }
    }

    /// Encodes many pairs into one row of ids with token types; otherwise as for single texts.
    /// - Throws: `InputError` when `maxLength` has no room for the special tokens, or the truncation cannot be done.
    public func encodePacked(
        _ texts: [String], pairs: [String], maxLength: Int? = nil, truncation: Truncation = .longestFirst,
        addSpecialTokens: Bool = true, threads: Int? = nil
    ) throws -> PackedEncodings {
        precondition(texts.count == pairs.count)
        return try packed(count: texts.count, threads: threads) { index, packed, scratch in
            try append(
                texts[index], pair: pairs[index], maxLength: maxLength, truncation: truncation,
                addSpecialTokens: addSpecialTokens, to: &packed, &scratch)
        }
    }

    /// Appends one encoded text, or a pair, to `packed`: the fast way, without offsets.
    ///
    /// Parameters and errors are those of `encode(_:pair:maxLength:truncation:addSpecialTokens:)`.
    public func append(
        _ text: String, pair: String? = nil, maxLength: Int? = nil, truncation: Truncation = .longestFirst,
        addSpecialTokens: Bool = true, to packed: inout PackedEncodings, _ scratch: inout Scratch
    ) throws {
        let parts = template.parts(isPair: pair != nil, addSpecialTokens: addSpecialTokens)
        if let pair {
            try append([text, pair], parts, maxLength: maxLength, truncation, to: &packed, &scratch)
        } else {
            try append(text, parts, maxLength: maxLength, truncation, to: &packed, &scratch)
        }
        packed.starts.append(packed.ids.count)
    }

    /// One text goes right into the row.
    private func append(
        _ text: String, _ parts: [SpecialTokenTemplate.Part], maxLength: Int?, _ truncation: Truncation,
        to packed: inout PackedEncodings, _ scratch: inout Scratch
    ) throws {
        let start = packed.ids.count
        let room = try truncation.room(maxLength, in: parts)
        for part in parts {
            switch part {
            case .token(let id, _): packed.ids.append(id)
            case .text:
                let first = packed.ids.count
                // Truncation on the left needs the whole text; otherwise what comes behind the room is only counted.
                let limit = truncatesLeft ? .max : room.map(UnreadTokens.limit) ?? .max
                appendTextIDs(of: text, limit: limit, to: &packed.ids, &scratch)
                let count = packed.ids.count - first
                guard let room, count > room else { continue }
                // Checks that this text may be shortened at all.
                _ = try truncation.kept(of: [count], room: room)
                let removed = truncatesLeft ? first..<first + count - room : first + room..<first + count
                packed.ids.removeSubrange(removed)
                packed.unread[packed.count] = UnreadTokens(first: count - room)
            }
        }
        appendTypes(parts, counts: [packed.ids.count - start - SpecialTokenTemplate.addedCount(parts)], to: &packed)
    }

    private func append(
        _ texts: [String], _ parts: [SpecialTokenTemplate.Part], maxLength: Int?, _ truncation: Truncation,
        to packed: inout PackedEncodings, _ scratch: inout Scratch
    ) throws {
        let ids = texts.map { text in
            var ids: [Int32] = []
            appendTextIDs(of: text, limit: .max, to: &ids, &scratch)
            return ids
        }
        let kept = try truncation.kept(of: ids.map(\.count), maxLength: maxLength, in: parts)
        if kept[0] < ids[0].count || kept[1] < ids[1].count {
            packed.unread[packed.count] = UnreadTokens(
                first: ids[0].count - kept[0], second: ids[1].count - kept[1])
        }
        for part in parts {
            switch part {
            case .token(let id, _): packed.ids.append(id)
            case .text(let index, _):
                packed.ids.append(
                    contentsOf: truncatesLeft ? ids[index].suffix(kept[index]) : ids[index].prefix(kept[index]))
            }
        }
        appendTypes(parts, counts: kept, to: &packed)
    }

    /// Writes the token types of the last input, unless all types up to now are 0.
    private func appendTypes(_ parts: [SpecialTokenTemplate.Part], counts: [Int], to packed: inout PackedEncodings) {
        guard !packed.tokenTypeIDs.isEmpty || parts.contains(where: { $0.typeID != 0 }) else { return }
        // Earlier inputs without an entry are all of type 0.
        let start = packed.starts.last ?? 0
        packed.tokenTypeIDs.append(contentsOf: repeatElement(0, count: start - packed.tokenTypeIDs.count))
        for part in parts {
            switch part {
            case .token(_, let typeID): packed.tokenTypeIDs.append(typeID)
            case .text(let index, let typeID):
                packed.tokenTypeIDs.append(contentsOf: repeatElement(typeID, count: counts[index]))
            }
        }
    }

    private func packed(
        count: Int, threads: Int?,
        _ append: @Sendable (Int, inout PackedEncodings, inout Scratch) throws -> Void
    ) throws -> PackedEncodings {
        let parts = try ChunkedWork.run(count: count, minimumChunk: 256, threads: threads) { range in
            var part = PackedEncodings()
            var scratch = Scratch()
            part.ids.reserveCapacity(range.count * 24)
            part.starts.reserveCapacity(range.count + 1)
            for index in range { try append(index, &part, &scratch) }
            return part
        }
        var packed = PackedEncodings()
        packed.ids.reserveCapacity(parts.reduce(0) { $0 + $1.ids.count })
        packed.starts.reserveCapacity(count + 1)
        for part in parts { packed.append(part) }
        return packed
    }
}
