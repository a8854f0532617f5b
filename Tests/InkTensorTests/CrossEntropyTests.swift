import Foundation
import InkTensor
import InkTestSupport
import Testing

@Suite("Softmax and cross-entropy")
struct CrossEntropyTests {
    static let labels: [Int32] = [2, -100, 0, 6, -100, 6]

    @Test("Softmax values", arguments: [(1, 1), (5, 7), (3, 131)])
    func softmax(rows: Int, columns: Int) {
        for deviation in [Float(1), 40] {
            let x = Tensor.random([rows, columns], seed: 1, deviation: deviation)
            let result = Pass.inference().softmax(x)
            for row in 0..<rows {
                expectClose(result.row(row), referenceSoftmax(x.row(row).map(Double.init)), tolerance: 2e-6)
            }
        }
    }

    @Test("Softmax gradients")
    func softmaxGradients() {
        GradientCheck().run([.random([5, 9], seed: 1)]) { $0.softmax($1[0]) }
    }

    @Test("Loss, losses of the rows and probabilities", arguments: [Float(1), 60])
    func values(deviation: Float) {
        let logits = Tensor.random([6, 7], seed: 2, deviation: deviation)
        let result = Pass.inference().crossEntropy(logits, labels: Self.labels)
        var (losses, probabilities): ([Double], [Double]) = ([], [])
        for (row, label) in Self.labels.enumerated() {
            let scores = logits.row(row).map(Double.init)
            let largest = scores.max() ?? 0
            let logSum = largest + log(scores.reduce(0) { $0 + exp($1 - largest) })
            losses.append(label == -100 ? 0 : logSum - scores[Int(label)])
            probabilities.append(contentsOf: referenceSoftmax(scores))
        }
        expectClose(result.rowLosses, losses, tolerance: 2e-6)
        expectClose([result.loss.scalar], [losses.reduce(0, +) / 4], tolerance: 2e-6)
        expectClose(result.probabilities, probabilities, tolerance: 2e-6)
    }

    @Test("Gradients with ignored rows")
    func gradients() {
        GradientCheck().run([.random([6, 7], seed: 3)]) { $0.crossEntropy($1[0], labels: Self.labels).loss }
        GradientCheck().run([.random([6, 7], seed: 3)]) {
            $0.crossEntropy($1[0], labels: Self.labels.map { $0 == -100 ? 5 : $0 }, ignoreIndex: 6).loss
        }
    }

    @Test("The gradient goes on from the loss")
    func scaledLoss() {
        GradientCheck().run([.random([6, 5], seed: 4, deviation: 0.5), .random([7, 5], seed: 5)]) {
            let loss = $0.crossEntropy($0.linear($1[0], weight: $1[1], bias: nil), labels: Self.labels).loss
            return $0.scale(loss, by: 2.5)
        }
    }

    @Test("All rows ignored: no loss and no gradient")
    func allIgnored() {
        let logits = Tensor.random([3, 4], seed: 1).trainable()
        let pass = Pass.recording()
        let result = pass.crossEntropy(logits, labels: [-100, -100, -100])
        #expect(result.loss.scalar == 0)
        pass.backward(from: result.loss)
        #expect(logits.gradient?.values == [Float](repeating: 0, count: 12))
    }

    @Test("Weights of classes: the mean by weight, and its gradient")
    func classWeights() {
        let weights: [Float] = [0.5, 2, 1, 3, 0.25, 1.5, 4]
        let logits = Tensor.random([6, 7], seed: 2)
        let plain = Pass.inference().crossEntropy(logits, labels: Self.labels)
        let weighted = Pass.inference().crossEntropy(logits, labels: Self.labels, classWeights: weights)
        let known = Self.labels.indices.filter { Self.labels[$0] != -100 }
        let shares = known.map { Double(weights[Int(Self.labels[$0])]) }
        let sum = zip(known, shares).reduce(0) { $0 + $1.1 * Double(plain.rowLosses[$1.0]) }
        expectClose([weighted.loss.scalar], [sum / shares.reduce(0, +)], tolerance: 2e-6)
        #expect(weighted.rowLosses == plain.rowLosses)
        let ones = [Float](repeating: 1, count: 7)
        let same = Pass.inference().crossEntropy(logits, labels: Self.labels, classWeights: ones)
        expectClose([same.loss.scalar], [Double(plain.loss.scalar)], tolerance: 1e-6)
        GradientCheck().run([.random([6, 7], seed: 3)]) {
            $0.crossEntropy($1[0], labels: Self.labels, classWeights: weights).loss
        }
    }

    @Test("Weights of the yes of each column, and their gradient")
    func positiveWeights() {
        let weights: [Float] = [3, 0.5]
        let targets: [Float] = [1, 0, 0, 1, 1, 1]
        let logits = Tensor([0.5, -1, 2, 0.25, -3, 1.5], shape: [3, 2])
        let loss = Pass.inference().binaryCrossEntropy(logits, targets: targets, positiveWeights: weights).loss
        // log σ(x) as it is written down.
        var sum = 0.0
        for (index, target) in targets.enumerated() {
            let yes = 1 / (1 + exp(-Double(logits.values[index])))
            sum -= target == 1 ? Double(weights[index % 2]) * log(yes) : log(1 - yes)
        }
        expectClose([loss.scalar], [sum / 6], tolerance: 2e-6)
        GradientCheck().run([logits]) {
            $0.binaryCrossEntropy($1[0], targets: targets, positiveWeights: weights).loss
        }
    }
}
