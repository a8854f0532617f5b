import InkTestSupport

/// What the script that made a fixture says about its tensors.
struct ExpectedTensors: Decodable {
    struct Entry: Decodable {
        let name: String
        let type: String
        let shape: [Int]
        let sum: Double
        /// Σ x[i]·(i mod 7 + 1) in row-major order.
        let weightedSum: Double
        let first: [Double]?
        let values: [Double]?
    }

    let tensors: [Entry]

    static func read(_ path: String) throws -> [Entry] {
        try Fixture.json(ExpectedTensors.self, path).tensors
    }
}
