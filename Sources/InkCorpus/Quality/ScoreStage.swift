import Foundation
import InkSupport

/// Gives each document a quality score, and keeps documents by it.
public struct ScoreStage: DocumentStage {
    /// Which documents stay.
    public enum Keep: Hashable, Sendable {
        case all
        /// Those with at least this score.
        case threshold(Double)
        case pareto(ParetoSelection)
    }

    /// Buckets of the histograms `score` and `score kept`: bucket b holds the scores from b/20.
    public static let bucketCount = 20

    public let name = "score"
    private let scorer: any DocumentScorer
    private let classIndex: Int
    private let field: String
    private let keep: Keep

    /// - Parameters:
    ///   - className: the class whose probability is the score; nil for `high` or `positive`, whichever the model has.
    ///   - field: where the score goes in `meta`; the best class goes to the same name with `-class`.
    /// - Throws: `InputError` (`.usage`) when the model has no such class.
    public init(
        _ scorer: any DocumentScorer, className: String? = nil, field: String = "quality", keep: Keep = .all
    ) throws {
        let names = className.map { [$0] } ?? ["high", "positive"]
        guard let index = names.lazy.compactMap({ scorer.labels.firstIndex(of: $0) }).first else {
            throw InputError(
                .usage, at: "class", "the model has no such class",
                expected: "one of \(scorer.labels.joined(separator: ", "))", found: className ?? "not given")
        }
        self.scorer = scorer
        self.field = field
        self.keep = keep
        classIndex = index
    }

    /// `score` in pipelines.
    public static let kind = StageKind(
        "score", "score documents by a quality model, and keep the good ones",
        settings: [
            StageSetting("model", "file", "of `corpus quality train`, or the folder of a fine-tuned classifier"),
            StageSetting("class", "name", "whose probability is the score (usual: high or positive)"),
            StageSetting("keep", "all|threshold|pareto", "which documents stay (usual: all)"),
            StageSetting("threshold", "0 to 1", "threshold: the least score that stays (usual: 0.5)"),
            StageSetting("alpha", "x", "pareto: keeps where a Pareto draw is above 1 − score (usual: 9)"),
            StageSetting("field", "name", "of `meta` that the score is written to (usual: quality)"),
        ]
    ) { settings in
        let path: String = try settings.required("model")
        let className: String? = try settings.value("class")
        let field = try settings.value("field", default: "quality")
        let rule = try settings.value("keep", default: "all")
        let threshold = try settings.value("threshold", default: 0.5)
        let alpha = try settings.value("alpha", default: 9.0)
        guard (0...1).contains(threshold) else {
            throw settings.outOfRange("threshold", expected: "0 to 1", found: "\(threshold)")
        }
        guard alpha > 0 else { throw settings.outOfRange("alpha", expected: "above 0", found: "\(alpha)") }
        let keep: Keep
        switch rule {
        case "all": keep = .all
        case "threshold": keep = .threshold(threshold)
        case "pareto": keep = .pareto(ParetoSelection(alpha: alpha, seed: settings.seed))
        default: throw settings.outOfRange("keep", expected: "all, threshold or pareto", found: rule)
        }
        do {
            return .document(
                try ScoreStage(
                    QualityModel.open(settings.input(path)), className: className, field: field, keep: keep))
        } catch var error as InputError where error.kind == .usage {
            error.location = "\(settings.location): \(error.location)"
            throw error
        }
    }

    public func makeWorker() throws -> any DocumentWorker { Worker(self, scorer.makeSession()) }

    private final class Worker: DocumentWorker {
        private let stage: ScoreStage
        private let session: any ScoringSession

        init(_ stage: ScoreStage, _ session: any ScoringSession) {
            self.stage = stage
            self.session = session
        }

        func process(_ document: inout Document, _ tally: inout StageTally) throws -> Verdict {
            let probabilities = try session.probabilities(of: [document.utf8])[0]
            let score = probabilities[stage.classIndex]
            document.meta[stage.field] = .float(score)
            document.meta[stage.field + "-class"] = .string(stage.scorer.labels[probabilities.mostProbable])
            let bucket = min(ScoreStage.bucketCount - 1, max(0, Int(score * Float(ScoreStage.bucketCount))))
            tally.record(bucket: bucket, in: "score")
            switch stage.keep {
            case .all: break
            case .threshold(let threshold) where Double(score) < threshold:
                return .remove(rule: "threshold", detail: "score \(score)")
            case .pareto(let selection) where !selection.keeps(id: document.id, score: Double(score)):
                return .remove(rule: "pareto", detail: "score \(score)")
            default: break
            }
            tally.record(bucket: bucket, in: "score kept")
            return .keep
        }
    }
}
