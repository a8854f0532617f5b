import InkTensor
import InkTraining

/// Probabilities of the classes of one input.
public struct ClassProbabilities: TaskOutput {
    /// One for each class; together 1.
    public let values: [Float]
    /// −log p(right class); nil where it is not known.
    public let loss: Float?

    /// Label of the cross-entropy for a class id; −1 stands for a class that is not known.
    static func target(_ id: Int) -> Int32 { id < 0 ? -100 : Int32(id) }

    static func rows(_ result: CrossEntropy, labels: [Int32]) -> [ClassProbabilities] {
        labels.indices.map { row in
            ClassProbabilities(
                values: result.probabilities.row(row), loss: labels[row] < 0 ? nil : result.rowLosses[row])
        }
    }
}

extension BatchLoss {
    /// The mean of the rows, and how many have their label alone on top.
    init(_ result: CrossEntropy, labels: [Int32]) {
        self.init(
            loss: result.loss,
            correct: labels.enumerated().count { row, label in
                guard label >= 0 else { return false }
                let probabilities = result.probabilities.row(row)
                let best = probabilities.max()
                return probabilities[Int(label)] == best && probabilities.count { $0 == best } == 1
            })
    }
}
