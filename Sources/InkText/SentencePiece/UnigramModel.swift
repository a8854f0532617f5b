/// The best segmentation of a normalised text under a unigram language model (Kudo 2018, arXiv 1804.10959).
///
/// Scores and their rounding are those of `EncodeOptimized` of sentencepiece 0.2.3, all in single precision; the first of
/// equal candidates wins. (Until 0.2.1 sentencepiece compared in double precision and resolved a few ties otherwise.)
struct UnigramModel: Sendable {
    /// The best path to a position.
    struct PathNode: Sendable {
        var score: Float
        /// Where the last piece of the path begins; -1 for a position no path has reached.
        var start: Int32
        var id: Int32
    }

    let trie: PieceTrie
    /// By id.
    private let scores: [Float]
    private let unknownScore: Float
    private let unknownID: Int32

    /// Added to the lowest score for a character that no piece covers.
    private static let unknownPenalty: Float = 10
    /// Beyond this, scores are moved back to 0, so that long texts keep their precision.
    private static let largestScore: Float = 100_000

    /// `ids` gives the id of each piece of the model.
    init(_ model: SentencePieceModel, ids: [Int32], unknownID: Int32) {
        var trie = PieceTrie(expectedCount: model.pieces.count)
        var scores = [Float](repeating: 0, count: Int(ids.max() ?? 0) + 1)
        let normal = model.pieces.lazy.filter { $0.type == .normal }.map(\.score)
        let lowest = normal.min() ?? .greatestFiniteMagnitude
        for (piece, id) in zip(model.pieces, ids) {
            switch piece.type {
            case .normal: scores[Int(id)] = piece.score
            // Above any score of a trained piece, so that it is always chosen.
            case .userDefined: scores[Int(id)] = Float(0.1 * Double(piece.text.utf8.count - 1))
            case .unknown, .control, .unused, .byte: continue
            }
            trie.insert(piece.text, id: id)
        }
        self.trie = trie
        self.scores = scores
        self.unknownID = unknownID
        unknownScore = lowest - Self.unknownPenalty
    }

    /// Cuts `symbols` into the pieces of the best path.
    ///
    /// Stops once `limit` pieces are sure: where no piece crosses a position, what lies before it is settled.
    func segment(
        _ symbols: [NormalizedPieces.Symbol], limit: Int, path: inout [PathNode], to segments: inout PieceSegments
    ) {
        path.removeAll(keepingCapacity: true)
        path.append(contentsOf: repeatElement(PathNode(score: 0, start: -1, id: -1), count: symbols.count + 1))
        var settled = 0
        var reach = 0
        for start in symbols.indices {
            if start == reach {
                settle(settled, start, path, to: &segments)
                settled = start
                if segments.knownCount >= limit { return }
            }
            var score = path[start].score
            if abs(score) > Self.largestScore {
                for index in start...reach where index == start || path[index].start >= 0 { path[index].score -= score }
                score = 0
            }
            var step = trie.first(symbols[start].code)
            var end = start + 1
            if step.id < 0 {
                update(&path[end], score + unknownScore, start, unknownID)
            } else {
                update(&path[end], scores[Int(step.id)] + score, start, step.id)
            }
            while step.node != 0, end < symbols.count, let next = trie.next(step.node, symbols[end].code) {
                step = next
                end += 1
                if step.id >= 0 { update(&path[end], scores[Int(step.id)] + score, start, step.id) }
            }
            reach = max(reach, end)
        }
        settle(settled, symbols.count, path, to: &segments)
    }

    @inline(__always)
    private func update(_ node: inout PathNode, _ score: Float, _ start: Int, _ id: Int32) {
        if node.start < 0 || score > node.score {
            node = PathNode(score: score, start: Int32(truncatingIfNeeded: start), id: id)
        }
    }

    /// Appends the pieces of the best path from `start` to `end`.
    private func settle(_ start: Int, _ end: Int, _ path: [PathNode], to segments: inout PieceSegments) {
        let first = segments.ids.count
        var position = end
        while position > start {
            let node = path[position]
            segments.append(node.id, end: position, isKnown: node.id != unknownID)
            position = Int(node.start)
        }
        segments.reverse(from: first)
    }
}
