import Foundation
import InkSupport

/// Trains a `LinearClassifier` by stochastic gradient descent, one document a step.
///
/// Several threads hash the features ahead; the steps follow one another in a seeded order, so the weights are the
/// same for any number of threads.
public struct LinearTrainer: Sendable {
    /// How steps are sized.
    public enum Method: String, Sendable, CaseIterable {
        /// The rate falls in a straight line to 0, as fastText's does.
        case sgd
        /// Each weight has its own rate: the rate divided by the root of its summed squared gradients (Duchi et al.
        /// 2011).
        case adagrad
    }

    /// How to train.
    public struct Options: Hashable, Sendable {
        public var method: Method
        /// Rate of the first step; nil for 2 (`sgd`) or 0.1 (`adagrad`).
        public var learningRate: Double?
        /// Passes over the documents.
        public var epochs: Int
        public var seed: UInt64
        public var threads: Int

        public init(
            method: Method = .sgd, learningRate: Double? = nil, epochs: Int = 5, seed: UInt64 = 1,
            threads: Int = ProcessInfo.processInfo.activeProcessorCount
        ) {
            self.method = method
            self.learningRate = learningRate
            self.epochs = epochs
            self.seed = seed
            self.threads = threads
        }
    }

    public private(set) var classifier: LinearClassifier
    private let method: Method
    /// Summed squared gradients of the weights and then of the biases, for `adagrad`.
    private var squares: [Float]

    package init(_ classifier: LinearClassifier, method: Method = .sgd) {
        self.classifier = classifier
        self.method = method
        squares = method == .adagrad ? Array(repeating: 0, count: classifier.weights.count + classifier.columns) : []
    }

    /// A model of labelled documents.
    /// - Throws: `InputError` (`.usage`) for options out of range; (`.data`) when a class has no document.
    public static func train(
        _ sample: DocumentSample, labels: [String], features: FeatureHashing, options: Options = Options()
    ) throws -> LinearClassifier {
        let rate = options.learningRate ?? (options.method == .sgd ? 2 : 0.1)
        try NumberCheck.require(rate, in: 1e-9...1e9, at: "learning rate")
        try NumberCheck.require(options.epochs, in: 1...1000, at: "epochs")
        try sample.requireDocuments(of: labels)
        if options.method == .adagrad {
            let bytes = 4 * features.bucketCount * max(1, labels.count == 2 ? 1 : labels.count)
            try MemoryRoom.require(bytes, for: "the sums of adagrad", remedy: "give fewer --bits, or --method sgd")
        }
        var trainer = LinearTrainer(
            try LinearClassifier(labels: labels, features: features), method: options.method)
        let total = Float(sample.count) * Float(options.epochs)
        var done: Float = 0
        for epoch in 0..<options.epochs {
            let order = shuffled(sample.count, seed: Hash64.of(UInt64(epoch), seed: options.seed))
            try forEachHashed(sample, order, features, threads: options.threads) { buckets, label in
                let now = options.method == .sgd ? Float(rate) * (1 - done / total) : Float(rate)
                trainer.step(buckets, label: label, rate: now)
                done += 1
            }
        }
        guard [trainer.classifier.weights, trainer.classifier.bias].allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw InputError(
                .run, at: "training", "the weights have grown beyond all numbers",
                found: "a learning rate of \(rate)", remedy: "give a smaller one with --learning-rate")
        }
        return trainer.classifier
    }

    /// One step against the gradient of −log p(label).
    package mutating func step(_ buckets: ArraySlice<UInt32>, label: Int, rate: Float) {
        let probabilities = classifier.probabilities(of: buckets)
        let scale = LinearClassifier.scale(buckets.count)
        let columns = classifier.columns
        let biasStart = classifier.weights.count
        if columns == 1 {
            let error = probabilities[1] - (label == 1 ? 1 : 0)
            if method == .sgd {
                let change = rate * error * scale
                for bucket in buckets { classifier.weights[Int(bucket)] -= change }
                classifier.bias[0] -= rate * error
            } else {
                let gradient = error * scale
                for bucket in buckets {
                    classifier.weights[Int(bucket)] -= adapted(gradient, Int(bucket), rate)
                }
                classifier.bias[0] -= adapted(error, biasStart, rate)
            }
            return
        }
        let errors = probabilities.indices.map { probabilities[$0] - ($0 == label ? 1 : 0) }
        for bucket in buckets {
            let row = Int(bucket) * columns
            for column in 0..<columns {
                let gradient = errors[column] * scale
                classifier.weights[row + column] -=
                    method == .sgd ? rate * gradient : adapted(gradient, row + column, rate)
            }
        }
        for column in 0..<columns {
            classifier.bias[column] -=
                method == .sgd ? rate * errors[column] : adapted(errors[column], biasStart + column, rate)
        }
    }

    private mutating func adapted(_ gradient: Float, _ place: Int, _ rate: Float) -> Float {
        squares[place] += gradient * gradient
        return rate * gradient / (squares[place].squareRoot() + 1e-8)
    }

    /// Features of some documents, one after the other.
    private struct Hashed: Sendable {
        var buckets: [UInt32] = []
        var ends: [Int] = []
        var labels: [Int] = []
    }

    /// Documents that one thread hashes at a time.
    private static let documentsAtOnce = 256

    private static func forEachHashed(
        _ sample: DocumentSample, _ order: [Int], _ features: FeatureHashing, threads: Int,
        _ body: (ArraySlice<UInt32>, Int) throws -> Void
    ) throws {
        var start = 0
        try OrderedWork.run(
            threads: max(1, threads),
            next: {
                guard start < order.count else { return nil as ArraySlice<Int>? }
                let part = order[start..<min(start + documentsAtOnce, order.count)]
                start = part.endIndex
                return part
            },
            makeWorker: {},
            work: { places, _ in
                var hashed = Hashed()
                for place in places {
                    features.append(sample.utf8(place), to: &hashed.buckets)
                    hashed.ends.append(hashed.buckets.count)
                    hashed.labels.append(sample.labels[place])
                }
                return hashed
            },
            consume: { hashed in
                var begin = 0
                for (end, label) in zip(hashed.ends, hashed.labels) {
                    try body(hashed.buckets[begin..<end], label)
                    begin = end
                }
            })
    }

    private static func shuffled(_ count: Int, seed: UInt64) -> [Int] {
        var order = Array(0..<count)
        for place in stride(from: count - 1, to: 0, by: -1) {
            // The product's high word: a number below place + 1.
            let random = Hash64.of(UInt64(place), seed: seed)
            order.swapAt(place, Int(random.multipliedFullWidth(by: UInt64(place + 1)).high))
        }
        return order
    }
}
