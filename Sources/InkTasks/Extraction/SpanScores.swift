import InkTensor

/// The place of the right answer in a window of a passage.
public struct SpanTarget: Sendable, Equatable {
    /// Places of the answer's first and last token in the input; both 0, `[CLS]`, where the window does not have it,
    /// both −100 where no place is known.
    package var first: Int32
    package var last: Int32
    /// The tokens of the passage, by their place in the input.
    package var passage: Range<Int>
    /// Those of them at which an answer may begin: no other window shows more around them. Counted from the first token
    /// of the passage in the window.
    package var owned: Range<Int>
    /// Where the tokens stand in the passage, in Unicode scalars.
    package var offsets: ArraySlice<Range<Int>>
    /// Tokens of the question that are not read.
    package var questionCut = 0

    package init(first: Int32, last: Int32, passage: Range<Int>, owned: Range<Int>, offsets: ArraySlice<Range<Int>>) {
        self.first = first
        self.last = last
        self.passage = passage
        self.owned = owned
        self.offsets = offsets
    }
}

/// What an extractor computes for a window.
public struct SpanScores: TaskOutput {
    /// Logits of each token of the passage as the answer's first one.
    package let first: ArraySlice<Float>
    /// As the last one.
    package let last: ArraySlice<Float>
    /// Logit of an empty answer: the sum of both at `[CLS]`.
    package let empty: Float
    /// The mean of −log p of the first and the last token; nil where they are not known.
    public let loss: Float?
}

/// The scores of a packed batch: each sequence has its own softmax over its tokens, as transformers'
/// `…ForQuestionAnswering` has it over a row of a padded batch.
package struct SpanBatch {
    /// Mean over the windows with a known answer, one value.
    package let loss: Tensor
    private let parts: [CrossEntropy]
    private let logits: Tensor
    private let layout: SequenceLayout

    /// - Parameter logits: [T, 2], column 0 for the first token of the answer, column 1 for the last.
    package init(_ logits: Tensor, _ layout: SequenceLayout, _ targets: [SpanTarget], _ pass: Pass) {
        let width = layout.longest
        let cells = (0..<layout.count).flatMap { sequence in
            (0..<layout.length(of: sequence)).map { Int32(sequence * width + $0) }
        }
        // Far below every logit, so that its share of the softmax is exactly 0.
        var padding = [Float](repeating: -1e9, count: layout.count * width)
        for cell in cells { padding[Int(cell)] = 0 }
        let mask = Tensor(padding, shape: [layout.count, width])
        func crossEntropy(_ column: Int, _ labels: [Int32]) -> CrossEntropy {
            let spread = pass.scatterRows(
                pass.columns(logits, column..<column + 1), to: cells, rows: layout.count * width)
            return pass.crossEntropy(pass.add(pass.reshape(spread, mask.shape), mask), labels: labels)
        }
        parts = [crossEntropy(0, targets.map(\.first)), crossEntropy(1, targets.map(\.last))]
        loss = pass.scale(pass.add(parts[0].loss, parts[1].loss), by: 0.5)
        self.logits = logits
        self.layout = layout
    }

    /// The scores of each window.
    package func scores(_ targets: [SpanTarget]) -> [SpanScores] {
        let values = logits.values
        return targets.enumerated().map { sequence, target in
            let rows = layout.rows(of: sequence)
            let first = rows.map { values[2 * $0] }
            let last = rows.map { values[2 * $0 + 1] }
            return SpanScores(
                first: first[target.passage], last: last[target.passage], empty: first[0] + last[0],
                loss: target.first < 0 ? nil : (parts[0].rowLosses[sequence] + parts[1].rowLosses[sequence]) / 2)
        }
    }
}
