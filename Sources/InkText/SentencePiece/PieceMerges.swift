import InkSupport

/// Segmentation by a SentencePiece model of type BPE: adjacent pieces join while the result is a piece, the best score
/// first.
final class PieceMerges: Sendable {
    let trie: PieceTrie
    private let pairs: PairTable
    /// The symbol that a scalar alone is, by its code: a piece's id, or one beyond all ids.
    private let initials: [Int32]
    /// Ids from here on are scalars that are no pieces.
    private let idLimit: Int32
    private let unknownID: Int32
    /// Pieces that are always one symbol, by their first scalar, the longest first.
    private let userDefined: [Unicode.Scalar: [(scalars: [Unicode.Scalar], id: Int32)]]
    /// Pieces that fall apart again into what they were joined from.
    private let unused: Set<Int32>
    /// By id.
    private let scalarCounts: [Int32]

    /// `ids` gives the id of each piece of the model.
    /// - Throws: `InputError` when there are too many.
    init(_ model: SentencePieceModel, ids: [Int32], unknownID: Int32) throws {
        let joinable = zip(model.pieces, ids).filter { [.normal, .userDefined, .unused].contains($0.0.type) }
        trie = try PieceTrie(joinable.map { ($0.0.text, $0.1) }, location: model.location)
        self.unknownID = unknownID
        unused = Set(joinable.lazy.filter { $0.0.type == .unused }.map(\.1))
        let idLimit = (ids.max() ?? 0) + 1
        self.idLimit = idLimit
        initials = trie.nodes.prefix(trie.codeLimit).enumerated().map { code, node in
            node.id >= 0 ? node.id : idLimit + Int32(truncatingIfNeeded: code)
        }
        var scalarCounts = [Int32](repeating: 1, count: Int(idLimit))
        for (piece, id) in joinable {
            scalarCounts[Int(id)] = Int32(truncatingIfNeeded: piece.text.unicodeScalars.count)
        }
        self.scalarCounts = scalarCounts
        guard idLimit + Int32(trie.codeLimit) < PairTable.symbolLimit else {
            throw InputError(
                at: model.location, "the vocabulary is too large", expected: "at most a million pieces and characters",
                found: "\(idLimit)")
        }
        var userDefined: [Unicode.Scalar: [(scalars: [Unicode.Scalar], id: Int32)]] = [:]
        for (piece, id) in joinable where piece.type == .userDefined {
            let scalars = Array(piece.text.unicodeScalars)
            userDefined[scalars[0], default: []].append((scalars, id))
        }
        self.userDefined = userDefined.mapValues { $0.sorted { $0.scalars.count > $1.scalars.count } }
        pairs = try Self.pairs(joinable, trie, initials, location: model.location)
    }

    /// Every way to put a piece together from two others or from single characters.
    private static func pairs(
        _ pieces: [(SentencePieceModel.Piece, Int32)], _ trie: PieceTrie, _ initials: [Int32], location: String
    ) throws -> PairTable {
        var pairs = PairTable(expectedCount: pieces.count * 2)
        // Equal scores have equal ranks.
        let scores = Set(pieces.map(\.0.score)).sorted(by: >)
        let ranks = Dictionary(uniqueKeysWithValues: zip(scores, UInt32(0)...))
        func symbol(_ scalars: ArraySlice<Unicode.Scalar>) -> Int32? {
            if scalars.count == 1, let scalar = scalars.first { return initials[Int(trie.codes[scalar])] }
            return trie.id(of: scalars)
        }
        for (piece, id) in pieces {
            guard pairs.hasRoom else {
                throw InputError(at: location, "the pieces can be joined in too many ways")
            }
            let scalars = Array(piece.text.unicodeScalars)
            for split in scalars.indices.dropFirst() {
                guard let left = symbol(scalars[..<split]), let right = symbol(scalars[split...]) else { continue }
                pairs.set(left, right, rank: ranks[piece.score] ?? 0, result: id)
            }
        }
        return pairs
    }

    /// Cuts `symbols` into pieces.
    func segment(
        _ symbols: [NormalizedPieces.Symbol], merging: inout PairMerging, to segments: inout PieceSegments
    ) {
        merging.removeAll(watching: unused)
        // Where each first symbol ends; only user-defined pieces are longer than one scalar.
        var ends: [Int] = []
        var position = 0
        while position < symbols.count {
            let symbol = symbols[position]
            if let piece = userDefinedPiece(symbols, at: position) {
                merging.append(Self.frozen(piece.id))
                position += piece.scalars.count
            } else {
                merging.append(symbol.code == 0 ? Self.frozen(unknownID) : initials[Int(symbol.code)])
                position += 1
            }
            ends.append(position)
        }
        merging.run(pairs)
        var start = 0
        merging.forEach { symbol, end in
            append(symbol, start..<ends[end - 1], merging, to: &segments)
            start = ends[end - 1]
        }
    }

    private static func frozen(_ id: Int32) -> Int32 { -2 - id }

    private func userDefinedPiece(
        _ symbols: [NormalizedPieces.Symbol], at position: Int
    ) -> (scalars: [Unicode.Scalar], id: Int32)? {
        guard !userDefined.isEmpty, let pieces = userDefined[symbols[position].scalar] else { return nil }
        return pieces.first { $0.scalars.elementsEqual(symbols[position...].prefix($0.scalars.count).map(\.scalar)) }
    }

    /// Appends the piece or, where it may not be used, its parts.
    private func append(
        _ symbol: Int32, _ range: Range<Int>, _ merging: PairMerging, to segments: inout PieceSegments
    ) {
        let id = symbol < 0 ? -2 - symbol : symbol
        if unused.contains(id), let parts = merging.parts[id] {
            let middle = range.lowerBound + scalarCount(parts.left)
            append(parts.left, range.lowerBound..<middle, merging, to: &segments)
            append(parts.right, middle..<range.upperBound, merging, to: &segments)
        } else {
            let known = id < idLimit ? id : unknownID
            segments.append(known, end: range.upperBound, isKnown: known != unknownID)
        }
    }

    private func scalarCount(_ symbol: Int32) -> Int { symbol < idLimit ? Int(scalarCounts[Int(symbol)]) : 1 }
}
