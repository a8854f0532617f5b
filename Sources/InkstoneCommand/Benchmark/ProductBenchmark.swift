import Foundation
import InkTensor

/// Speed of matrix products as models use them: activations [rows, inner] times a packed weight.
enum ProductBenchmark {
    struct Size: Sendable {
        /// Tokens of the batch.
        let rows: Int
        let inner: Int
        let columns: Int

        var description: String { "\(rows)×\(inner)×\(columns)" }
        var operations: Double { 2 * Double(rows) * Double(inner) * Double(columns) }
    }

    /// A training batch, a batch of titles and one title, in nano and base.
    static let sizes = [
        Size(rows: 2560, inner: 312, columns: 1248), Size(rows: 2560, inner: 1248, columns: 312),
        Size(rows: 640, inner: 768, columns: 3072), Size(rows: 640, inner: 3072, columns: 768),
        Size(rows: 20, inner: 312, columns: 1248), Size(rows: 20, inner: 768, columns: 3072),
    ]

    /// The median speed in GFLOP/s over about `seconds`.
    static func measure(_ size: Size, seconds: Double) -> Double {
        let x = Tensor(repeating: 0.5, shape: [size.rows, size.inner])
        let weight = PackedMatrix(Tensor(repeating: 0.25, shape: [size.columns, size.inner]))
        let pass = Pass.inference()
        var times: [Double] = []
        var total = 0.0
        while total < seconds || times.count < 5 {
            let start = Stopwatch.now()
            _ = pass.linear(x, packed: weight, bias: nil)
            times.append(Stopwatch.now() - start)
            total += times[times.count - 1]
        }
        return size.operations / Stopwatch.median(times) / 1e9
    }
}
