import Foundation
import InkTensor

/// A matrix in double precision with the operations in plain loops: what the engine's results are compared with.
struct ReferenceMatrix {
    let rows: Int
    let columns: Int
    var values: [Double]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        values = [Double](repeating: 0, count: rows * columns)
    }

    init(_ tensor: Tensor) {
        rows = tensor.rows
        columns = tensor.columns
        values = tensor.values.map(Double.init)
    }

    subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    var transposed: ReferenceMatrix {
        var result = ReferenceMatrix(rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns { result[column, row] = self[row, column] }
        }
        return result
    }

    static func * (a: ReferenceMatrix, b: ReferenceMatrix) -> ReferenceMatrix {
        var result = ReferenceMatrix(rows: a.rows, columns: b.columns)
        for row in 0..<a.rows {
            for column in 0..<b.columns {
                for inner in 0..<a.columns { result[row, column] += a[row, inner] * b[inner, column] }
            }
        }
        return result
    }

    /// LayerNorm of every row.
    func layerNorm(gamma: Tensor, beta: Tensor, epsilon: Double) -> ReferenceMatrix {
        var result = self
        for row in 0..<rows {
            let elements = values[row * columns..<(row + 1) * columns]
            let mean = elements.reduce(0, +) / Double(columns)
            let variance = elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
            for column in 0..<columns {
                let normalized = (self[row, column] - mean) / (variance + epsilon).squareRoot()
                result[row, column] = Double(gamma.values[column]) * normalized + Double(beta.values[column])
            }
        }
        return result
    }
}

func referenceSoftmax(_ scores: [Double]) -> [Double] {
    let largest = scores.max() ?? 0
    let powers = scores.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
}

func referenceActivation(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .relu: max(x, 0)
    case .gelu: x / 2 * (1 + erf(x / 2.0.squareRoot()))
    case .geluTanh: x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .silu: x / (1 + exp(-x))
    }
}
