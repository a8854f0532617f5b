import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkTraining

/// Which of several texts answers a question: each pair of both is classified, the probability ranks.
public struct CandidateRanking: TaskKind {
    public static let name = TaskName.retrieval
    public static let head = HeadKind.sequenceClassification
    public static let problemType: String? = "single_label_classification"

    /// The settings of tasks on pairs of sentences.
    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 3e-5, batchSize: 32, epochs: 3, maxLength: 128,
            selection: .init("MRR", higherIsBetter: true))
    }

    /// The second class is the relevant one.
    public let labels: [String]

    private init(labels: [String]) { self.labels = labels }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        labels = try TaskHead(Self.head, of: folder.config).labels(folder)
        guard labels.count == 2 else {
            throw folder.configFile.error(
                "id2label", "is not for ranking", expected: "two classes, the second one for relevant texts",
                found: "\(labels.count)")
        }
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: CandidateRanking, train: TaskData<RetrievalExample>) {
        let kind = CandidateRanking(labels: ["not relevant", "relevant"])
        let data = try kind.read(settings.train)
        let relevances = Set(data.examples.lazy.flatMap(\.candidates).map(\.isRelevant))
        guard relevances.count == 2 else {
            throw InputError(
                at: settings.train.path,
                relevances.contains(true) ? "every candidate is relevant" : "no candidate is relevant",
                expected: "relevant candidates and others")
        }
        return (kind, data)
    }

    public func read(_ file: URL) throws -> TaskData<RetrievalExample> {
        let data = try RetrievalReader().read(contentsOf: file)
        return TaskData(data.examples, notes: data.oddities.map(\.description))
    }

    public func question(_ line: String, at location: String) throws -> RetrievalExample {
        let record = try JSONQuestion.record(line, at: location, form: #"{"question": "…", "candidates": ["…", "…"]}"#)
        let field = try record.required("candidates", "answers", "passages")
        let candidates = try field.elements().map { candidate in
            RetrievalExample.Candidate(
                text: try (candidate.isObject ? candidate.required("text", "answer", "passage") : candidate).string(),
                relevance: 0, line: record.line)
        }
        guard !candidates.isEmpty else { throw InputError(at: field.location, "there is no candidate") }
        return RetrievalExample(
            question: try record.required("question", "query").string(), candidates: candidates, line: record.line)
    }

    public func texts(of example: RetrievalExample) -> [String] { [example.question] + example.candidates.map(\.text) }
    public func line(of example: RetrievalExample) -> Int? { example.line }

    public func gold(of example: RetrievalExample) -> String {
        example.candidates.filter(\.isRelevant).map(\.text).joined(separator: " | ")
    }

    // MARK: Model

    public func model(
        _ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope
    ) throws -> SequenceClassifier {
        try SequenceClassifier(config, classCount: 2, headDropout: headDropout, scope)
    }

    /// One input for each candidate.
    public func encode(_ examples: [RetrievalExample], _ encoder: InputEncoder) throws -> [EncodedExample<Int32>] {
        let pairs = examples.enumerated().flatMap { index, example in
            example.candidates.map { (example: index, question: example.question, candidate: $0) }
        }
        let sequences = try encoder.sequences(pairs.map(\.question), pairs: pairs.map(\.candidate.text))
        return zip(pairs, sequences).map { pair, sequence in
            EncodedExample(
                example: pair.example, sequences: [sequence], target: pair.candidate.isRelevant ? 1 : 0)
        }
    }

    private func crossEntropy(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> CrossEntropy {
        pass.crossEntropy(try model(EncoderInput(batch), pass), labels: batch.map(\.target))
    }

    public func loss(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> BatchLoss {
        BatchLoss(try crossEntropy(model, batch, pass), labels: batch.map(\.target))
    }

    public func outputs(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> [ClassProbabilities] {
        ClassProbabilities.rows(try crossEntropy(model, batch, pass), labels: batch.map(\.target))
    }

    public func answer(
        _ example: RetrievalExample, _ encoded: ArraySlice<EncodedExample<Int32>>,
        _ outputs: ArraySlice<ClassProbabilities>
    ) -> RankedCandidates {
        RankedCandidates(example.candidates.map(\.text), outputs.map { $0.values[1] })
    }

    // MARK: Measures

    /// Whether the first candidate is relevant.
    public func isRight(_ answer: RankedCandidates, to example: RetrievalExample) -> Bool? {
        answer.candidates.first.map { example.candidates[$0.index].isRelevant }
    }

    public func evaluation(_ examples: [RetrievalExample], _ answers: [RankedCandidates]) throws -> TaskEvaluation {
        let scores = answers.map { answer in
            answer.candidates.sorted { $0.index < $1.index }.map { Double($0.probability) }
        }
        let ranking = try RankingMetrics(
            scores: scores, relevant: examples.map { $0.candidates.map(\.isRelevant) })
        var notes: [String] = []
        if let first = ranking.tied.first {
            notes.append(
                TieGroup.note(ranking.tied.count, of: ranking.count, "questions")
                    + "; the first on line \(examples[first].line)")
        }
        let metrics = TaskMetrics(
            count: examples.count,
            measures: [
                .init("MRR", ranking.meanReciprocalRank), .init("MAP", ranking.meanAveragePrecision),
                .init("F1", ranking.relevant.f1),
            ] + ranking.hits.map { .init("hit@\($0.cutoff)", $0.rate) },
            scores: [.init(labels[1], ranking.relevant)],
            notes: notes)
        let mistakes = zip(examples, answers).compactMap { example, answer -> Mistake? in
            // Of equal scores the wrong one counts: the order of the file must not decide.
            let best = answer.candidates.prefix { $0.probability == answer.candidates.first?.probability }
            guard let wrong = best.first(where: { !example.candidates[$0.index].isRelevant }),
                example.candidates.contains(where: \.isRelevant)
            else { return nil }
            return Mistake(
                text: example.question, gold: gold(of: example), predicted: wrong.text,
                probability: Double(wrong.probability), line: example.line)
        }
        return TaskEvaluation(
            metrics: metrics, mistakes: mistakes.sorted { ($0.probability ?? 0) > ($1.probability ?? 0) })
    }
}
