import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkText
import InkTraining

/// How alike two texts are, by the cosine of their vectors: sentence embeddings trained on pairs.
public struct TextSimilarity: TaskKind {
    public static let name = TaskName.similarity
    public static let head = HeadKind.none
    /// The losses compare the pairs of a batch with each other.
    public static let canSplitBatches = false

    /// What is minimised.
    public enum Objective: String, CaseIterable, Sendable {
        /// Pairs of a higher grade get a higher cosine than pairs of a lower one (CoSENT, Su 2022).
        case cosent
        /// Each text finds its partner among all second texts of the batch (Henderson et al. 2017).
        case multipleNegatives = "multiple-negatives"
    }

    public static let options = [
        TaskOption(
            "objective", default: "auto",
            "the loss: cosent for graded pairs, multiple-negatives for pairs that belong together; auto goes by the data",
            values: ["auto"] + Objective.allCases.map(\.rawValue)),
        TaskOption(
            "pooling", default: SentenceEmbedder.Pooling.mean.rawValue, "how tokens become one vector",
            values: SentenceEmbedder.Pooling.allCases.map(\.rawValue)),
        TaskOption("prefix", default: "", "text put before each text, such as \"query: \" for E5 models"),
    ]

    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 3e-5, batchSize: 64, epochs: 3, maxLength: 128,
            selection: .init("Spearman", higherIsBetter: true))
    }

    /// 1 / temperature of both losses.
    private static let scale: Float = 20

    public let objective: Objective
    public let pooling: SentenceEmbedder.Pooling
    public let prefix: String
    public var labels: [String] { [] }
    public var parameters: [String: String] {
        ["objective": objective.rawValue, "pooling": pooling.rawValue, "prefix": prefix]
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: TextSimilarity, train: TaskData<SimilarityExample>) {
        let options = try settings.optionValues()
        var train = try TextSimilarity.data(settings.train)
        let grades = Set(train.examples.map(\.score))
        let objective = Objective(rawValue: options["objective"]) ?? (grades.count > 1 ? .cosent : .multipleNegatives)
        switch objective {
        case .cosent:
            guard grades.count > 1 else {
                throw InputError(
                    at: settings.train.path, "all pairs have the same grade, so there is no order to learn",
                    expected: "pairs with different scores or labels",
                    remedy: "use --task-option objective=multiple-negatives for pairs that belong together")
            }
        case .multipleNegatives:
            // Only pairs that belong together can be told from the others of a batch.
            let middle = ((grades.min() ?? 0) + (grades.max() ?? 0)) / 2
            let all = train.examples.count
            if grades.count > 1 { train.examples.removeAll { $0.score <= middle } }
            if train.examples.count < all {
                train.notes.append("\(all - train.examples.count) pairs that do not belong together are left out")
            }
            guard settings.batchSize != 1 else {
                throw InputError(
                    .usage, at: "--batch-size", "leaves a pair nothing to be told from", expected: "2 or more",
                    found: "1",
                    remedy: "the other pairs of a batch are what a pair is told from")
            }
            train.notes += Self.sharedPartners(train.examples).map { [$0] } ?? []
        }
        return (
            TextSimilarity(
                objective: objective, pooling: .init(rawValue: options["pooling"]) ?? .mean, prefix: options["prefix"]),
            train
        )
    }

    /// What to tell of second texts that several pairs have: in one batch each is a wrong answer to the other's pair.
    private static func sharedPartners(_ examples: [SimilarityExample]) -> String? {
        var lines: [String: Int] = [:]
        var (count, first) = (0, 0)
        for example in examples where lines.updateValue(example.line, forKey: example.second) != nil {
            if count == 0 { first = example.line }
            count += 1
        }
        guard count > 0 else { return nil }
        return
            "\(count) pairs have the second text of an earlier pair, the first on line \(first): where both are in a batch, "
            + "the same text counts as right and as wrong"
    }

    private init(objective: Objective, pooling: SentenceEmbedder.Pooling, prefix: String) {
        self.objective = objective
        self.pooling = pooling
        self.prefix = prefix
    }

    /// A folder that was not trained here is taken with mean pooling and no prefix.
    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        let parameters = description?.parameters ?? [:]
        objective = try Self.parameter("objective", in: parameters, folder) ?? .cosent
        pooling = try Self.parameter("pooling", in: parameters, folder) ?? .mean
        prefix = parameters["prefix"] ?? ""
    }

    /// - Throws: `InputError` for a value that is not known: another would give other vectors.
    private static func parameter<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, in parameters: [String: String], _ folder: ModelFolder
    ) throws -> Value? {
        guard let text = parameters[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            throw InputError(
                at: "\(folder.url.appending(path: RunDescription.fileName).path): parameters.\(name)", "is not known",
                expected: Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "), found: "\"\(text)\"",
                remedy: "restore the file that the run wrote")
        }
        return value
    }

    private static func data(_ file: URL) throws -> TaskData<SimilarityExample> {
        let data = try SimilarityReader().read(contentsOf: file)
        return TaskData(data.examples, notes: data.oddities.map(\.description))
    }

    public func read(_ file: URL) throws -> TaskData<SimilarityExample> { try Self.data(file) }

    public func question(_ line: String, at location: String) throws -> SimilarityExample {
        let question = try TextQuestion(line, at: location, .pair)
        return SimilarityExample(first: question.text, second: question.pair ?? "", score: 0, line: 0)
    }

    public func texts(of example: SimilarityExample) -> [String] { [example.first, example.second] }
    public func line(of example: SimilarityExample) -> Int? { example.line }
    public func gold(of example: SimilarityExample) -> String { "\(example.score)" }

    // MARK: Model

    public func model(
        _ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope
    ) throws -> SentenceEmbedder {
        try SentenceEmbedder(config, pooling: pooling, scope)
    }

    public func encode(_ examples: [SimilarityExample], _ encoder: InputEncoder) throws -> [EncodedExample<Float>] {
        let first = try encoder.sequences(examples.map { prefix + $0.first })
        let second = try encoder.sequences(examples.map { prefix + $0.second })
        return examples.indices.map { index in
            var sequences = [first[index], second[index]]
            sequences[0].unread = UnreadTokens(first: first[index].unread.count, second: 0)
            sequences[1].unread = UnreadTokens(first: 0, second: second[index].unread.count)
            return EncodedExample(example: index, sequences: sequences, target: Float(examples[index].score))
        }
    }

    /// Unit vectors of the first and of the second texts of a batch, both [B, H].
    private func vectors(
        _ model: SentenceEmbedder, _ batch: [EncodedExample<Float>], _ pass: Pass
    ) throws -> (first: Tensor, second: Tensor) {
        let vectors = try model(
            EncoderInput(batch.map { $0.sequences[0] } + batch.map { $0.sequences[1] }), pass)
        return (pass.rows(vectors, 0..<batch.count), pass.rows(vectors, batch.count..<2 * batch.count))
    }

    public func loss(
        _ model: SentenceEmbedder, _ batch: [EncodedExample<Float>], _ pass: Pass
    ) throws -> BatchLoss {
        let (first, second) = try vectors(model, batch, pass)
        switch objective {
        case .cosent:
            return BatchLoss(
                loss: pass.orderingLoss(pass.rowDots(first, second), grades: batch.map(\.target), scale: Self.scale))
        case .multipleNegatives:
            let cosines = pass.matmul(first, second, transposeB: true)
            let labels = batch.indices.map { Int32($0) }
            return BatchLoss(
                pass.crossEntropy(pass.scale(cosines, by: Self.scale), labels: labels), labels: labels)
        }
    }

    public func outputs(
        _ model: SentenceEmbedder, _ batch: [EncodedExample<Float>], _ pass: Pass
    ) throws -> [TextSimilarityAnswer] {
        let (first, second) = try vectors(model, batch, pass)
        let cosines = pass.rowDots(first, second).values
        return batch.indices.map {
            TextSimilarityAnswer(cosine: cosines[$0], first: first.row($0), second: second.row($0))
        }
    }

    public func answer(
        _ example: SimilarityExample, _ encoded: ArraySlice<EncodedExample<Float>>,
        _ outputs: ArraySlice<TextSimilarityAnswer>
    ) -> TextSimilarityAnswer {
        outputs[outputs.startIndex]
    }

    // MARK: Measures

    public func isRight(_ answer: TextSimilarityAnswer, to example: SimilarityExample) -> Bool? { nil }

    /// Pairs of one grade have no order for a correlation: what counts is whether a text finds its partner.
    public func selection(on examples: [SimilarityExample]) -> TrainingOptions.Selection? {
        Set(examples.map(\.score)).count > 1 ? nil : .init("MRR", higherIsBetter: true)
    }

    public func evaluation(
        _ examples: [SimilarityExample], _ answers: [TextSimilarityAnswer]
    ) throws -> TaskEvaluation {
        let metrics = try SimilarityMetrics(
            gold: examples.map(\.score), predicted: answers.map { Double($0.cosine) })
        // Where all pairs belong together there is no order to follow, only partners to find.
        var measures: [TaskMetrics.Measure] = []
        var notes: [String] = []
        let graded = Set(examples.map(\.score)).count > 1
        let recall = try PartnerSearch(examples, answers)?.recall()
        if graded {
            // What differs by rounding alone has no order: a model that gives every pair one cosine would score by chance.
            let cosines = answers.map(\.cosine)
            let isFlat = (cosines.max() ?? 0) - (cosines.min() ?? 0) < 1e-6
            measures.append(.init("Spearman", isFlat ? 0 : metrics.spearman ?? 0))
            measures.append(.init("Pearson", isFlat ? 0 : metrics.pearson ?? 0))
            if isFlat { notes.append("all cosines are equal: there is no correlation, it counts as 0") }
        } else {
            measures.append(.init("MRR", recall?.meanReciprocalRank ?? 0))
            notes.append("all pairs have the same grade: there is no correlation to measure")
        }
        if let recall {
            measures += recall.recalls.map { .init("recall@\($0.cutoff)", $0.recall) }
            if graded { measures.append(.init("MRR", recall.meanReciprocalRank)) }
            notes.append("recall over \(recall.count) texts with a partner among all second texts")
            if recall.tied > 0 { notes.append(TieGroup.note(recall.tied, of: recall.count, "texts")) }
        }
        return TaskEvaluation(
            metrics: TaskMetrics(count: examples.count, measures: measures, notes: notes),
            mistakes: Self.mistakes(examples, answers))
    }

    /// Pairs whose rank by cosine is farthest from their rank by grade.
    private static func mistakes(_ examples: [SimilarityExample], _ answers: [TextSimilarityAnswer]) -> [Mistake] {
        let gold = SimilarityMetrics.ranks(examples.map(\.score))
        let found = SimilarityMetrics.ranks(answers.map { Double($0.cosine) })
        let worst = gold.indices.sorted { abs(gold[$0] - found[$0]) > abs(gold[$1] - found[$1]) }
        return worst.prefix(100).filter { gold[$0] != found[$0] }.map { index in
            let example = examples[index]
            return Mistake(
                text: "\(example.first) ‖ \(example.second)", gold: "\(example.score)",
                predicted: String(format: "cosine %.3f", answers[index].cosine), line: example.line)
        }
    }
}
