import InkSupport

/// Exact match and F1 of predicted answers, as the official script of CMRC 2018 (version 6) computes them.
///
/// Texts are compared without case and without the script's punctuation. F1 counts pieces (each Chinese character, and
/// English words by the rules of the Penn Treebank) in the longest run that prediction and answer share, and takes the
/// best of the answers.
public struct ExtractionMetrics: Codable, Equatable, Sendable {
    /// The share of questions whose prediction equals an answer.
    public let exactMatch: Double
    /// The mean over the questions of the best F1.
    public let f1: Double
    /// The number of questions.
    public let count: Int
    /// Questions without a prediction; they score 0.
    public let skipped: Int

    /// The mean of exact match and F1, by which CMRC ranks.
    public var average: Double { (exactMatch + f1) / 2 }

    /// Compares one prediction a question, nil where there is none. A question without an answer, which the official
    /// script does not know, is right when the prediction is empty. Throws `InputError` when the lists differ in
    /// length or are empty.
    public init(answers: [[String]], predictions: [String?]) throws {
        guard answers.count == predictions.count, !answers.isEmpty else {
            throw InputError(
                .run, at: "evaluation", "questions and predictions must be equally many and at least one",
                found: "\(answers.count) questions, \(predictions.count) predictions")
        }
        var exactMatch = 0.0
        var f1 = 0.0
        var skipped = 0
        for (answers, prediction) in zip(answers, predictions) {
            guard let prediction else {
                skipped += 1
                continue
            }
            let scores = Self.scores(prediction, answers: answers)
            exactMatch += scores.exactMatch ? 1 : 0
            f1 += scores.f1
        }
        count = answers.count
        self.skipped = skipped
        self.exactMatch = exactMatch / Double(count)
        self.f1 = f1 / Double(count)
    }

    /// The scores of one prediction against the answers to its question.
    public static func scores(_ prediction: String, answers: [String]) -> (exactMatch: Bool, f1: Double) {
        guard !answers.isEmpty else { return prediction.isEmpty ? (true, 1) : (false, 0) }
        let bare = AnswerSegmentation.withoutPunctuation(prediction)
        let pieces = AnswerSegmentation.pieces(of: prediction)
        var exactMatch = false
        var f1 = 0.0
        for answer in answers {
            exactMatch = exactMatch || AnswerSegmentation.withoutPunctuation(answer) == bare
            let wanted = AnswerSegmentation.pieces(of: answer)
            let common = longestCommonRun(wanted, pieces)
            guard common > 0 else { continue }
            let precision = Double(common) / Double(pieces.count)
            let recall = Double(common) / Double(wanted.count)
            f1 = max(f1, 2 * precision * recall / (precision + recall))
        }
        return (exactMatch, f1)
    }

    /// The length of the longest run of pieces that both lists have.
    private static func longestCommonRun(_ left: [[Unicode.Scalar]], _ right: [[Unicode.Scalar]]) -> Int {
        var longest = 0
        var row = [Int](repeating: 0, count: right.count + 1)
        for piece in left {
            var diagonal = 0
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = piece == other ? diagonal + 1 : 0
                longest = max(longest, row[column + 1])
                diagonal = above
            }
        }
        return longest
    }
}
