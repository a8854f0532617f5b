#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs the main kernels of every instruction set on this processor against plain loops in double precision.
public struct SelfCheck: Sendable, Codable {
    /// One kernel of one instruction set.
    public struct Finding: Sendable, Codable {
        /// Such as `avx2`.
        public let instructionSet: String
        /// What was computed.
        public let kernel: String
        /// Largest difference to the result in double precision.
        public let error: Double
        /// What the difference may be.
        public let tolerance: Double
        /// Whether the error is within the tolerance.
        public var passed: Bool { error <= tolerance }
    }

    /// One for each kernel of each instruction set.
    public let findings: [Finding]
    /// Whether all findings passed.
    public var passed: Bool { findings.allSatisfy(\.passed) }

    /// Checks every supported set, and returns to the one in use. No other work may run in the process meanwhile.
    public static func run() -> SelfCheck {
        let current = Parallelism.instructionSet
        defer { _ = Parallelism.select(current) }
        let findings = Parallelism.supportedInstructionSets.flatMap { set in
            Parallelism.select(set) ? checks.map { $0(set) } : []
        }
        return SelfCheck(findings: findings)
    }

    private static let checks: [@Sendable (String) -> Finding] = [product, softmax, layerNorm, gelu, attention]

    /// Odd sizes, so that the ends of vectors and panels take part.
    private static let rows = 37
    private static let columns = 53

    private static func sample(_ shape: Shape, stream: UInt64) -> Tensor {
        var random = RandomNumbers(seed: 7, stream: stream)
        return Tensor(random.normal(count: shape.count, deviation: 1), shape: shape)
    }

    private static func finding(
        _ set: String, _ kernel: String, _ result: Tensor, tolerance: Double, _ expected: [Double]
    ) -> Finding {
        let errors = zip(result.values, expected).map { abs(Double($0) - $1) }
        // A NaN compares with nothing, so it is looked for by itself.
        let worst = errors.contains(where: \.isNaN) ? .infinity : errors.max() ?? .infinity
        return Finding(instructionSet: set, kernel: kernel, error: worst, tolerance: tolerance)
    }

    private static func doubles(_ tensor: Tensor, row: Int) -> [Double] { tensor.row(row).map(Double.init) }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    private static func product(_ set: String) -> Finding {
        let inner = 129
        let (x, weight) = (sample([rows, inner], stream: 1), sample([columns, inner], stream: 2))
        let bias = sample([columns], stream: 3)
        let result = Pass.inference().linear(x, weight: weight, bias: bias)
        let weights = (0..<columns).map { doubles(weight, row: $0) }
        let biases = bias.values.map(Double.init)
        let expected = (0..<rows).flatMap { row in
            let values = doubles(x, row: row)
            return zip(weights, biases).map { dot(values, $0) + $1 }
        }
        return finding(set, "product", result, tolerance: 1e-4, expected)
    }

    private static func softmax(_ values: [Double]) -> [Double] {
        let largest = values.max() ?? 0
        let powers = values.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    private static func softmax(_ set: String) -> Finding {
        let x = sample([rows, columns], stream: 4)
        let expected = (0..<rows).flatMap { softmax(doubles(x, row: $0)) }
        return finding(set, "softmax", Pass.inference().softmax(x), tolerance: 1e-6, expected)
    }

    private static func layerNorm(_ set: String) -> Finding {
        let (x, gamma, beta) = (
            sample([rows, columns], stream: 5), sample([columns], stream: 6), sample([columns], stream: 7)
        )
        let result = Pass.inference().layerNorm(x, gamma: gamma, beta: beta, epsilon: 1e-12)
        let expected = (0..<rows).flatMap { row in
            let values = doubles(x, row: row)
            let mean = values.reduce(0, +) / Double(columns)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
            return values.indices.map { column in
                (values[column] - mean) / variance.squareRoot() * Double(gamma.values[column])
                    + Double(beta.values[column])
            }
        }
        return finding(set, "layer norm", result, tolerance: 1e-5, expected)
    }

    private static func gelu(_ set: String) -> Finding {
        let x = sample([rows, columns], stream: 8)
        let expected = x.values.map { Double($0) / 2 * (1 + erf(Double($0) / 2.0.squareRoot())) }
        return finding(set, "GELU", Pass.inference().activate(x, .gelu), tolerance: 2e-6, expected)
    }

    private static func attention(_ set: String) -> Finding {
        let (heads, hidden) = (2, 26)
        let layout = SequenceLayout(lengths: [1, 19, 17])
        let qkv = sample([layout.tokens, 3 * hidden], stream: 9)
        let result = Pass.inference().selfAttention(qkv: qkv, layout: layout, options: AttentionOptions(heads: heads))
        let table = (0..<layout.tokens).map { doubles(qkv, row: $0) }
        let size = hidden / heads
        var expected = [Double](repeating: 0, count: layout.tokens * hidden)
        for sequence in 0..<layout.count {
            let tokens = layout.rows(of: sequence)
            for head in 0..<heads {
                func part(_ token: Int, _ number: Int) -> [Double] {
                    let start = number * hidden + head * size
                    return Array(table[token][start..<start + size])
                }
                for query in tokens {
                    let scores = tokens.map { dot(part(query, 0), part($0, 1)) / Double(size).squareRoot() }
                    for (weight, key) in zip(softmax(scores), tokens) {
                        for (column, value) in part(key, 2).enumerated() {
                            expected[query * hidden + head * size + column] += weight * value
                        }
                    }
                }
            }
        }
        return finding(set, "attention", result, tolerance: 1e-5, expected)
    }
}
