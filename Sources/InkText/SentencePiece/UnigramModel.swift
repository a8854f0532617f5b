/// The best segmentation of a normalised text under a unigram language model (Kudo 2018, arXiv 1804.10959).
///
/// With scores in single precision their rounding is that of `EncodeOptimized` of sentencepiece 0.2.3 (until 0.2.1 it
/// compared in double precision and resolved a few ties otherwise), with double precision that of Hugging Face
/// `tokenizers`. The first of equal candidates wins.
final class UnigramModel<Score: BinaryFloatingPoint & Sendable>: Sendable {
    /// The best path to a position.
    struct PathNode: Sendable {
        var score: Score
        /// Where the last piece of the path begins; -1 for a position no path has reached.
        var start: Int32
        var id: Int32
        /// Where the next piece of the settled path ends.
        var next: Int32

        static var unreached: PathNode { PathNode(score: 0, start: -1, id: -1, next: -1) }
    }

    let trie: PieceTrie
    /// By id.
    private let scores: [Score]
    private let unknownScore: Score
    private let unknownID: Int32

    /// A piece that may be chosen.
    struct Piece {
        var text: String
        var id: Int32
        var score: Score
    }

    /// - Parameters:
    ///   - lowest: the lowest score of a trained piece; a character that no piece covers has 10 less.
    ///   - unknownID: the id of such characters.
    /// - Throws: `InputError` when there are too many pieces.
    init(_ pieces: [Piece], lowest: Score, unknownID: Int32, location: String) throws {
        trie = try PieceTrie(pieces.map { ($0.text, $0.id) }, location: location)
        var scores = [Score](repeating: 0, count: Int(pieces.lazy.map(\.id).max() ?? 0) + 1)
        for piece in pieces { scores[Int(piece.id)] = piece.score }
        self.scores = scores
        self.unknownID = unknownID
        unknownScore = lowest - 10
    }

    /// Cuts `symbols` into the pieces of the best path.
    ///
    /// Stops once `limit` pieces are sure: where no piece crosses a position, what lies before it is settled.
    func segment(
        _ symbols: [NormalizedPieces.Symbol], limit: Int, path: inout [PathNode], probes: inout [UInt64],
        to segments: inout PieceSegments
    ) {
        let count = symbols.count
        if path.count <= count { path.append(contentsOf: repeatElement(.unreached, count: count + 1 - path.count)) }
        var nodes = path.mutableSpan
        for index in 0...count { nodes[index] = .unreached }
        let symbols = symbols.span
        let (trieArray, edgeArray, scoreArray) = (trie.nodes, trie.edges.entries, self.scores)
        let (trieNodes, edges, scores) = (trieArray.span, edgeArray.span, scoreArray.span)
        let shift = trie.edges.shift
        if probes.count < count { probes.append(contentsOf: repeatElement(0, count: count - probes.count)) }
        var firstProbes = probes.mutableSpan
        for start in 0..<max(count - 1, 0) {
            firstProbes[start] = EdgeTable.probe(edges, shift, symbols[start].code, symbols[start + 1].code)
        }
        var settled = 0
        var reach = 0
        for start in 0..<count {
            if start == reach {
                settle(settled, start, &nodes, to: &segments)
                settled = start
                if segments.knownCount >= limit { return }
            }
            var score = nodes[start].score
            // Scores are moved back to 0, so that long texts keep their precision.
            if abs(score) > 100_000 {
                for index in start...reach where index == start || nodes[index].start >= 0 {
                    nodes[index].score -= score
                }
                score = 0
            }
            var node = symbols[start].code
            var step = trieNodes[Int(node)]
            var end = start + 1
            if step.id < 0 {
                Self.update(&nodes, end, score + unknownScore, start, unknownID)
            } else {
                Self.update(&nodes, end, score + scores[Int(step.id)], start, step.id)
            }
            if end < count, step.filter != 0 {
                var probe = firstProbes[start]
                while true {
                    node = EdgeTable.resolve(probe, edges, shift, node, symbols[end].code)
                    guard node != 0 else { break }
                    step = trieNodes[Int(node)]
                    end += 1
                    if step.id >= 0 { Self.update(&nodes, end, score + scores[Int(step.id)], start, step.id) }
                    guard end < count, step.mayContinue(symbols[end].code) else { break }
                    probe = EdgeTable.probe(edges, shift, node, symbols[end].code)
                }
            }
            reach = max(reach, end)
        }
        settle(settled, count, &nodes, to: &segments)
    }

    @inline(__always)
    private static func update(
        _ nodes: inout MutableSpan<PathNode>, _ end: Int, _ score: Score, _ start: Int, _ id: Int32
    ) {
        let node = nodes[end]
        if node.start < 0 || score > node.score {
            nodes[end] = PathNode(score: score, start: Int32(truncatingIfNeeded: start), id: id, next: -1)
        }
    }

    /// Appends the pieces of the best path from `start` to `end`.
    @inline(__always)
    private func settle(
        _ start: Int, _ end: Int, _ nodes: inout MutableSpan<PathNode>, to segments: inout PieceSegments
    ) {
        var position = end
        while position > start {
            let previous = Int(nodes[position].start)
            nodes[previous].next = Int32(truncatingIfNeeded: position)
            position = previous
        }
        while position < end {
            position = Int(nodes[position].next)
            let id = nodes[position].id
            segments.append(id, end: position, isKnown: id != unknownID)
        }
    }
}

extension UnigramModel<Float> {
    /// The pieces of a SentencePiece model that may be chosen; `ids` gives the id of each piece of the file.
    convenience init(_ model: SentencePieceModel, ids: [Int32], unknownID: Int32) throws {
        let pieces = zip(model.pieces, ids).compactMap { piece, id -> Piece? in
            switch piece.type {
            case .normal: Piece(text: piece.text, id: id, score: piece.score)
            // Above any score of a trained piece, so that it is always chosen.
            case .userDefined: Piece(text: piece.text, id: id, score: Float(0.1 * Double(piece.text.utf8.count - 1)))
            case .unknown, .control, .unused, .byte: nil
            }
        }
        let normal = model.pieces.lazy.filter { $0.type == .normal }.map(\.score)
        try self.init(
            pieces, lowest: normal.min() ?? .greatestFiniteMagnitude, unknownID: unknownID, location: model.location)
    }
}
