import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTasks
import InkTensor
import InkText

/// One timed piece of work over and over, each time on the next titles.
struct BenchmarkStep {
    /// The timed part; gives the number of real tokens.
    typealias Work = () throws -> Int

    /// Titles of one step.
    let titles: Int
    /// Does what is not timed.
    let prepare: () throws -> Work

    /// Makes the step of a request: data, tokenizer, and a model of random weights.
    /// - Throws: `InputError` when a file cannot be used.
    init(_ request: BenchmarkRequest) throws {
        let titles = try BenchmarkTitles(contentsOf: request.titles)
        let tokenizer = try BertTokenizer(vocabulary: Vocabulary(contentsOf: URL(filePath: request.vocab)))
        switch request.measure {
        case .finetune: self = try Self.fineTuning(request.requiredShape(), titles, tokenizer)
        case .latency: self = try Self.prediction(request.requiredShape(), titles, tokenizer, size: 1)
        case .throughput:
            self = try Self.prediction(
                request.requiredShape(), titles, tokenizer, size: BenchmarkRequest.titlesAtOnce)
        case .tokenize:
            let tokenizer = try request.tokenizer.map { try Tokenizers.open(URL(filePath: $0)) } ?? tokenizer
            self = Self.tokenizing(request, titles) {
                try tokenizer.encodePacked($0, maxLength: BenchmarkRequest.maxLength, threads: request.threads).ids
                    .count
            }
        case .tokenizeOffsets:
            self = Self.tokenizing(request, titles) {
                try tokenizer.encodeBatch($0, maxLength: BenchmarkRequest.maxLength, threads: request.threads)
                    .reduce(0) { $0 + $1.count }
            }
        case .segment:
            guard let dictionary = request.dictionary else {
                throw InputError(.usage, at: "dictionary", "is missing", expected: "a dictionary in jieba's format")
            }
            let segmenter = WordSegmenter(dictionary: try WordDictionary(contentsOf: URL(filePath: dictionary)))
            self = Self.tokenizing(request, titles) {
                segmenter.words(of: $0, threads: request.threads).reduce(0) { $0 + $1.count }
            }
        }
    }

    private init(titles: Int, prepare: @escaping () throws -> Work) {
        self.titles = titles
        self.prepare = prepare
    }

    private static func model(
        _ shape: ModelShape, _ titles: BenchmarkTitles, _ tokenizer: BertTokenizer, _ use: ParameterSource.Use
    ) throws -> (SequenceClassifier, [Parameter]) {
        let config = shape.config(vocabularySize: tokenizer.vocabulary.count)
        let source = config.parameterSource(use: use, seed: 1)
        let model = try SequenceClassifier(config, classCount: max(titles.labelCount, 2), .init(source))
        return (model, source.parameters)
    }

    private static func sequences(_ encodings: PackedEncodings) -> [[Int32]] {
        (0..<encodings.count).map { Array(encodings[$0]) }
    }

    private static func fineTuning(
        _ shape: ModelShape, _ titles: BenchmarkTitles, _ tokenizer: BertTokenizer
    ) throws -> BenchmarkStep {
        let (model, parameters) = try model(shape, titles, tokenizer, .training)
        let optimizer = Optimizer(parameters, rule: .adamW(), weightDecay: 0.01, clipping: .globalNorm(1))
        let size = BenchmarkRequest.trainingBatch(shape)
        var step = 0
        return BenchmarkStep(titles: size) {
            let (texts, labels) = titles.take(size)
            let input = EncoderInput(
                sequences(try tokenizer.encodePacked(texts, maxLength: BenchmarkRequest.maxLength)))
            return {
                let pass = Pass.training(seed: 1, step: step)
                pass.backward(from: pass.crossEntropy(try model(input, pass), labels: labels).loss)
                optimizer.step(learningRate: 5e-5)
                step += 1
                return input.tokens
            }
        }
    }

    private static func prediction(
        _ shape: ModelShape, _ titles: BenchmarkTitles, _ tokenizer: BertTokenizer, size: Int
    ) throws -> BenchmarkStep {
        let (model, _) = try model(shape, titles, tokenizer, .inference)
        return BenchmarkStep(titles: size) {
            let texts = titles.take(size).texts
            return {
                let encodings = try tokenizer.encodePacked(texts, maxLength: BenchmarkRequest.maxLength, threads: 1)
                let pass = Pass.inference()
                _ = pass.softmax(try model(EncoderInput(sequences(encodings)), pass)).values
                return encodings.ids.count
            }
        }
    }

    private static func tokenizing(
        _ request: BenchmarkRequest, _ titles: BenchmarkTitles, _ count: @escaping ([String]) throws -> Int
    ) -> BenchmarkStep {
        let size = max(1, request.batch ?? 1000)
        return BenchmarkStep(titles: size) {
            let texts = titles.take(size).texts
            return { try count(texts) }
        }
    }
}
